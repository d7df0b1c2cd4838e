"""What the Hub's client raises, in one line that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from seqtasks.errors import HubError, SeqtasksError
from seqtasks.share.names import HubName

if TYPE_CHECKING:
    from huggingface_hub import HfApi

_NETWORK = {"ConnectionError", "TimeoutError", "TransportError", "RequestException"}
"""What errors of the network descend from in Python, httpx and requests; the client has changed from one to another."""

_LOGIN = "run `hf auth login`, or set HF_TOKEN to a token from {}/settings/tokens"


def client() -> "HfApi":
    """The Hub's client, as seqtasks."""
    from huggingface_hub import HfApi

    return HfApi(library_name="seqtasks", library_version=version("seqtasks"))


def endpoint() -> str:
    """The address of the Hub."""
    from huggingface_hub import constants

    return constants.ENDPOINT


def is_offline() -> bool:
    """Whether the user has forbidden to ask the Hub."""
    from huggingface_hub import constants

    return bool(constants.HF_HUB_OFFLINE)


def login_advice() -> str:
    """How to log in."""
    return _LOGIN.format(endpoint())


@contextmanager
def in_words(name: HubName, *, absent: str, before: str = "") -> Iterator[None]:
    """Turn whatever the client raises within the block into a `HubError`.

    Args:
        name: of what is asked for.
        absent: what to say where there is no such repository.
        before: what to say before any reason.
    """
    try:
        yield
    except SeqtasksError:
        raise
    # Versions of the client raise errors of different HTTP libraries; all of them are about this one request.
    except Exception as error:
        raise HubError(f"{name}: {before}{_reason(error, name, absent=absent)}") from error


def _reason(error: BaseException, name: HubName, *, absent: str) -> str:
    from huggingface_hub import errors

    if isinstance(error, RuntimeError | errors.LocalEntryNotFoundError) and error.__cause__:
        return _reason(error.__cause__, name, absent=absent)  # these only say in which part of the work it happened
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", None)
    if isinstance(error, errors.GatedRepoError):
        return f"its owner has not let you in; expected access to it; ask for it at {endpoint()}/{name.repo}"
    if isinstance(error, errors.RevisionNotFoundError):
        return f"{endpoint()}/{name.repo} has no such branch, tag or commit; expected one of it; check the spelling"
    if isinstance(error, errors.LocalTokenNotFoundError) or _is_bad_token(error, status):
        return f"the Hub does not accept the token; expected one that is valid; {login_advice()}"
    if isinstance(error, errors.RepositoryNotFoundError) or status == 404:
        return absent
    if status == 403:
        user = name.repo.split("/")[0]
        return (
            f"the token does not allow this ({_said(error)}); expected one that may write to {user}; "
            f"make one at {endpoint()}/settings/tokens, or choose another USER/NAME"
        )
    if status is not None:
        return f"the Hub has answered with status {status} ({_said(error)}); expected success; try again later"
    if isinstance(error, OSError) and error.errno is not None and error.filename is not None:
        return f"{error.filename} cannot be written or read ({error.strerror}); expected free space and permission"
    if isinstance(error, ValueError):
        return f"{_line(error)}; expected what the Hub accepts; change the name or the run"
    if is_offline():
        return (
            "HF_HUB_OFFLINE forbids to ask the Hub; expected a network, or a model in the cache; unset HF_HUB_OFFLINE"
        )
    if isinstance(error, errors.LocalEntryNotFoundError) or _NETWORK & {kind.__name__ for kind in type(error).__mro__}:
        return f"{endpoint()} cannot be reached, and the cache does not help; expected a network; connect and try again"
    return f"the Hub's client has failed ({type(error).__name__}: {_line(error)}); expected success; try again"


def _is_bad_token(error: BaseException, status: int | None) -> bool:
    """Without a token the Hub answers 401 for what does not exist, too."""
    from huggingface_hub import errors

    return status == 401 and not isinstance(error, errors.RepositoryNotFoundError)


def _said(error: BaseException) -> str:
    return " ".join((getattr(error, "server_message", None) or "no reason given").split())


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
