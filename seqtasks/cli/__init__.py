"""The command line: `seqtasks COMMAND`, one command per file.

Only click is imported here and at the top of each command's file; what a command needs it imports when it runs, so
help and completion answer at once. What the user can mend is printed as `error: ...` lines, with exit code 2.
"""

import errno
import signal
from importlib import import_module
from typing import Any

import click

from seqtasks.errors import SeqtasksError

COMMANDS = (
    "run",
    "check",
    "explain",
    "gradients",
    "evaluate",
    "compare",
    "verify",
    "predict",
    "export",
    "generate",
    "chat",
    "demo",
    "report",
    "runs",
    "push",
    "data",
    "recipes",
    "schema",
)
"""In the order in which they are listed. Each one is the `command` of `seqtasks.cli.NAME`."""

_MENDABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM)


class Commands(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import one command; None if there is none of this name."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"seqtasks.cli.{name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; print what the user can mend, and exit with 2, or with 130 after Ctrl-C or SIGTERM."""
        previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            return super().invoke(ctx)
        except SeqtasksError as error:
            _fail(ctx, str(error))
        except OSError as error:
            if error.errno not in _MENDABLE:
                raise
            _fail(
                ctx,
                f"{error.filename or 'output'}: cannot be written or read ({error.strerror}); "
                "expected free space and permission; make room or choose another place",
            )
        except KeyboardInterrupt:
            ctx.exit(130)
        finally:
            signal.signal(signal.SIGTERM, previous)


def _fail(ctx: click.Context, message: str) -> None:
    for line in message.splitlines():
        click.echo(f"error: {line}", err=True)
    ctx.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="seqtasks")
def main() -> None:
    """Sequence tasks with recurrent networks: one short recipe trains, scores and reports.

    \b
    seqtasks recipes list             recipes that come along
    seqtasks explain translate        what one of them builds
    seqtasks run translate            train it, score it, report on it
    seqtasks predict runs/translate   use it
    """
