"""What is said about each kind of mistake, word for word."""

import pytest

from seqtasks.errors import RecipeError
from seqtasks.recipe import parse_recipe


def message(text: str, *overrides: str) -> str:
    with pytest.raises(RecipeError) as caught:
        parse_recipe(text, source="r.yaml", overrides=overrides)
    return str(caught.value)


TAGGING = "task: tagging\ndataset: {path: x}\n"
CAPTIONING = "task: captioning\ndataset: {path: x}\n"

TASKS = (
    "image_classification, captioning, description, music, classification, frame_classification, regression,"
    " forecasting, tagging, frame_tagging, language_modeling, translation, chat, pronunciation"
)
DECODING_TASKS = "captioning, description, music, language_modeling, translation, chat, pronunciation"
MISTAKES = {
    "no task": (
        "dataset: {path: x}",
        f"r.yaml:1: task: missing; expected one of {TASKS}",
    ),
    "unknown task": (
        "task: translate",
        f'r.yaml:1: task: "translate" is not one of {TASKS}. Did you mean "translation"?',
    ),
    "task of another type": (
        "task: [tagging]",
        f"r.yaml:1: task: a list is not one of {TASKS}",
    ),
    "nothing": ("# todo", 'r.yaml:1: nothing is written here; expected a recipe: fields such as "task: tagging"'),
    "a list": ("- task", 'r.yaml:1: a list stands here; expected a recipe: fields such as "task: tagging"'),
    "missing block": (
        "task: tagging",
        "r.yaml:1: dataset: missing; expected a block with fields such as path, name, data_files",
    ),
    "missing field, at its block": (
        "task: tagging\ndataset:\n  name: de",
        "r.yaml:2: dataset.path: missing; expected a non-empty text"
        " (catalog/NAME, a Hub id, a folder, or csv, json, parquet, text, conllu with data_files)",
    ),
    "misspelt field": (
        TAGGING + "train:\n  epoch: 3",
        'r.yaml:4: train.epoch: unknown field. Did you mean "epochs"?',
    ),
    "hyphen": (
        TAGGING + "backbone: {Num-Layers: 3}",
        'r.yaml:3: backbone.Num-Layers: unknown field. Did you mean "num_layers"?',
    ),
    "field of other blocks": (
        TAGGING + "train: {dropout: 0.1}",
        'r.yaml:3: train.dropout: unknown field. "dropout" is a field of input, input.characters, backbone, head',
    ),
    "field of a block, at the top": (
        TAGGING + "epochs: 3",
        'r.yaml:3: epochs: unknown field. "epochs" is a field of train',
    ),
    "unheard-of field": (
        TAGGING + "head: {xyz: 1}",
        "r.yaml:3: head.xyz: unknown field; the fields here are crf, dropout, label_smoothing",
    ),
    "unprintable field": (
        TAGGING + '"a\\nb": 1',
        'r.yaml:3: "a\\nb": unknown field; the fields here are task, dataset, tokenizer, input, backbone, head, train',
    ),
    "block of other tasks": (
        TAGGING + "decoding: {num_beams: 3}",
        "r.yaml:3: decoding: a tagging recipe (Many-to-many, same length: words in, one tag a word out) has no such"
        " block;"
        " here fit task, dataset, tokenizer, input, backbone, head, train;"
        f" tasks that have it: {DECODING_TASKS}",
    ),
    "block of other tasks, no backbone": (
        CAPTIONING + "backbone: {cell: lstm}",
        "r.yaml:3: backbone: a captioning recipe (One-to-many: a picture in, a text out) has no such block;"
        " here fit task, dataset, tokenizer, input, head, decoding, scores, train;"
        " tasks that have it: classification, frame_classification, regression, forecasting, tagging, frame_tagging,"
        " language_modeling, translation, chat, pronunciation",
    ),
    "field of other tasks": (
        TAGGING + "head: {attention: dot}",
        "r.yaml:3: head.attention: a tagging recipe (Many-to-many, same length: words in, one tag a word out) has no"
        " such"
        " field; here fit crf, dropout, label_smoothing;"
        " tasks that have it: captioning, description, music, translation, chat, pronunciation",
    ),
    "text for a number": (
        TAGGING + "train: {learning_rate: fast}",
        'r.yaml:3: train.learning_rate: "fast" is a text; expected a number greater than 0',
    ),
    "number for a block": (
        TAGGING + "tokenizer: 1",
        "r.yaml:3: tokenizer: 1 is a whole number; expected a block with fields such as"
        " vocab_size, min_frequency, lowercase",
    ),
    "revision like a number": (
        "task: tagging\ndataset: {path: x, revision: 1e3}",
        "r.yaml:2: dataset.revision: 1000.0 is a decimal number; expected a non-empty text or null; put it in quotes",
    ),
    "decimal for a whole number": (
        TAGGING + "train: {seed: 1.0}",
        "r.yaml:3: train.seed: 1.0 is a decimal number; expected a whole number at least 0 and below 4294967296",
    ),
    "yes is a text": (
        TAGGING + "tokenizer: {lowercase: yes}",
        'r.yaml:3: tokenizer.lowercase: "yes" is a text; expected true or false',
    ),
    "truth value for a number": (
        TAGGING + "train: {epochs: true}",
        "r.yaml:3: train.epochs: true is a truth value; expected a number greater than 0",
    ),
    "out of range": (
        TAGGING + "backbone: {dropout: 1}",
        "r.yaml:3: backbone.dropout: 1 is out of range; expected a number at least 0 and below 1",
    ),
    "out of range or null": (
        TAGGING + "train: {max_grad_norm: -1}",
        "r.yaml:3: train.max_grad_norm: -1 is out of range; expected a number greater than 0 or null",
    ),
    "infinity": (
        TAGGING + "train: {learning_rate: .inf}",
        "r.yaml:3: train.learning_rate: Infinity is out of range; expected a number greater than 0",
    ),
    "empty text": (
        "task: tagging\ndataset: {path: ''}",
        'r.yaml:2: dataset.path: "" does not fit; expected a non-empty text',
    ),
    "empty block": (
        TAGGING + "train:\n",
        "r.yaml:3: train: empty; expected a block with fields such as seed, epochs, max_steps, or leave the block out",
    ),
    "unknown choice": (
        TAGGING + "backbone:\n  cell: gruu",
        'r.yaml:4: backbone.cell: "gruu" is not one of rnn_tanh, rnn_relu, lstm, gru, mingru, minlstm.'
        ' Did you mean "gru"?',
    ),
    "choice in capitals": (
        TAGGING + "backbone: {cell: LSTM}",
        'r.yaml:3: backbone.cell: "LSTM" is not one of rnn_tanh, rnn_relu, lstm, gru, mingru, minlstm.'
        ' Did you mean "lstm"?',
    ),
    "choice or null": (
        CAPTIONING + "head: {attention: 3}",
        "r.yaml:3: head.attention: 3 is not one of dot, general, additive, multihead, null",
    ),
    "list entry": (
        CAPTIONING + "input:\n  channels:\n  - 8\n  - a",
        'r.yaml:6: input.channels[1]: "a" is a text; expected a whole number at least 1 and at most 1000000',
    ),
    "empty list": (
        CAPTIONING + "input: {channels: []}",
        "r.yaml:3: input.channels: a list does not fit;"
        " expected a non-empty list (each entry a whole number at least 1 and at most 1000000)",
    ),
    "union, named once and without type tags": (
        "task: tagging\ndataset: {path: csv, data_files: {train: 3}}",
        "r.yaml:2: dataset.data_files: a block of fields does not fit; expected a non-empty text,"
        " a list (each entry a non-empty text), a block (each value a non-empty text or"
        " a list (each entry a non-empty text)) or null",
    ),
    "leading zero": (
        TAGGING + "train: {seed: 0123}",
        'r.yaml:3: train.seed: 0123 may mean a number or a text; write 123 or, in quotes, "0123"',
    ),
    "given twice": (
        TAGGING + "train:\n  seed: 1\n  epochs: 2\n  seed: 3",
        "r.yaml:6: train.seed: given before at r.yaml:4; keep one",
    ),
}


@pytest.mark.parametrize(("text", "expected"), MISTAKES.values(), ids=MISTAKES)
def test_message_of_each_mistake(text: str, expected: str) -> None:
    assert message(text) == expected


def test_all_mistakes_come_together_in_file_order() -> None:
    text = "task: tagging\ntrain:\n  seed: 01\n  epoch: 3\nhead: {b: 1, a: 1}\ndataset:\n  path: 3\n  path: x\n"
    lines = message(text, "train.logging_steps=0", "epochs", "input.dropout=2").splitlines()
    assert [line.rpartition(": ")[0] or line for line in lines] == [
        "r.yaml:3: train.seed",
        "r.yaml:4: train.epoch",
        "r.yaml:5: head.b",
        "r.yaml:5: head.a",
        "r.yaml:7: dataset.path",
        "r.yaml:8: dataset.path",
        'override "train.logging_steps=0": train.logging_steps',
        'override "epochs"',
        'override "input.dropout=2": input.dropout',
    ]


def test_long_values_are_cut_and_stay_on_one_line() -> None:
    (line,) = message(TAGGING + f'backbone: {{cell: "a\\n{"b" * 10_000}"}}').splitlines()
    assert len(line) < 200
