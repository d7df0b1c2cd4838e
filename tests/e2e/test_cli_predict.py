import json
import os
import shutil
import subprocess
import sys

import pytest
import yaml
from safetensors.torch import load_file, save_file
from tiny_tasks import WORDS, seqtasks

SENTENCE = "the film is good"
UNSEALED = shutil.ignore_patterns("SHA256SUMS")  # so that the copy may be changed


def lines(result):
    assert result.exit_code == 0, result.output
    return result.stdout.split("\n")[:-1]


def test_a_line_in_a_line_out_in_order(runs):
    texts = [f"{'good ' * (index % 40)}film {index}" for index in range(600)]
    answers = lines(seqtasks("predict", runs["classification"], stdin="\n".join(texts)))
    assert len(answers) == 600
    assert set(answers) <= {"pos", "neg"}
    details = [
        json.loads(line)
        for line in lines(seqtasks("predict", runs["classification"], "--json", stdin="\n".join(texts)))
    ]
    assert [detail["prediction"] for detail in details] == answers
    assert all(0.5 <= detail["probability"] <= 1 for detail in details)
    for index in (0, 39, 300, 599):
        alone = lines(seqtasks("predict", runs["classification"], "--json", stdin=texts[index]))
        assert json.loads(alone[0])["probability"] == pytest.approx(details[index]["probability"], abs=2e-4)


def test_tags_stand_side_by_side(runs):
    forms = [SENTENCE, json.dumps(SENTENCE), json.dumps(SENTENCE.split())]
    forms += [json.dumps({name: SENTENCE.split()}) for name in ("words", "tokens")]
    answers = lines(seqtasks("predict", runs["tagging"], stdin="\n".join(forms)))
    assert len(set(answers)) == 1
    assert len(answers[0].split(" ")) == 4
    assert set(answers[0].split(" ")) <= set(WORDS.values())


@pytest.mark.parametrize(
    "line",
    [SENTENCE, json.dumps(SENTENCE), '{"translation": {"en": "the film is good"}}', '{"source": "the film is good"}'],
)
def test_a_text_may_be_json(line, runs):
    plain = lines(seqtasks("predict", runs["translation"], "--json", stdin=SENTENCE))
    assert lines(seqtasks("predict", runs["translation"], "--json", stdin=line)) == plain
    assert json.loads(plain[0])["score"] < 0


def test_pictures_come_by_their_path(runs, tmp_path):
    from PIL import Image

    Image.new("RGB", (20, 10), (9, 9, 9)).save(tmp_path / "dark picture.png")
    answers = lines(seqtasks("predict", runs["captioning"], stdin=f"{tmp_path}/dark picture.png\n" * 2))
    assert len(answers) == 2
    result = seqtasks("predict", runs["captioning"], stdin=f"{tmp_path}/none.png\n")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {tmp_path}/none.png: cannot be read")


@pytest.mark.parametrize("task", ["classification", "tagging", "translation"])
@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("\n", 1), ("\n\nfilm\r\n\n", 4), ("film", 1), (" \n", 1), ('""', 1)]
)
def test_an_empty_line_is_answered_too(task, text, count, runs):
    assert len(lines(seqtasks("predict", runs[task], stdin=text))) == count


@pytest.mark.parametrize("text", ["x" * 300_000, "good " * 3000, "[1] film", '{"review"', "\u2028\x0b\x00", "🎬" * 50])
def test_any_text_is_one_line(text, runs):
    assert len(lines(seqtasks("predict", runs["classification"], stdin=text + "\n"))) == 1


def test_from_a_file(runs, tmp_path):
    (tmp_path / "texts").write_bytes("\ufefffilm\nbad\n".encode())
    assert len(lines(seqtasks("predict", runs["classification"], tmp_path / "texts"))) == 2
    result = seqtasks("predict", runs["classification"], tmp_path / "none")
    assert result.exit_code == 2
    assert "none" in result.stderr


@pytest.mark.parametrize(
    ("task", "text", "message"),
    [
        ("classification", b"film\nbad\xff\n", "line 2: byte 4 is not UTF-8; expected UTF-8 text"),
        ("classification", b'{"text": 3}\n', "line 1: holds 3; expected a text"),
        ("classification", b'film\n\n{"txt": "a"}\n', 'line 3: has the fields txt; expected "review" or "text"'),
        ("tagging", b'["film", 3]\n', 'line 1: holds ["film", 3]; expected a text or a list of words'),
    ],
)
def test_a_line_that_cannot_be_read_is_named(task, text, message, runs):
    result = seqtasks("predict", runs[task], stdin=text)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {message}")


def test_answers_come_at_once_and_a_closed_pipe_is_no_error(runs):
    command = [sys.executable, "-m", "seqtasks", "predict", str(runs["classification"])]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, **pipes, env=os.environ | {"OMP_NUM_THREADS": "1"}) as process:
        for _ in range(2):
            process.stdin.write(b"good film\n")
            process.stdin.flush()
            assert process.stdout.readline().strip() in (b"pos", b"neg")
        process.stdout.close()
        process.stdin.write(b"good film\n" * 1000)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) in (0, 1)


@pytest.mark.parametrize("task", ["classification", "tagging", "translation"])
def test_an_export_answers_as_its_run(task, runs, tmp_path):
    exported = tmp_path / "export"
    result = seqtasks("export", runs[task], "--output", exported)
    assert result.exit_code == 0, result.output
    column = {"classification": "review", "tagging": "words", "translation": "translation.en"}[task]
    texts = [SENTENCE, "", json.dumps({column: SENTENCE.split() if task == "tagging" else SENTENCE})]
    answers = lines(seqtasks("predict", exported, stdin="\n".join(texts)))
    assert answers == lines(seqtasks("predict", runs[task], stdin="\n".join(texts)))
    assert len(answers) == 3
    program = "import sys; from seqtasks.cli import main; main(sys.argv[1:], standalone_mode=False); "
    program += "sys.exit('torch' in sys.modules)"
    command = [sys.executable, "-c", program, "predict", str(exported)]
    assert subprocess.run(command, input=b"good film", check=True, capture_output=True).stdout.count(b"\n") == 1


@pytest.mark.parametrize("task", ["classification", "tagging", "translation"])
def test_several_runs_answer_together(task, runs, tmp_path):
    (tmp_path / "texts").write_text("the film is good\nbad film\n")
    alone = lines(seqtasks("predict", runs[task], tmp_path / "texts"))
    copy = shutil.copytree(runs[task], tmp_path / "copy")
    assert lines(seqtasks("predict", runs[task], copy, tmp_path / "texts")) == alone
    assert lines(seqtasks("predict", runs[task], copy, stdin="the film is good\nbad film\n")) == alone
    assert lines(seqtasks("predict", runs[task], copy, "-", stdin="the film is good\nbad film\n")) == alone


def test_every_run_has_its_say(runs, tmp_path):
    other = shutil.copytree(runs["classification"], tmp_path / "other", ignore=UNSEALED)
    weights = load_file(other / "model.safetensors")
    save_file(
        {name: -tensor if "head" in name else tensor for name, tensor in weights.items()}, other / "model.safetensors"
    )
    found = []
    for given in ([runs["classification"]], [other], [runs["classification"], other]):
        [line] = lines(seqtasks("predict", *given, "--json", stdin="the film is good"))
        found.append(json.loads(line))
    first, second, both = found
    assert first["prediction"] != second["prediction"]
    assert first["probability"] == pytest.approx(second["probability"], abs=1e-3) != pytest.approx(0.5, abs=1e-3)
    assert both["probability"] == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"characters": None}, "its input is"),
        ({"embedding_size": 9}, "its input is"),
    ],
)
def test_runs_that_read_otherwise_are_named(changed, message, runs, tmp_path):
    other = shutil.copytree(runs["tagging"], tmp_path / "other", ignore=UNSEALED)
    recipe = yaml.safe_load((other / "recipe.yaml").read_text())
    recipe["input"] |= changed
    (other / "recipe.yaml").write_text(yaml.safe_dump(recipe))
    result = seqtasks("predict", runs["tagging"], other, stdin="film")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {other}: {message}")


def test_a_crf_does_not_answer_with_a_softmax(runs, tmp_path):
    other = shutil.copytree(runs["tagging"], tmp_path / "other", ignore=UNSEALED)
    recipe = yaml.safe_load((other / "recipe.yaml").read_text())
    recipe["head"]["crf"] = True
    (other / "recipe.yaml").write_text(yaml.safe_dump(recipe))
    result = seqtasks("predict", runs["tagging"], other, stdin="film")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {other}: its head.crf is True, that of")


def test_runs_that_do_not_fit_are_named(runs, tmp_path):
    result = seqtasks("predict", runs["classification"], runs["tagging"], stdin="film")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {runs['tagging']}: its task is tagging, that of")
    other = shutil.copytree(runs["classification"], tmp_path / "other", ignore=UNSEALED)
    (other / "labels.json").write_text(json.dumps(["neg", "neutral", "pos"]))
    result = seqtasks("predict", runs["classification"], other, stdin="film")
    assert result.exit_code == 2
    assert f"{other}: not the labels.json of {runs['classification']}; expected runs that share" in result.stderr


def test_the_file_comes_last_and_must_be_there(runs, tmp_path):
    result = seqtasks("predict", runs["classification"], runs["classification"], tmp_path / "none")
    assert result.exit_code == 2
    assert "there is no such run directory and no such file" in result.stderr


@pytest.mark.parametrize("exported", [False, True])
def test_what_is_cut_is_counted_and_shown(exported, home, tmp_path):
    run = tmp_path / "run"
    given = ["tokenizer.max_length=4", "train.max_steps=2", "--output", run]
    assert seqtasks("run", home / "classification.yaml", *given).exit_code == 0
    if exported:
        assert seqtasks("export", run).exit_code == 0
        run /= "export"
    result = seqtasks("predict", run, "--json", stdin="good film\n" + "good " * 100_000 + "\nthe film is bad now\n")
    assert [json.loads(line).get("cut", False) for line in lines(result)] == [False, True, True]
    assert "2 inputs were longer than tokenizer.max_length and were cut" in result.stderr
