import pytest
from tiny_tasks import seqtasks

from seqtasks.gradients.cells import VARIANTS


@pytest.mark.parametrize("task", ["classification", "captioning", "translation"])
def test_table_and_page(task, home, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = seqtasks("gradients", home / f"{task}.yaml", "--steps", 2)
    assert result.exit_code == 0, result.output
    for title in ("at initialisation", "after 2 optimizer steps"):
        assert title in result.stdout
    assert sum(line.startswith("│ ") for line in result.stdout.splitlines()) == 2 * len(VARIANTS)
    assert "page: gradients.html" in result.stdout
    page = (tmp_path / "gradients.html").read_text(encoding="utf-8")
    assert all(variant.name in page for variant in VARIANTS)
    assert "--steps 2" in page


def test_a_page_is_not_overwritten_unless_asked(home, tmp_path):
    path = tmp_path / "pages" / "mine.html"
    arguments = ("gradients", home / "classification.yaml", "--output", path)
    assert seqtasks(*arguments).exit_code == 0
    path.write_text("kept")
    result = seqtasks(*arguments)
    assert result.exit_code == 2
    assert "is there already" in result.stderr
    assert path.read_text() == "kept"
    assert seqtasks(*arguments, "--overwrite").exit_code == 0
    assert path.read_text() != "kept"


def test_a_picture_has_no_time(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = seqtasks("gradients", "digits")
    assert result.exit_code == 2
    assert "error: task: image_classification has no recurrent layer" in result.stderr
    assert not list(tmp_path.iterdir())
