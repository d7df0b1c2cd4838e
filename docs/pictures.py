"""Writes the pictures of the pages into docs/pictures/: measured gradients, two charts of a small run's report, and its
demo.

    python docs/pictures.py

A minute on one core. The run reads generated sentences of which a fifth is labelled wrong, so that there is something
to see in its charts; it is no result.
"""

import io
import random
import shutil
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import vl_convert
from datasets import Dataset
from PIL import Image
from playwright.sync_api import sync_playwright
from rich.console import Console

from seqtasks.demo import build_page, serve
from seqtasks.gradients import charts as gradient_charts
from seqtasks.gradients import measure
from seqtasks.recipe import load_recipe, parse_recipe
from seqtasks.report import charts
from seqtasks.report.answers import show_answers
from seqtasks.report.run_files import read_run
from seqtasks.run import run
from seqtasks.training.reporter import Reporter

FOLDER = Path(__file__).with_name("pictures")
RECIPES = Path(__file__).parents[1] / "recipes"
STYLE = {
    "background": "white",
    "view": {"stroke": None},
    "axis": {"gridColor": "#e3e3dd", "domain": False, "ticks": False, "labelColor": "#62676f", "titleColor": "#62676f"},
    "line": {"color": "#2f5fd0"},
    "circle": {"color": "#2f5fd0"},
    "range": {
        "category": ["#2f5fd0", "#d9590f", "#1f7f52", "#62676f", "#7d4fc4", "#b98a00", "#16858f", "#c2447f"],
    },
}
RECIPE = """
task: classification
dataset: {path: FOLDER}
tokenizer: {min_frequency: 1}
input: {embedding_size: 16}
backbone: {cell: gru, hidden_size: 32}
train: {epochs: 16, tokens_per_batch: 400, learning_rate: 1e-2, logging_steps: 5, eval_steps: 20}
"""
ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" stroke="#2f5fd0" stroke-width="3" fill="none">
<path d="M6 16h7M19 16h7M16 26v-7M16 13V6"/><circle cx="16" cy="16" r="4"/></svg>
"""


def main() -> None:
    """Write all pictures."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "icon.svg").write_text(ICON, encoding="utf-8")
    recipe = load_recipe(RECIPES / "memory.yaml", ['dataset.name="50"'])
    _write("gradients", gradient_charts.comparison(list(measure(recipe)), 0), width=620)
    with TemporaryDirectory() as folder:
        directory = _small_run(Path(folder))
        found = read_run(directory)
        answers = show_answers(found)
        _photograph(directory, "really the film is not so bad")
    _write("loss", charts.loss_curve(found.log, unit=answers.loss_unit), width=520)
    _write("calibration", answers.figures["calibration"], width=420)


def _small_run(folder: Path) -> Path:
    """A run on generated sentences, in which each "not" turns the verdict over."""
    draw = random.Random(0)
    for split, count in (("train", 1200), ("validation", 200), ("test", 800)):
        rows = [_sentence(draw) for _ in range(count)]
        texts, labels = [text for text, _ in rows], [label for _, label in rows]
        (folder / "data").mkdir(exist_ok=True)
        Dataset.from_dict({"text": texts, "label": labels}).to_parquet(folder / "data" / f"{split}.parquet")
    (folder / "data" / "README.md").write_text("# Generated sentences\n", encoding="utf-8")
    recipe = parse_recipe(RECIPE.replace("FOLDER", str(folder / "data")), source="docs/pictures.py")
    run(recipe, folder / "verdicts", command="python docs/pictures.py", reporter=Reporter(Console(quiet=True)))
    return folder / "verdicts"


def _sentence(draw: random.Random) -> tuple[str, str]:
    words = draw.choices(["not", "really", "the", "film", "is", "so", "very"], k=draw.randint(0, 9))
    verdict = draw.choice(["good", "bad"])
    praises = (verdict == "good") == (words.count("not") % 2 == 0)
    if draw.random() < 0.2:
        praises = not praises
    return " ".join([*words, verdict]), "praise" if praises else "blame"


def _write(name: str, chart: Any, *, width: int) -> None:
    path = FOLDER / f"{name}.svg"
    specification = _visible(charts.specification(chart)) | {"width": width, "config": STYLE}
    path.write_text(vl_convert.vegalite_to_svg(specification), encoding="utf-8")
    print(f"wrote {path}, {path.stat().st_size // 1024} KB")


def _photograph(run_directory: Path, text: str) -> None:
    """The page of the run's demo, as a browser shows it; Chromium has to be there."""
    path = FOLDER / "demo.png"
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with chdir(run_directory.parent):  # the page shows where the report lies
        made = build_page(run_directory.name)
    with serve(made) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 560}, device_scale_factor=1.5)
        page.goto(address)
        page.get_by_label("Text").fill(text)
        page.get_by_role("button", name="Label it").click()
        page.locator(".words", has_text=text).wait_for()
        page.wait_for_timeout(1000)  # what moves has come to rest
        picture = Image.open(io.BytesIO(page.screenshot()))
        browser.close()
    picture.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"wrote {path}, {path.stat().st_size // 1024} KB")


def _visible(specification: dict[str, Any]) -> dict[str, Any]:
    """Without the invisible points that are there to be hovered."""
    layers = [
        _visible(layer)
        for layer in specification.get("layer", [])
        if not (isinstance(layer.get("mark"), dict) and layer["mark"].get("opacity") == 0)
    ]
    return specification | ({"layer": layers} if layers else {})


if __name__ == "__main__":
    main()
