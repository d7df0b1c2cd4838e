"""Word vectors from a recipe to the embeddings of the model, and through a run directory."""

import numpy as np
import pytest
import torch
from datasets import Dataset

from seqtasks.backbone import TokenInput
from seqtasks.errors import RecipeError
from seqtasks.recipe import parse_recipe
from seqtasks.tasks import task_class

VECTORS = {"unheard": [5.0, 6.0, 7.0, 8.0], "the": [1.0, 2.0, 3.0, 4.0]}
VECTORS |= {f"word{number}": [0.5, -0.5, 0.25, 4.0] for number in range(9)}


def fitted(task, tmp_path, size=4, **changes):
    (tmp_path / "vectors.txt").write_text(
        "".join(f"{word} {' '.join(map(str, row))}\n" for word, row in VECTORS.items())
    )
    rows = {"text": ["the film", "a film"], "label": ["x", "y"]}
    if task == "tagging":
        rows = {"tokens": [["the", "film"], ["a", "film"]], "tags": [["x", "y"], ["x", "y"]]}
    path = tmp_path / "vectors.txt"
    settings = {"tokenizer": "{min_frequency: 1}", "input": f"{{embedding_size: {size}, vectors: {path}}}"} | changes
    text = "".join(f"{name}: {value}\n" for name, value in settings.items())
    recipe = parse_recipe(
        f"task: {task}\ndataset: {{path: memory}}\nbackbone: {{hidden_size: 4}}\n{text}",
        source="test",
    )
    return recipe, task_class(recipe).fit(recipe, Dataset.from_dict(rows))


def ids_of(task, words):
    given = [words] if task.name == "tagging" else [" ".join(words)]
    return task.collate(task.encode_inputs(given), np.array([0])).inputs.ids[0]


@pytest.mark.parametrize("name", ["classification", "tagging"])
def test_words_start_from_their_vectors(name, tmp_path):
    recipe, task = fitted(name, tmp_path)
    table = task.build().input.embedding.weight.detach()
    the, film, unheard, unknown = ids_of(task, ["the", "film", "unheard", "nowhere"]).tolist()
    assert table[the].tolist() == VECTORS["the"]
    assert table[unheard].tolist() == VECTORS["unheard"]  # known without training
    assert unknown == 1
    # Words without a vector, the unknown one among them, are drawn on the same scale.
    scale = torch.tensor(list(VECTORS.values())).square().mean().sqrt()
    assert 0.1 * scale < table[[film, unknown]].square().mean().sqrt() < 3 * scale
    assert not table[0].any()

    task.save(tmp_path)
    loaded = type(task).load(recipe, tmp_path)
    assert ids_of(loaded, ["the", "film", "unheard", "nowhere"]).tolist() == [the, film, unheard, unknown]
    assert loaded.build().input.embedding.weight.shape == table.shape


def test_the_vocabulary_stays_within_its_size(tmp_path):
    _, task = fitted("tagging", tmp_path, tokenizer="{min_frequency: 1, vocab_size: 8}")
    assert task.vocabulary_size == 2 + 8  # padding and unknown beside them
    _, task = fitted("classification", tmp_path, tokenizer="{min_frequency: 1, vocab_size: 8}")
    assert task.vocabulary_size == 8


def test_a_word_that_only_vectors_know_was_not_seen_in_training(tmp_path):
    _, task = fitted("tagging", tmp_path)
    examples = task.encode_inputs([["the", "unheard"]])
    assert examples.unknown.tolist() == [False, True]


def test_another_size_is_refused(tmp_path):
    with pytest.raises(RecipeError, match=r"embedding_size: 8, but the vectors .* have 4 numbers; .* set it to 4"):
        fitted("tagging", tmp_path, size=8)


def test_vectors_of_words_do_not_fit_pieces_of_words():
    text = "task: classification\ndataset: {path: memory}\ntokenizer: {model: bpe}\ninput: {vectors: glove.txt}\n"
    with pytest.raises(RecipeError, match=r"tokenizer\.model is bpe; use word"):
        parse_recipe(text, source="test")


def test_a_table_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="a vector for each id"):
        TokenInput(5, embedding_size=4, vectors=torch.zeros(5, 3))
