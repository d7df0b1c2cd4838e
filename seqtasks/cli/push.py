"""`seqtasks push`: a trained run onto the Hugging Face Hub."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from seqtasks.cli.arguments import local_run_argument
from seqtasks.errors import HubError

if TYPE_CHECKING:
    from seqtasks.share.push import Upload


@click.command("push")
@local_run_argument
@click.argument("name", metavar="USER/NAME")
@click.option("--private", is_flag=True, help="Make the repository private; one that is public is refused.")
@click.option("--revision", help="The branch, made if there is none.  [default: main]")
@click.option("--with-predictions", is_flag=True, help="Upload files that hold rows of the data, too.")
@click.option("--dry-run", is_flag=True, help="Show the files and the model card; upload nothing.")
def command(
    run: Path, name: str, *, private: bool, revision: str | None, with_predictions: bool, dry_run: bool
) -> None:
    """Upload a finished RUN to the Hugging Face Hub, with a model card.

    The name can then stand wherever a run is only read:

    \b
    seqtasks predict USER/NAME -

    Rows of the data stay here unless --with-predictions is given, as their licence may forbid to share them:
    predictions, attention maps, and the report, which shows examples. Folders of this machine are cut from every path.
    """
    from seqtasks.share.names import HubName, check_revision

    where = HubName.parse(name)
    if where is None or where.revision:
        raise HubError(
            f"{name}: is no name on the Hub; expected USER/NAME of letters, digits, -, _ and .; choose such a name"
        )
    if revision is not None:
        where = HubName(where.repo, check_revision(revision, where="--revision"))
    from seqtasks.share.push import prepared, push

    with prepared(run, where, with_predictions=with_predictions) as upload:
        if dry_run:
            _show(upload)
        else:
            click.echo(push(upload, private=private))


def _show(upload: "Upload") -> None:
    for file in upload.files:
        click.echo(f"{file.stat().st_size:>12,}  {file.name}")
    click.echo(f"\n{upload.card}", nl=False)
