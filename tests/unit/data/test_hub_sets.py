"""Sets on the Hub: found by their id, also those that a script of their owner makes."""

import io
from collections.abc import Iterator
from pathlib import Path

import datasets
import pytest

from seqtasks.data.origin import open_source
from seqtasks.errors import DataError
from seqtasks.recipe.blocks import DatasetBlock
from tests.stand_in_hub import Hub, Repository, point_client_at, running_hub

NOWHERE = "http://127.0.0.1:9"
FEATURES = datasets.Features(
    {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["entity", "number"])}
)


def parquet(*texts: str) -> bytes:
    file = io.BytesIO()
    rows = {"text": list(texts), "label": [number % 2 for number in range(len(texts))]}
    datasets.Dataset.from_dict(rows, features=FEATURES).to_parquet(file)
    return file.getvalue()


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with running_hub() as hub:
        point_client_at(hub.address, tmp_path / "cache", monkeypatch, token=None)
        monkeypatch.setattr("datasets.config.HF_ENDPOINT", hub.address)
        monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "datasets")
        yield hub


def add(hub: Hub, name: str, **branches: dict[str, bytes]) -> None:
    made = hub.repositories[f"datasets/{name}"] = Repository(private=False)
    for branch, files in branches.items():
        made.commit({"converted": "refs/convert/parquet"}.get(branch, branch), files)


def test_files(hub: Hub) -> None:
    add(hub, "ada/plain", main={"train.parquet": parquet("who", "how many"), "test.parquet": parquet("where")})
    found = open_source(DatasetBlock(path="ada/plain"))
    assert found["train"][:] == {"text": ["who", "how many"], "label": [0, 1]}
    assert found["test"].features == FEATURES


@pytest.mark.parametrize("streaming", [False, True])
def test_a_script(hub: Hub, streaming: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    converted = {
        "default/train/0000.parquet": parquet("who", "how many"),
        "default/test/0000.parquet": parquet("where"),
    }
    add(hub, "ada/trec", main={"trec.py": b"raise SystemExit", "README.md": b"# Questions"}, converted=converted)
    found = open_source(DatasetBlock(path="ada/trec", streaming=streaming))
    assert [row["text"] for row in found["train"]] == ["who", "how many"]
    assert found["test"].features == FEATURES
    if not streaming:  # the copy answers without a network, too
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", NOWHERE)
        assert open_source(DatasetBlock(path="ada/trec"))["test"]["text"][:] == ["where"]


def test_a_script_with_configurations(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    converted = {f"{name}/train/0000.parquet": parquet(name) for name in ("small", "large")}
    add(hub, "ada/sizes", main={"sizes.py": b"raise SystemExit"}, converted=converted)
    assert open_source(DatasetBlock(path="ada/sizes", name="large"))["train"]["text"][:] == ["large"]
    assert open_source(DatasetBlock(path="ada/sizes", name="small"))["train"]["text"][:] == ["small"]
    with pytest.raises(DataError, match=r"dataset.name: missing; ada/sizes has large, small; choose one"):
        open_source(DatasetBlock(path="ada/sizes"))
    with pytest.raises(DataError, match=r'no configuration "smal"; there are large, small; did you mean "small"'):
        open_source(DatasetBlock(path="ada/sizes", name="smal"))
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", NOWHERE)
    for name in ("small", "large"):
        assert open_source(DatasetBlock(path="ada/sizes", name=name))["train"]["text"][:] == [name]


def test_a_script_that_the_hub_has_not_run(hub: Hub) -> None:
    add(hub, "ada/odd", main={"odd.py": b"raise SystemExit"})
    with pytest.raises(DataError, match=r"dataset.path: ada/odd: .* no longer supported, but found odd.py"):
        open_source(DatasetBlock(path="ada/odd"))


def test_a_folder_with_a_script_is_not_looked_for_on_the_hub(hub: Hub, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / "odd.py").touch()
    with pytest.raises(DataError, match=r"no longer supported, but found odd.py; expected what"):
        open_source(DatasetBlock(path=str(folder)))
    assert not [request for request in hub.requests if "convert" in request]


@pytest.mark.parametrize("path", ["ada/trec", "a--b", "a..b/c"])
def test_nothing_is_there_without_a_network(hub: Hub, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", NOWHERE)
    with pytest.raises(DataError, match=rf"dataset.path: {path}: "):
        open_source(DatasetBlock(path=path))
