"""What the site shows of the repository beside docs/: recipes, benchmarks and changes as pages, and files of results.

Pages link to files outside docs/ as a reader of the repository would (`../recipes/translate.yaml`); on the site such
a link leads to a page. MkDocs calls these functions by their names.
"""

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

from seqtasks.cli.shipped import shipped_recipes, summary

_EDITOR_LINE = re.compile(r"^# yaml-language-server.*\n")
_RECIPE_LINK = re.compile(r"\]\(\.\./((?:\.\./)*recipes/[\w/-]+)\.yaml\)")


def on_files(files: Files, *, config: Any) -> Files:
    """Add a page for each shipped recipe and one that lists them, benchmarks, changes, and the list of result files."""
    recipes = shipped_recipes()
    for name, path in recipes.items():
        text = _EDITOR_LINE.sub("", path.read_text(encoding="utf-8"))
        page = f"# {name}\n\n```sh\nseqtasks run {name}\n```\n\n```yaml\n{text}```\n"
        files.append(File.generated(config, f"recipes/{name}.md", content=page))
    rows = "".join(f"| [{name}]({name}.md) | {summary(path)} |\n" for name, path in recipes.items())
    page = f"# Shipped recipes\n\n`seqtasks recipes list` prints them.\n\n| recipe | what it does |\n|---|---|\n{rows}"
    files.append(File.generated(config, "recipes/list.md", content=page))
    root = Path(config.docs_dir).parent
    for name, source in (("benchmarks.md", "benchmarks/README.md"), ("changes.md", "CHANGELOG.md")):
        text = (root / source).read_text(encoding="utf-8")
        files.append(File.generated(config, name, content=text.replace("](../docs/", "](").replace("](docs/", "](")))
    folder = Path(config.docs_dir) / "results"
    links = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.json*"))]
    listing = "\n".join(f"- [{link}]({link})" for link in links)
    files.append(File.generated(config, "results/index.md", content=f"# Files of results\n\n{listing}\n"))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Lead links to recipes and to the folder of results to their pages."""
    return _RECIPE_LINK.sub(r"](\1.md)", markdown).replace("](results/)", "](results/index.md)")
