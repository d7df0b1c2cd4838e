"""What the site shows of the repository beside docs/: recipes as pages, and the files that results were written from.

Pages link to files outside docs/ as a reader of the repository would (`../recipes/translate.yaml`); on the site such
a link leads to a page. MkDocs calls these functions by their names.
"""

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
_RECIPE_LINK = re.compile(r"\]\(\.\./((?:\.\./)*recipes/[\w/-]+)\.yaml\)")


def on_files(files: Files, *, config: Any) -> Files:
    """Add a page for each shipped recipe, and one that lists the files below results/."""
    for path in sorted((ROOT / "recipes").rglob("*.yaml")):
        name = path.relative_to(ROOT / "recipes").with_suffix("").as_posix()
        schema, _, text = path.read_text(encoding="utf-8").partition("\n")
        if not schema.startswith("# yaml-language-server"):
            text = f"{schema}\n{text}"
        page = f"# {name}\n\n```sh\nseqtasks run {name}\n```\n\n```yaml\n{text}```\n"
        files.append(File.generated(config, f"recipes/{name}.md", content=page))
    folder = Path(config.docs_dir) / "results"
    links = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.json*"))]
    listing = "\n".join(f"- [{link}]({link})" for link in links)
    files.append(File.generated(config, "results/index.md", content=f"# Files of results\n\n{listing}\n"))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Lead links to recipes and to the folder of results to their pages."""
    return _RECIPE_LINK.sub(r"](\1.md)", markdown).replace("](results/)", "](results/index.md)")
