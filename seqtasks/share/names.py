"""Names on the Hub: `USER/NAME`, or `USER/NAME@REVISION`."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from seqtasks.errors import HubError

_PART = r"[A-Za-z0-9_](?:[\w.-]*[A-Za-z0-9_])?"
_NAME = re.compile(rf"(?=.{{3,96}}$)(?!.*(?:--|\.\.)){_PART}/{_PART}", re.ASCII)
_NO_REVISION = re.compile(r"^[-/.]|[/.]$|\.\.|//|/\.|@\{|\.lock$|[\s\x00-\x1f\x7f~^:?*\[\\%#]")
"""What git forbids in the name of a branch or tag, and what has a meaning in an address."""


@dataclass(frozen=True)
class HubName:
    """A model repository on the Hub.

    Attributes:
        repo: `USER/NAME`.
        revision: a branch, tag or commit; None: the main branch.
    """

    repo: str
    revision: str | None = None

    @classmethod
    def parse(cls, text: str | Path) -> Self | None:
        """The name that a text stands for; None if it has not the form of one.

        Raises:
            HubError: what follows the @ cannot be a revision.
        """
        given = text.as_posix() if isinstance(text, Path) else text
        repo, at, revision = given.partition("@")
        if not _NAME.fullmatch(repo) or repo.endswith(".git"):
            return None
        return cls(repo, check_revision(revision, where=repo) if at else None)

    def __str__(self) -> str:
        return f"{self.repo}@{self.revision}" if self.revision else self.repo


def check_revision(revision: str, *, where: str) -> str:
    """A revision, if it can be one.

    Raises:
        HubError: it cannot.
    """
    if not revision or len(revision) > 200 or _NO_REVISION.search(revision):
        raise HubError(
            f"{where}: {revision!r} cannot be a revision; expected a branch, a tag or a commit, such as main or v1.0; "
            "check its spelling"
        )
    return revision
