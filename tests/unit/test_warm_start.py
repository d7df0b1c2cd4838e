"""A model that begins with what another run has learned."""

import pytest
import torch
from datasets import Dataset

from seqtasks.errors import RunError
from seqtasks.recipe import parse_recipe
from seqtasks.run_directory import RunDirectory
from seqtasks.tasks import task_class
from seqtasks.training.checkpoint import model_tensors, save_weights
from seqtasks.warm_start import warm_start

TEXTS = ["the film is good", "the film is bad", "a good film"]
SHARED = "tokenizer: {model: whitespace, min_frequency: 1}\ninput: {embedding_size: 6}\n"
BACKBONE = "backbone: {cell: lstm, hidden_size: 5}\n"


def fitted(written, **columns):
    recipe = parse_recipe(f"dataset: {{path: memory}}\n{written}", source="test")
    task = task_class(recipe).fit(recipe, Dataset.from_dict(columns))
    return recipe, task


@pytest.fixture
def language_model(tmp_path):
    """A run directory with random weights."""
    recipe, task = fitted(f"task: language_modeling\n{SHARED}{BACKBONE}", text=TEXTS)
    torch.manual_seed(1)
    model = task.build()
    path = RunDirectory.create(tmp_path / "lm", recipe, command="", resume=False, overwrite=False).path
    task.save(path)
    save_weights(path / "model.safetensors", model_tensors(model))
    return path, task, model


def classifier(settings=SHARED + BACKBONE, texts=("unheard film", "the bad", "good")):
    _, task = fitted(f"task: classification\n{settings}", text=list(texts), label=["x", "y", "x"])
    torch.manual_seed(2)
    return task, task.build()


def test_vectors_go_by_token_and_the_network_by_name(language_model):
    path, other, learned = language_model
    task, model = classifier()
    before = model.input.embedding.weight.detach().clone()
    said = warm_start(model, task, path)
    here, there = task.reader.vocabulary, other.reader.vocabulary
    assert here != there
    for row, word in enumerate(here):
        expected = learned.input.embedding.weight[there.index(word)] if word in there else before[row]
        assert torch.equal(model.input.embedding.weight[row], expected)
    assert not torch.equal(model.input.embedding.weight, before)
    own, theirs = model_tensors(model.backbone), model_tensors(learned.backbone)
    assert own.keys() == theirs.keys()
    assert all(torch.equal(own[name], theirs[name]) for name in own)
    assert (
        said
        == f"starts from {path}: {len(set(here) & set(there))} of {len(here)} token vectors, {len(own)} other tensors"
    )


def test_a_bidirectional_network_may_start_from_a_forward_one(language_model):
    path, _, learned = language_model
    task, model = classifier(SHARED + BACKBONE.replace("lstm", "lstm, bidirectional: true"))
    backwards = model.backbone.backward_layers[0].weight_hh_l0.detach().clone()
    warm_start(model, task, path)
    assert torch.equal(model.backbone.forward_layers[0].weight_hh_l0, learned.backbone.forward_layers[0].weight_hh_l0)
    assert torch.equal(model.backbone.backward_layers[0].weight_hh_l0, backwards)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("embedding_size: 6", "embedding_size: 7", r"input\.embedding\.weight is \[\d+, 6\] there and \[\d+, 7\] here"),
        (
            "hidden_size: 5",
            "hidden_size: 4",
            r"backbone\.\S+ is \[20\] there and \[16\] here; expected .* same sizes",
        ),
        ("cell: lstm", "cell: gru", r"is \[20\] there and \[15\] here"),
    ],
)
def test_what_does_not_fit_is_named(old, new, message, language_model):
    task, model = classifier((SHARED + BACKBONE).replace(old, new))
    before = {name: tensor.detach().clone() for name, tensor in model_tensors(model).items()}
    with pytest.raises(RunError, match=message):
        warm_start(model, task, language_model[0])
    assert all(torch.equal(tensor, before[name]) for name, tensor in model_tensors(model).items())


def test_inputs_without_tokens_are_refused(language_model):
    rows = {"frames": [[[1.0], [2.0]], [[0.0]]], "label": ["x", "y"]}
    _, task = fitted(f"task: frame_classification\n{BACKBONE}", **rows)
    with pytest.raises(RunError, match="the input of frame_classification has no tokens"):
        warm_start(task.build(), task, language_model[0])


def test_a_run_that_is_not_there_is_named(tmp_path):
    task, model = classifier()
    with pytest.raises(RunError, match="none"):
        warm_start(model, task, tmp_path / "none")


@pytest.mark.parametrize("name", ["classification", "tagging"])
def test_words_of_the_run_are_known_without_training(language_model, name):
    path, other, learned = language_model
    rows = {"text": ["a film", "unheard"], "label": ["x", "y"]}
    if name == "tagging":
        rows = {"tokens": [["a", "film"], ["unheard"]], "tags": [["x", "y"], ["x"]]}
    settings = (SHARED if name == "classification" else SHARED.replace("model: whitespace, ", "")) + BACKBONE
    _, task = fitted(f"task: {name}\n{settings}train: {{init_from: {path}}}\n", **rows)
    words = task.reader.vocabulary
    assert {"a", "film", "unheard", "good", "bad"} < set(words)
    assert len(set(words)) == len(words)
    model = task.build()
    warm_start(model, task, path)
    row = learned.input.embedding.weight[other.reader.vocabulary.index("good")]
    assert torch.equal(model.input.embedding.weight[words.index("good")], row)


def test_the_words_of_a_tagger_are_known_to_a_classifier(tmp_path):
    tokenizer = "tokenizer: {min_frequency: 1}\n"
    recipe, task = fitted(f"task: tagging\n{tokenizer}{BACKBONE}", tokens=[["rare", "word"]], tags=[["x", "y"]])
    path = RunDirectory.create(tmp_path / "tagger", recipe, command="", resume=False, overwrite=False).path
    task.save(path)
    _, task = fitted(
        f"task: classification\n{tokenizer}train: {{init_from: {path}}}\n", text=["other", "text"], label=["x", "y"]
    )
    assert task.reader.vocabulary == ["<pad>", "<unk>", "<s>", "</s>", "other", "text", "rare", "word"]


@pytest.mark.parametrize("model", ["bpe", "character"])
def test_only_whole_words_are_taken_over(language_model, model):
    path, _, _ = language_model
    settings = f"tokenizer: {{model: {model}, min_frequency: 1}}\ntrain: {{init_from: {path}}}\n"
    _, task = fitted(f"task: classification\n{settings}", text=["aab", "bba"], label=["x", "y"])
    assert "good" not in task.reader.vocabulary


def test_a_missing_run_is_named_before_anything_is_learned(tmp_path):
    with pytest.raises(RunError, match="nowhere"):
        fitted(f"task: classification\n{SHARED}train: {{init_from: {tmp_path / 'nowhere'}}}\n", text=["a"], label=["x"])
