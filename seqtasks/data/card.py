"""`Card`: what is known of a data set beside its rows, for the report and for whoever quotes a score."""

import re
from dataclasses import dataclass
from pathlib import Path

import huggingface_hub

from seqtasks.data import catalog
from seqtasks.recipe.blocks import DatasetBlock

_BIBTEX = re.compile(r"^```\w*\s*\n(@.*?)^```", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^# +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Card:
    """Title, licence, citation, home page and languages (ISO 639); None or empty where the source does not say."""

    title: str | None = None
    licence: str | None = None
    citation: str | None = None
    homepage: str | None = None
    languages: tuple[str, ...] = ()


def read_card(block: DatasetBlock) -> Card:
    """The card of a source that was loaded before: of the catalog, or from its README. Needs no network."""
    if block.path.startswith("catalog/"):
        entry = catalog.describe(block.path.removeprefix("catalog/"))
        return Card(entry.title, entry.licence, entry.citation, entry.homepage)
    if Path(block.path).is_dir():
        return _read_readme(Path(block.path) / "README.md", homepage=None)
    if block.data_files is not None and "/" not in block.path:
        return Card()
    readme = huggingface_hub.try_to_load_from_cache(
        block.path, "README.md", repo_type="dataset", revision=block.revision
    )
    homepage = f"https://huggingface.co/datasets/{block.path}"
    return _read_readme(Path(readme), homepage=homepage) if isinstance(readme, str) else Card(homepage=homepage)


def _read_readme(path: Path, *, homepage: str | None) -> Card:
    if not path.is_file():
        return Card(homepage=homepage)
    readme = huggingface_hub.DatasetCard.load(path, ignore_metadata_errors=True)
    heading, bibtex = _HEADING.search(readme.text), _BIBTEX.search(readme.text)
    licence, language = readme.data.license, readme.data.language
    return Card(
        title=readme.data.pretty_name or (heading.group(1).strip() if heading else None),
        licence=", ".join(licence) if isinstance(licence, list) else licence,
        citation=bibtex.group(1).strip() if bibtex else None,
        homepage=homepage,
        languages=tuple(code for code in _list(language) if isinstance(code, str)),  # YAML reads `no` as False
    )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
