"""Loading an exported folder, and what a user may give to it."""

import json
import subprocess
import sys

import numpy as np
import pytest
from cases import CASES
from exported_runs import export_to, predictor_of

from seqtasks.errors import DataError, ExportError
from seqtasks.runtime import load

TEXTS = CASES["classification"].inputs
ALONE = """
import sys
ALLOWED = {"numpy", "onnxruntime", "tokenizers", "seqtasks"} | sys.stdlib_module_names


class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] not in ALLOWED:
            raise ModuleNotFoundError(f"{name} is blocked", name=name)


sys.meta_path.insert(0, Blocked())
import json
from seqtasks.runtime import load

for line in sys.stdin:
    folder, inputs = json.loads(line)
    print(json.dumps(load(folder, threads=1).predict(inputs)))
"""


@pytest.fixture
def folder(tmp_path):
    export_to(tmp_path, predictor_of("classification"))
    return tmp_path


def test_numpy_onnxruntime_and_tokenizers_are_enough(tmp_path):
    lines, expected = [], []
    for name in ("tagging", "classification", "translation", "description", "forecasting", "regression"):
        predictor, inputs = predictor_of(name), CASES[name].inputs
        (tmp_path / name).mkdir()
        export_to(tmp_path / name, predictor)
        lines.append(json.dumps([str(tmp_path / name), inputs]))
        expected.append(predictor.predict(inputs))
    found = subprocess.run(
        [sys.executable, "-c", ALONE], input="\n".join(lines), capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    for line, answers in zip(found.stdout.splitlines(), expected, strict=True):
        if isinstance(answers[0], str) or (isinstance(answers[0], list) and isinstance(answers[0][0], str)):
            assert json.loads(line) == answers
        else:
            np.testing.assert_allclose(json.loads(line), answers, atol=1e-3)


def test_a_list_in_a_list_out_in_the_same_order(folder):
    model = load(str(folder))
    answers = model.predict(TEXTS)
    assert answers == [model.predict([text])[0] for text in TEXTS]
    assert model.predict(np.array(TEXTS)[::-1]) == answers[::-1]
    assert model.predict([]) == []
    assert 0 < model.predict_with_details(TEXTS)[0].details["probability"] <= 1
    with pytest.raises(TypeError, match=r"a single text was given; expected a list of inputs; write predict\(\[text"):
        model.predict("good film")


def test_more_inputs_than_a_batch_holds(folder):
    model = load(folder)
    budget = model.manifest.tokens_per_batch
    texts = TEXTS * (budget // len(TEXTS))
    assert len(model.batches(model.read(texts))) > 1
    assert model.predict(texts) == model.predict(TEXTS) * (budget // len(TEXTS))


def test_words_are_not_taken_for_texts(tmp_path):
    model = export_to(tmp_path, predictor_of("tagging"))
    with pytest.raises(DataError, match='input 1: "a dog" is a text; expected a list of words; split it'):
        model.predict([["a"], "a dog"])


def test_another_number_of_beams(tmp_path):
    predictor = predictor_of("translation")
    export_to(tmp_path, predictor)
    inputs = CASES["translation"].inputs
    quick = predictor_of("translation", **{"num_beams: 2": "num_beams: 1"})
    assert load(tmp_path, num_beams=1).predict(inputs) == quick.predict(inputs)


def test_beams_are_for_texts(folder):
    with pytest.raises(ExportError, match=r"num_beams: 2, and .* classification writes no texts; expected None; leave"):
        load(folder, num_beams=2)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(
        ExportError, match=r"manifest\.json: there is no such file; expected a folder that `seqtasks exp"
    ):
        load(tmp_path / "no")


@pytest.mark.parametrize("file", ["model.onnx", "labels.json", "tokenizer.json"])
def test_a_damaged_file_is_named(folder, file):
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(content[:-2])
    with pytest.raises(ExportError, match=rf"{file}: is not the file that was exported; .*; export the run again"):
        load(folder)
    (folder / file).unlink()
    with pytest.raises(ExportError, match=rf"{file}.*; expected a folder that `seqtasks export` wrote"):
        load(folder)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"format_version": 99}, "has export format 99; expected 1; export the run again"),
        ({"input": {"kind": "smells"}}, "'smells'; expected what `seqtasks export` wrote"),
        ({"answer": {"kind": "label", "colour": 1}}, "unexpected keyword argument 'colour'; expected what"),
        ({"networks": {}}, "'model'; expected what `seqtasks export` wrote"),
        ({"files": 3}, "expected a folder that `seqtasks export` wrote"),
        ({"surplus": 3}, "unexpected keyword argument 'surplus'; expected a folder"),
    ],
)
def test_a_damaged_manifest_is_told(folder, changed, message):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))
    with pytest.raises(ExportError, match=message):
        load(folder)
    path.write_text("{")
    with pytest.raises(ExportError, match=r"manifest\.json: cannot be read \(.*\); expected a folder that"):
        load(folder)


def test_a_network_that_onnxruntime_cannot_read(folder):
    (folder / "model.onnx").write_bytes(b"no network")
    content = json.loads((folder / "manifest.json").read_text())
    content["files"] = {}  # so that only the network is at fault
    (folder / "manifest.json").write_text(json.dumps(content))
    with pytest.raises(ExportError, match=r"model\.onnx: cannot be loaded \(.*\); expected a network that"):
        load(folder)


def test_without_onnxruntime(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ExportError, match=r"onnxruntime cannot be imported .*; run: pip install onnxruntime"):
        load(folder)
