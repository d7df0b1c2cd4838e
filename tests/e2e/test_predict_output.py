"""Answers that go to a file: whole or not there, and gone on with after a kill without a lost or doubled line."""

import json
import random
import resource
import signal
import subprocess
import sys
import time

import pytest
from killing import PROCESSES
from tiny_tasks import seqtasks


def _predict_to(run, texts, output, *flags):
    return seqtasks("predict", run, texts, "--json", "--output", output, *flags)


def _work(arguments, kill_at=None):
    """`seqtasks predict` in this process, which kills itself once it has written so many times."""
    import os

    import torch
    from click.testing import CliRunner

    from seqtasks import output_lines
    from seqtasks.cli import main

    torch.set_num_threads(1)
    if kill_at is not None:
        growing, left = output_lines.growing, iter(range(kill_at, -1, -1))

        def dying(*given, **named):
            context = growing(*given, **named)
            done, write = context.__enter__()

            def half(lines):
                last = next(left) == 0
                write(lines[: len(lines) // 2] if last else lines)
                if last:
                    os.kill(os.getpid(), signal.SIGKILL)

            class Wrapped:
                def __enter__(self):
                    return done, half

                def __exit__(self, *exception):
                    return context.__exit__(*exception)

            return Wrapped()

        output_lines.growing = dying
    sys.exit(CliRunner().invoke(main, [str(argument) for argument in arguments]).exit_code)


@pytest.fixture
def texts(tmp_path):
    path = tmp_path / "texts.txt"
    path.write_text("".join(f"{'good ' * (index % 9)}film {index}\n" for index in range(2000)))
    return path


def test_the_file_appears_when_it_is_whole(runs, texts, tmp_path):
    expected = seqtasks("predict", runs["classification"], texts, "--json").stdout
    assert _predict_to(runs["classification"], texts, tmp_path / "out.jsonl").exit_code == 0
    assert (tmp_path / "out.jsonl").read_text() == expected
    assert {path.name for path in tmp_path.iterdir()} == {"texts.txt", "out.jsonl"}


@pytest.mark.parametrize("kills", [[0], [3], [1, 2]])
def test_killed_and_gone_on_with(kills, runs, texts, tmp_path):
    expected = seqtasks("predict", runs["classification"], texts, "--json").stdout.splitlines()
    output = tmp_path / "out.jsonl"
    arguments = ["predict", runs["classification"], texts, "--json", "--output", output]
    for index, kill in enumerate(kills):
        process = PROCESSES.Process(target=_work, args=([*arguments, *["--resume"] * (index > 0)], kill))
        process.start()
        process.join(120)
        assert process.exitcode == -signal.SIGKILL
        assert not output.exists()
    refused = _predict_to(runs["classification"], texts, output)
    assert refused.exit_code == 2
    assert "add --resume to go on with it, or --overwrite" in refused.stderr
    result = _predict_to(runs["classification"], texts, output, "--resume")
    assert result.exit_code == 0, result.output
    assert "lines have been answered before" in result.stderr
    found = output.read_text().splitlines()
    assert len(found) == len(expected)
    assert [json.loads(line)["prediction"] for line in found] == [json.loads(line)["prediction"] for line in expected]
    assert {path.name for path in tmp_path.iterdir()} == {"texts.txt", "out.jsonl"}


def test_what_is_there_is_not_lost(runs, texts, tmp_path):
    (tmp_path / "out").write_text("mine")
    result = _predict_to(runs["classification"], texts, tmp_path / "out")
    assert result.exit_code == 2
    assert "out: is there already" in result.stderr
    assert (tmp_path / "out").read_text() == "mine"
    assert _predict_to(runs["classification"], texts, tmp_path / "out", "--overwrite").exit_code == 0
    assert len((tmp_path / "out").read_text().splitlines()) == 2000


def test_another_input_is_noticed(runs, texts, tmp_path):
    (tmp_path / "out.partial").write_text("x\n" * 2001)
    result = _predict_to(runs["classification"], texts, tmp_path / "out", "--resume")
    assert result.exit_code == 2
    assert "out.partial: has 1 lines more than" in result.stderr
    assert (tmp_path / "out.partial").exists()


def test_flags_without_a_file(runs, texts):
    result = seqtasks("predict", runs["classification"], texts, "--resume")
    assert result.exit_code == 2
    assert "--resume and --overwrite are about the file of --output" in result.stderr


@pytest.mark.slow
def test_a_million_lines(runs, tmp_path, report):
    """In bounded memory, killed on the way, none lost or doubled."""
    draw, count = random.Random(0), 1_000_000
    with (tmp_path / "texts.txt").open("w") as file:
        for index in range(count):
            file.write(
                f"{index} " + " ".join(draw.choices(["good", "bad", "film", "the"], k=draw.randint(0, 12))) + "\n"
            )
    output = tmp_path / "out.txt"
    command = [sys.executable, "-m", "seqtasks", "predict", str(runs["classification"]), str(tmp_path / "texts.txt")]
    command += ["--output", str(output), "--resume"]
    for _ in range(3):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        time.sleep(draw.uniform(8, 20))
        process.kill()
        process.wait()
    began = time.monotonic()
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    seconds = time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    with output.open() as file:
        assert sum(line in ("pos\n", "neg\n") for line in file) == count
    assert peak < 1500
    report(f"{count:,} lines predicted over 3 kills, the last part in {seconds:.0f} s, at most {peak:.0f} MB")
