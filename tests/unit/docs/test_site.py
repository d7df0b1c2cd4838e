"""The site: built strictly, complete in itself."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LOADED = re.compile(r"""<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)=["']?((?:https?:)?//[^"'\s>]+)""")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-f", ".mkdocs.yml", "-d", str(folder)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
    built = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


def test_pages_load_nothing_from_other_hosts(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        assert not LOADED.findall(page.read_text(encoding="utf-8")), page
    for style in site.rglob("*.css"):
        assert "url(http" not in style.read_text(encoding="utf-8"), style


def test_links_and_pictures_lead_to_files(site):
    for page in site.rglob("*.html"):
        if page.name == "404.html":  # its links begin at the root of the host
            continue
        for link in re.findall(r"""\b(?:href|src)="([^"#?]+)""", page.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:", link):
                assert (page.parent / link).resolve().exists(), (page.name, link)


def test_recipes_have_pages_and_the_library_its_names(site):
    assert "tokens_per_batch" in (site / "recipes/translate.html").read_text(encoding="utf-8")
    library = (site / "library.html").read_text(encoding="utf-8")
    for name in ("seqtasks.backbone.RNN", "seqtasks.heads.CRFTaggingHead", "seqtasks.predictor.load"):
        assert f'id="{name}"' in library


def test_pictures_are_few_and_small():
    pictures = list((ROOT / "docs/pictures").iterdir())
    assert 0 < len(pictures) <= 8
    assert all(picture.stat().st_size < 100_000 for picture in pictures)
