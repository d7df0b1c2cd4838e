"""What goes to the Hub, what comes back, and what is said when it does not."""

import json
import shutil
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from stand_in_hub import Hub, Repository, point_client_at

import seqtasks
from seqtasks.checksums import check_checksums
from seqtasks.cli import main
from seqtasks.errors import HubError, RunError
from seqtasks.share.contents import LARGEST_LOG
from seqtasks.share.fetch import find_run

TEXTS = ["good film", "bad", "an unknown word", "a bad bad film"]
ALWAYS = {
    ".gitattributes",
    "README.md",
    "SHA256SUMS",
    "data.json",
    "environment.json",
    "labels.json",
    "log.jsonl",
    "model.safetensors",
    "recipe.yaml",
    "scores.json",
    "tokenizer.json",
}
ROWS = {"predictions.jsonl", "frequencies.json", "report.html"}


def command(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def push(run: Path, *options: str, name: str = "ada/reviews") -> None:
    result = command("push", run, name, *options)
    assert result.exit_code == 0, result.output


def error(*arguments: str | Path) -> str:
    result = command(*arguments)
    assert result.exit_code == 2, result.output
    lines = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, result.stderr
    return lines[0].removeprefix("error: ")


def test_what_comes_back_answers_alike(run, hub: Hub):
    push(run)
    assert set(hub.files("ada/reviews")) == ALWAYS
    shutil.move(run, "elsewhere")
    loaded = seqtasks.load("ada/reviews")
    assert loaded.predict_with_details(TEXTS) == seqtasks.load("elsewhere").predict_with_details(TEXTS)
    check_checksums(find_run("ada/reviews"))
    assert "predictions.jsonl" in Path("elsewhere/SHA256SUMS").read_text()


def test_rows_of_the_data_go_only_if_asked(run, hub: Hub):
    push(run, "--with-predictions")
    assert set(hub.files("ada/reviews")) == ALWAYS | ROWS
    seqtasks.load("ada/reviews")
    assert b"a bad bad film" in hub.files("ada/reviews")["report.html"]
    push(run)  # an upload without them takes them away
    assert set(hub.files("ada/reviews")) == ALWAYS


def test_no_folder_of_this_machine_is_told(run, hub: Hub):
    push(run, "--with-predictions")
    for name, content in hub.files("ada/reviews").items():
        assert b"secret" not in content, name
        assert b"/tmp/ada" not in content, name
    assert b"path: my reviews" in hub.files("ada/reviews")["recipe.yaml"]
    kept = json.loads(hub.files("ada/reviews")["environment.json"])["command"]
    assert kept == "seqtasks run reviews.yaml 'dataset.path=my reviews' --output run"


def test_a_long_log_stays_here(run, hub: Hub):
    log = run / "log.jsonl"
    log.write_text(log.read_text() + "\n" * LARGEST_LOG)
    (run / "SHA256SUMS").unlink()
    push(run)
    assert set(hub.files("ada/reviews")) == ALWAYS - {"log.jsonl"}
    assert b"2 steps in 1 min 1 s" in hub.files("ada/reviews")["README.md"]


def test_a_dry_run_asks_nobody(run, hub: Hub):
    result = command("push", run, "ada/reviews", "--dry-run")
    assert result.exit_code == 0, result.output
    listed, card = result.stdout.split("\n\n", 1)
    sizes = {line.split()[1]: int(line.split()[0].replace(",", "")) for line in listed.splitlines()}
    assert set(sizes) == ALWAYS - {".gitattributes"}
    assert sizes["model.safetensors"] == (run / "model.safetensors").stat().st_size
    assert sizes["README.md"] == len(card.encode())
    assert not hub.requests
    assert not hub.repositories


def test_a_folder_wins(run, hub: Hub):
    push(run)
    shutil.copytree(run, "ada/reviews")
    hub.requests.clear()
    assert find_run("ada/reviews") == Path("ada/reviews")
    seqtasks.load("ada/reviews")
    assert not hub.requests


def test_a_second_use_finds_it_in_the_cache(run, hub: Hub, monkeypatch):
    push(run)
    found = find_run("ada/reviews")
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    assert find_run("ada/reviews") == found


def test_revisions(run, hub: Hub):
    push(run)
    result = command("push", run, "ada/reviews", "--revision", "v1.0")
    assert result.stdout == f"{hub.address}/ada/reviews/tree/v1.0\n"
    push(run, "--revision", "v1.0")  # the branch is there by now
    assert b"ada/reviews@v1.0" in hub.files("ada/reviews", "v1.0")["README.md"]
    assert b"ada/reviews@v1.0" not in hub.files("ada/reviews")["README.md"]
    assert find_run("ada/reviews@v1.0") != find_run("ada/reviews")
    seqtasks.load("ada/reviews@v1.0")
    commit = hub.repositories["ada/reviews"].branches["main"]
    assert find_run(f"ada/reviews@{commit}") == find_run("ada/reviews")
    assert "has no such branch, tag or commit" in error("predict", "ada/reviews@v2")


@pytest.mark.parametrize("revision", ["../../../etc", "a b", "-x", "x.lock", "a\nb", "", "%2e%2e"])
def test_strange_revisions_reach_nobody(revision, run, hub: Hub):
    assert "cannot be a revision; expected a branch, a tag or a commit" in error("predict", f"ada/reviews@{revision}")
    assert "cannot be a revision" in error("push", run, "ada/reviews", f"--revision={revision}")
    assert not hub.requests


@pytest.mark.parametrize("name", ["model.safetensors", "labels.json", "recipe.yaml", "environment.json", "SHA256SUMS"])
def test_a_file_that_was_changed_there_is_found(name, run, hub: Hub):
    push(run)
    files = hub.files("ada/reviews")
    before = files[name]
    files[name] = (
        before.replace(b'"a"', b'"z"') if name == "labels.json" else before[:-2] + bytes([before[-2] ^ 1]) + b"\n"
    )
    assert files[name] != before
    with pytest.raises(RunError, match=r"its SHA-256 is not that|does not name|cannot be read"):
        seqtasks.load("ada/reviews")


def test_what_has_no_checksum_is_refused(run, hub: Hub):
    push(run)
    files = hub.files("ada/reviews")
    sums = files["SHA256SUMS"]
    files["SHA256SUMS"] = b"".join(line for line in sums.splitlines(keepends=True) if b"model" not in line)
    assert "SHA256SUMS does not name model.safetensors" in error("predict", "ada/reviews")
    hub.repositories["ada/reviews"].commit("main", {"SHA256SUMS": sums})
    assert "there is no run of seqtasks in it" in error("predict", "ada/reviews")
    hub.repositories["ada/reviews"].commit("main", {"environment.json": b"{}", "model.bin": b"", "x.py": b""})
    assert "there is no run of seqtasks in it" in error("predict", "ada/reviews")


def test_a_run_folder_that_was_uploaded_by_hand(run, hub: Hub):
    """All of it, checkpoints and notes included; only what belongs to the model is fetched."""
    hub.repositories["ada/all"] = Repository(private=False)
    files = {str(path.relative_to(run)): path.read_bytes() for path in run.rglob("*") if path.is_file()}
    lines = files["SHA256SUMS"].splitlines(keepends=True)
    files["SHA256SUMS"] = b"".join(line for line in lines if b"notes" not in line)
    hub.repositories["ada/all"].commit("main", files | {"report.html": b"", "code.py": b"raise SystemExit"})
    seqtasks.load("ada/all")
    fetched = {path.name for path in find_run("ada/all").iterdir()}
    assert fetched == (ALWAYS | ROWS) - {".gitattributes", "README.md", "report.html"}


def test_nobody_is_logged_in(run, hub: Hub, monkeypatch, tmp_path):
    point_client_at(hub.address, tmp_path / "cache", monkeypatch, token=None)
    message = error("push", run, "ada/reviews")
    assert message.startswith("ada/reviews: there is no token")
    assert "run `hf auth login`, or set HF_TOKEN" in message
    assert not hub.requests


def test_a_token_that_is_not_accepted(run, hub: Hub, monkeypatch):
    push(run)
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    for arguments in (("push", run, "ada/reviews"), ("predict", "ada/reviews")):
        message = error(*arguments)
        assert "the Hub does not accept the token" in message
        assert "`hf auth login`" in message


def test_another_user(run, hub: Hub, monkeypatch):
    push(run, "--private")
    assert hub.repositories["ada/reviews"].private
    monkeypatch.setenv("HF_TOKEN", "hf_eve")
    assert "expected one that may write to ada" in error("push", run, "ada/reviews")
    assert "there is no such folder here, and no such model" in error("predict", "ada/reviews")
    hub.repositories["ada/reviews"].private = False
    before = hub.repositories["ada/reviews"].commits.copy()
    assert "expected one that may write to ada" in error("push", run, "ada/reviews")
    assert hub.repositories["ada/reviews"].commits == before


def test_private_is_not_uploaded_to_the_public(run, hub: Hub):
    push(run)
    before = hub.repositories["ada/reviews"].commits.copy()
    assert "is there already and public" in error("push", run, "ada/reviews", "--private")
    assert hub.repositories["ada/reviews"].commits == before


@pytest.mark.parametrize("token", ["hf_ada", None])
def test_neither_a_folder_nor_on_the_hub(token, run, hub: Hub, monkeypatch, tmp_path):
    point_client_at(hub.address, tmp_path / "cache", monkeypatch, token=token)
    Path("runs/translate").mkdir(parents=True)
    message = error("predict", "runs/transalte")
    expected = 'runs/transalte: there is no such folder here (did you mean "runs/translate"?), and no such model at '
    assert message.startswith(expected + hub.address)


@pytest.mark.parametrize(
    "name", ["reviews", "./ada/reviews", "ada/reviews/x", "ada--x/y", "/ada/reviews", "ada/reviews.git"]
)
def test_what_is_no_name_on_the_hub_is_not_asked_for(name, run, hub: Hub):
    with pytest.raises(RunError, match=r"no such run directory; expected what `seqtasks run` wrote, or USER/NAME"):
        seqtasks.load(name)
    assert "is no name on the Hub; expected USER/NAME" in error("push", run, name)
    assert not hub.requests


def test_no_network(run, hub: Hub, monkeypatch):
    address = "http://127.0.0.1:9"
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", address)
    assert error("push", run, "ada/reviews").startswith(f"ada/reviews: {address} cannot be reached")
    reached = error("predict", "ada/reviews")
    assert reached.startswith(f"ada/reviews: there is no such folder here, and {address} cannot be reached")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    for arguments in (("push", run, "ada/reviews"), ("predict", "ada/reviews")):
        assert "HF_HUB_OFFLINE" in error(*arguments)


@pytest.mark.parametrize("broken", ["create", "validate", "preupload", "lfs/objects", "commit", "/tree/"])
def test_the_hub_fails(broken, run, hub: Hub, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # the client tries again, and again
    hub.broken = broken
    assert "the Hub has answered with status 500 (the disk is on fire)" in error("push", run, "ada/reviews")


@pytest.mark.parametrize("name", ["scores.json", "model.safetensors"])
def test_an_unfinished_run_is_not_uploaded(name, run, hub: Hub):
    for lines in ((run / "SHA256SUMS").read_text(), None):
        if lines is None:
            (run / "SHA256SUMS").unlink()
        (run / name).unlink(missing_ok=True)
        assert name in error("push", run, "ada/reviews")
    assert not hub.requests


def test_a_damaged_run_is_not_uploaded(run, hub: Hub):
    (run / "labels.json").write_text('["z"]')
    assert "labels.json: is damaged or was changed" in error("push", run, "ada/reviews")
    assert not hub.requests


def test_commands_that_write_into_a_run_want_it_here(run, hub: Hub):
    push(run)
    for name in ("report", "verify"):
        assert "there is no such run directory; expected what `seqtasks run` wrote, on this machine" in error(
            name, "ada/reviews"
        )
    result = command("export", "ada/reviews")
    assert result.exit_code == 2
    assert "name one with --output" in result.stderr


def test_library_errors_are_ours(hub: Hub):
    with pytest.raises(HubError):
        seqtasks.load("ada/none")


def test_a_network_that_swallows_everything(run, hub: Hub, monkeypatch):
    """A connection is made and nothing ever comes back, for which the client would wait without an end."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setattr("seqtasks.data.origin._HUB_TIMEOUT", 0.1)
        for arguments in (("push", run, "ada/reviews"), ("predict", "ada/reviews")):
            assert "cannot be reached" in error(*arguments)
