# Two commands do everything on a fresh machine with Python 3.11+ and make:
#   make run     makes .venv, trains recipes/translate.yaml and writes its report
#   make test    makes .venv and passes the tests
RECIPE ?= recipes/translate.yaml
PYTHON ?= python3
BIN := .venv/bin

# pip is given its constraints, so what was tested is what is installed.
.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 15) else "seqtasks needs Python 3.11 to 3.14; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

.PHONY: run test slow check docs bench clean
run: .venv/installed
	$(BIN)/seqtasks run $(RECIPE) $(ARGS)

test: .venv/installed
	$(BIN)/python -m pytest

# Kills, fuzzing and a million lines: half an hour, with figures at its end (docs/reliability.md).
slow: .venv/installed
	$(BIN)/python -m pytest -m slow

check: .venv/installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# The documentation site, into site/; a broken link is an error. Open site/index.html, or serve it to search in it:
# python -m http.server --directory site
docs: .venv/installed
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --config-file .mkdocs.yml

# The quick ones; benchmarks/README.md has all of them.
bench: .venv/installed
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/cells.py --rounds 3
	$(BIN)/python benchmarks/data_scale.py --pairs 100000

clean:
	rm -rf .venv site
