"""Run directory to the Hub: everything in one commit, so that whoever loads it sees all of it or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from seqtasks.errors import HubError
from seqtasks.share.contents import CARD, FETCHED, REPORT, gather
from seqtasks.share.hub import client, endpoint, in_words, is_offline, login_advice
from seqtasks.share.names import HubName

if TYPE_CHECKING:
    from huggingface_hub import HfApi

_MAIN = "main"


@dataclass(frozen=True)
class Upload:
    """What is about to go to the Hub.

    Attributes:
        name: where to.
        folder: holds the files, as they will be there.
    """

    name: HubName
    folder: Path

    @property
    def files(self) -> list[Path]:
        """In the order of their names."""
        return sorted(self.folder.iterdir())

    @property
    def card(self) -> str:
        """The model card."""
        return (self.folder / CARD).read_text(encoding="utf-8")


@contextmanager
def prepared(run: Path, name: HubName, *, with_predictions: bool = False) -> Iterator[Upload]:
    """What `push` would upload, in a folder that is there while the block runs. Asks nothing of the network.

    Args:
        run: a finished run directory.
        name: on the Hub, with a revision or without.
        with_predictions: the files with rows of the data too; see `seqtasks.share.contents`.

    Raises:
        RunError: the run is not finished, or damaged.
    """
    with TemporaryDirectory(prefix="seqtasks-push-") as place:
        folder = Path(place) / name.repo.split("/")[1]
        folder.mkdir()
        gather(run, name, folder, with_predictions=with_predictions)
        yield Upload(name, folder)


def push(upload: Upload, *, private: bool = False) -> str:
    """Upload a run in one commit; what an earlier run has left there is deleted in it.

    Args:
        upload: from `prepared`.
        private: make the repository private, if it is new.

    Returns:
        The address of the model.

    Raises:
        HubError: there is no token, it does not suffice, the Hub cannot be reached, or `private` is asked of a
            repository that is public.
    """
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete, get_token

    from seqtasks.data.origin import hub_answers

    name, api = upload.name, client()
    revision = name.revision or _MAIN
    if get_token() is None:
        raise HubError(f"{name}: there is no token, without which nothing can be uploaded; {login_advice()}")
    if not is_offline() and not hub_answers():  # the client would wait for minutes
        raise HubError(f"{name}: {endpoint()} cannot be reached; expected a network; connect and try again")
    with in_words(name, absent=f"there is none, and none is made; expected a token of this user; {login_advice()}"):
        address = api.create_repo(name.repo, private=private or None, exist_ok=True)
        if private and not api.model_info(name.repo).private:
            raise HubError(
                f"{name}: is there already and public; expected a private repository; make it private at "
                f"{endpoint()}/{name.repo}/settings, or leave out --private"
            )
        if revision != _MAIN and not revision.startswith("refs/"):
            api.create_branch(name.repo, branch=revision, exist_ok=True)
        names = {file.name for file in upload.files}
        api.create_commit(
            name.repo,
            [
                *(CommitOperationDelete(stale) for stale in _stale(api, name, revision, names)),
                *(CommitOperationAdd(file.name, file) for file in upload.files),
            ],
            commit_message="A run of seqtasks",
            revision=revision,
        )
    return f"{address}/tree/{revision}" if name.revision else str(address)


def _stale(api: "HfApi", name: HubName, revision: str, names: set[str]) -> list[str]:
    """Files that only an earlier run has: beside this one's they would be damage."""
    there = api.list_repo_files(name.repo, revision=revision)
    return sorted(set(there) & {*FETCHED, REPORT} - names)
