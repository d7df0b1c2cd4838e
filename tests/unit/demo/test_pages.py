"""What the page of each task answers, without a browser."""

import math
import re
import shutil

import gradio
import pytest
from cases import CASES
from datasets import Dataset
from PIL import Image

from seqtasks.demo import KINDS, build_page
from seqtasks.demo.kinds.forecasts import from_lines, in_lines
from seqtasks.demo.kinds.pictures import picture_input
from seqtasks.demo.kinds.tags import joined, split_words
from seqtasks.demo.page import TITLES, header
from seqtasks.demo.server import POLICY
from seqtasks.demo.subject import Subject
from seqtasks.errors import DataError, RunError
from seqtasks.predictor import Predictor
from seqtasks.recipe import parse_recipe
from seqtasks.report.predictions import LabelPrediction
from seqtasks.tasks import TASKS
from seqtasks.tasks.image_classification import ImageClassification

ATTACK = "<img src=x onerror=alert(1)> good"


def _words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_every_task_has_a_page():
    names = {task.name for task in TASKS}
    assert set(KINDS) == names
    assert set(TITLES) == names


@pytest.mark.parametrize("task", CASES)
def test_a_page_says_who_answers(task, demo_run, page_of):
    assert page_of(task).analytics_enabled is False
    shown = header(Subject.open(demo_run(task)))
    assert "Small &lt;set&gt;" in shown
    assert "5,678 parameters trained on 1,234 rows" in shown
    assert "95% interval" in shown


def test_a_text_and_the_probabilities_of_its_labels(answers_of):
    classify = answers_of("classification")["classify"]
    shares, why = classify("good film")
    assert sum(shares.values()) == pytest.approx(1, abs=1e-5)
    assert set(shares) == {"yes", "no"}
    assert _words(why).startswith("good film for against")
    assert "<img" not in classify(ATTACK)[1]
    assert "its end was left out" in classify("good " * 30)[1]
    assert classify("  ") == (None, '<p class="hint">Type a text to see its label.</p>')


def test_a_picture_and_the_probabilities_of_its_labels(answers_of):
    classify = answers_of("image_classification")["classify"]
    assert sum(classify(Image.new("RGBA", (30, 20))).values()) == pytest.approx(1, abs=1e-5)
    assert classify(None) is None


def test_words_and_their_tags(answers_of):
    tag = answers_of("tagging")["tag"]
    assert tag("  ") is None
    tagged = tag("The dog runs.")
    assert [word for word, _ in tagged] == ["The", "dog", "runs", "."]
    assert {tag for _, tag in tagged} <= {"D", "N", "V", "C"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He said: “Go!”", ["He", "said", ":", "“", "Go", "!", "”"]),
        ("It 's Mr. Lee 's .", ["It", "'s", "Mr.", "Lee", "'s", "."]),
        ("3.5 km", ["3.5", "km"]),
        ("...", ["..."]),
    ],
)
def test_punctuation_is_parted_unless_it_stands_alone(text, words):
    assert split_words(text) == words


def test_spans_are_joined():
    tagged = joined(["New", "York", "and", "or", "Rome", "Paris"], ["B-LOC", "I-LOC", "O", "O", "B-LOC", "B-LOC"])
    assert tagged == [("New York", "LOC"), ("and or", None), ("Rome", "LOC"), ("Paris", "LOC")]


@pytest.mark.parametrize(
    ("task", "function", "given"),
    [
        ("translation", "rewrite", ("open the door",)),
        ("pronunciation", "rewrite", ("door",)),
        ("captioning", "caption", (Image.new("L", (8, 8), 80),)),
    ],
)
def test_a_text_with_its_attention_and_its_rivals(task, function, given, answers_of, demo_run):
    write = answers_of(task)[function]
    subject = Subject.open(demo_run(task))
    (expected,) = subject.predictor.predict(list(given))
    html = write(*given, subject.task.recipe.decoding.num_beams, 0)
    assert f'<p class="answer">{expected or "(an empty text)"}</p>' in html
    assert "looked" in html
    assert "Best texts of the beam" in html
    assert "Drawn texts" in write(*given, 5, 1.5)
    assert 'class="list"' not in write(*given, 1, 0)
    assert 'class="hint"' in write(None if task == "captioning" else " ", 1, 0)


def test_n_best_texts_are_sorted(demo_run):
    subject = Subject.open(demo_run("translation"))
    block = subject.task.recipe.decoding.model_copy(update={"num_beams": 4})
    found = subject.task.candidates(subject.model, "close the door", block)
    ranking = [candidate.details["ranking"] for candidate in found]
    assert len(found) > 1
    assert ranking == sorted(ranking, reverse=True)
    drawing = block.model_copy(update={"do_sample": True, "num_beams": 1, "temperature": 2.0})
    drawn = subject.task.candidates(subject.model, "close the door", drawing, samples=6)
    assert 1 < len(drawn) == len({candidate.value for candidate in drawn}) <= 6


def test_attributes_become_a_text(answers_of):
    describe = answers_of("description")["describe"]
    known = describe(2, 0, "The Mill", "Thai", "–")
    assert 'class="answer"' in known
    assert "<img" not in describe(2, 0, ATTACK, None, "–")
    assert 'class="hint"' in describe(2, 0, "", "–", None)


def test_a_language_model_writes_step_by_step(answers_of):
    write = answers_of("language_modeling")["write"]
    steps = [_words(html) for html in write("the dog <b>", 0.5, 5)]
    assert len(steps) > 1
    assert all(step.startswith("the dog &lt;b&gt;") for step in steps)
    assert len(list(write("", 1.0, 3))) > 1


def test_what_a_language_model_writes_and_what_it_costs(demo_run):
    import torch

    subject = Subject.open(demo_run("language_modeling"))
    block = subject.task.recipe.decoding.model_copy(update={"max_length": 12})
    for prompt in ("the dog", ""):
        torch.manual_seed(1)
        (whole,) = subject.task.generate(subject.model, prompt, block)
        torch.manual_seed(1)
        parts = list(subject.task.write(subject.model, prompt, block))
        assert "".join(text for text, _ in parts) == whole
        assert all(nats >= 0 for _, nats in parts)
    costs = subject.task.improbabilities(subject.model, "the dog runs")
    assert [text.strip() for text, _ in costs] == ["the", "dog", "runs"]
    (with_end,) = subject.predictor.predict(["the dog runs"])
    assert 0 < sum(nats for _, nats in costs) < with_end


def test_a_series_goes_on(answers_of):
    forecast = answers_of("forecasting")["forecast"]
    html = forecast("1, 2; 3 4 5 6 7")
    assert html.count("<svg") == 2
    assert "7 steps read, 2 forecast" in html
    assert 'class="hint"' in forecast(" ")
    with pytest.raises(gradio.Error, match="expected numbers between spaces"):
        forecast("1 2 three")


def test_series_as_text():
    frames = [[1.5, 2.0], [3.0, 4.0]]
    assert from_lines(in_lines(frames), num_series=2).tolist() == frames
    assert in_lines([[1.0], [2.5]]) == "1 2.5"
    with pytest.raises(DataError, match="3 values; expected finite numbers, 2 for each"):
        from_lines("1 2 3", num_series=2)


def test_recordings(answers_of):
    shares, html = answers_of("frame_classification")["answer"](0)
    assert sum(shares.values()) == pytest.approx(1, abs=1e-5)
    assert "Right answer: a." in html
    assert "<svg" in html
    tags = answers_of("frame_tagging")["answer"](0)
    assert re.search(r'aria-label="Tags: (up|down)', tags)
    number = answers_of("regression")["predict"]("[[0.1, 0.2], [0.3, 0.4]]")
    assert math.isfinite(float(re.search(r'class="answer">([^<]+)<', number)[1]))
    with pytest.raises(gradio.Error, match="Frames: holds"):
        answers_of("regression")["predict"]("none")


@pytest.mark.parametrize("task", ["captioning", "frame_tagging"])
def test_a_run_without_its_predictions(task, demo_run, tmp_path):
    copy = tmp_path / task
    copy.mkdir()
    for file in demo_run(task).iterdir():
        if file.name != "predictions.jsonl" and file.is_file():
            (copy / file.name).write_bytes(file.read_bytes())
    assert build_page(copy).fns


def test_an_export_is_refused(tmp_path):
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(RunError, match="an export, which answers without torch; expected a run directory"):
        build_page(tmp_path)


def test_nothing_may_come_from_elsewhere():
    sources = {source for rule in POLICY.split("; ") for source in rule.split()[1:]}
    assert sources <= {"'self'", "'none'", "'unsafe-inline'", "'unsafe-eval'", "data:", "blob:"}


def test_vectors_in_the_place_of_pictures(tmp_path, monkeypatch):
    vectors = [[float(row), 1.0, -float(row)] for row in range(6)]
    rows = Dataset.from_dict({"image": vectors, "label": ["a", "b"] * 3})
    for split in ("train", "validation", "test"):
        rows.to_parquet(tmp_path / "data" / f"{split}.parquet")
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")
    text = f"task: image_classification\ndataset: {{path: {tmp_path / 'data'}}}\ninput: {{features: 3}}\n"
    task = ImageClassification.fit(parse_recipe(text, source="test"), rows)
    records = [
        LabelPrediction(index=row, input="", reference="a", prediction="a", probability=1, length=1) for row in (0, 4)
    ]
    subject = Subject(tmp_path, Predictor(task, task.build()), None, None, records)
    with gradio.Blocks(analytics_enabled=False):
        given = picture_input(subject)
    assert [label for label, _ in given.component.choices] == ["1. a", "5. a"]
    assert given.read(4) == vectors[4]
    shutil.rmtree(tmp_path / "data")
    with pytest.raises(RunError, match="its pictures are vectors that another network made, and its data set cannot"):
        picture_input(subject)
