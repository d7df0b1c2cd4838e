"""`key.sub=value` on the command line."""

import pytest

from seqtasks.errors import RecipeError
from seqtasks.recipe import Recipe, parse_recipe

TEXT = "task: translation\ndataset:\n  path: x\ntrain:\n  epochs: 5\n"


def read(*overrides: str) -> Recipe:
    return parse_recipe(TEXT, source="r.yaml", overrides=overrides)


def test_values_are_yaml_and_split_at_the_first_equals_sign() -> None:
    recipe = read(
        "dataset.path=a=b", "train.learning_rate=1e-3", "dataset.split.validation=null", "backbone.cell = lstm"
    )
    assert recipe.dataset.path == "a=b"
    assert recipe.train.learning_rate == 1e-3
    assert recipe.dataset.split.validation is None
    assert recipe.backbone.cell == "lstm"


def test_the_last_one_counts_and_blocks_are_replaced_whole() -> None:
    assert read("train.seed=1", "train.seed=2").train.seed == 2
    recipe = read("dataset={path: y, name: de}", "dataset.path=z", "train={seed: 3}")
    assert (recipe.dataset.path, recipe.dataset.name) == ("z", "de")
    assert (recipe.train.seed, recipe.train.epochs) == (3, 10.0)


def test_max_steps_takes_the_place_of_epochs_in_the_file() -> None:
    assert read("train.max_steps=7").train.max_steps == 7
    assert read("train.max_steps=null").train.epochs == 5.0
    with pytest.raises(RecipeError, match="epochs is given as well"):
        read("train.epochs=3", "train.max_steps=7")


MISTAKES = {
    "train.epoch=3": 'train.epoch: unknown field. Did you mean "epochs"?',
    "trian.epochs=3": 'trian: unknown field. Did you mean "train"?',
    "train.epochs": "expected key=value, such as train.epochs=3",
    "=3": "expected key=value, such as train.epochs=3",
    "train..epochs=3": "expected key=value, such as train.epochs=3",
    "train.epochs=": "train.epochs: no value; write null to switch the option off",
    "train.epochs=0": "train.epochs: 0 is out of range; expected a number greater than 0",
    "train.epochs=[": "train.epochs: a comma or bracket where a value was expected; put the text in quotes",
    "train.seed=007": 'train.seed: 007 may mean a number or a text; write 7 or, in quotes, "007"',
    "train.seed={a: 1, a: 2}": 'train.seed.a: given before at override "train.seed={a: 1, a: 2}"; keep one',
    "train.epochs.x=3": "train.epochs.x: train.epochs is 5 and has no fields; override it as a whole",
    "task.x=3": 'task.x: task is "translation" and has no fields; override it as a whole',
    "train=3": "train: 3 is a whole number; expected a block with fields such as seed, epochs, max_steps",
    "dataset={path: y, nam: de}": 'dataset.nam: unknown field. Did you mean "name"?',
    "dataset={name: de}": "dataset.path: missing; expected a non-empty text"
    " (catalog/NAME, a Hub id, a folder, or csv, json, parquet, text, conllu with data_files)",
}


@pytest.mark.parametrize(("override", "reason"), MISTAKES.items(), ids=MISTAKES)
def test_mistakes_name_the_override(override: str, reason: str) -> None:
    with pytest.raises(RecipeError) as caught:
        read(override)
    assert str(caught.value).splitlines()[0] == f'override "{override}": {reason}'


def test_a_block_that_the_file_leaves_empty_can_be_filled() -> None:
    text = "task: tagging\ndataset: {path: x}\ntrain:\n"
    assert parse_recipe(text, source="r.yaml", overrides=["train.seed=3"]).train.seed == 3


def test_a_mistake_in_the_file_stays_at_its_line_beside_an_override() -> None:
    with pytest.raises(RecipeError) as caught:
        parse_recipe(TEXT + "  sed: 1\n", source="r.yaml", overrides=["train.epochs=3"])
    assert str(caught.value) == 'r.yaml:6: train.sed: unknown field. Did you mean "seed"?'
