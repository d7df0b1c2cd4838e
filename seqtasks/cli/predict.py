"""`seqtasks predict`: a line in, a line out."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from seqtasks.cli.arguments import RunPath

if TYPE_CHECKING:
    from seqtasks.input_lines import InputField
    from seqtasks.prediction import Prediction


@click.command("predict")
@click.argument("paths", nargs=-1, required=True, type=RunPath(), metavar="RUN... [FILE]")
@click.option("--json", "as_json", is_flag=True, help="JSON lines, with probabilities or scores.")
@click.pass_context
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--resume", is_flag=True, help="Go on with --output where an earlier command has stopped.")
@click.option("--overwrite", is_flag=True, help="Replace the file of --output.")
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    *,
    as_json: bool,
    output: Path | None,
    resume: bool,
    overwrite: bool,
) -> None:
    """Answer each line of FILE, or of standard input, with one line.

    RUN is a run directory, its name on the Hub (USER/NAME or USER/NAME@REVISION), or a folder that `seqtasks export`
    wrote, which answers without loading torch. Several runs, such as those of other seeds, answer together: their
    probabilities are averaged.

    A line is plain text (words or numbers separated by spaces, the path of a picture or a sound, attributes as in
    "rhythm=jig, key=D"), or JSON: a string, a list of words, numbers or frames, or an object that holds the recipe's
    input column. An empty line is answered too. A language model answers with the nats that it spends on a line.

    The file of --output appears when all lines are answered; until then they stand in OUTPUT.partial, from which
    --resume goes on, after a crash too, without a lost or a doubled line.
    """
    if output is None and (resume or overwrite):
        raise click.UsageError("--resume and --overwrite are about the file of --output; name it")
    from seqtasks.errors import DataError
    from seqtasks.input_lines import line_chunks, parse_inputs
    from seqtasks.share.names import HubName

    last = paths[-1]
    has_file = len(paths) > 1 and not last.is_dir() and (last.exists() or HubName.parse(last) is None)
    runs, name = (paths[:-1], str(last)) if has_file else (paths, "-")
    if name != "-" and not Path(name).exists():
        raise click.UsageError(f"{name}: there is no such run directory and no such file; check the path")
    file: BinaryIO = click.File("rb").convert(name, None, context)  # type: ignore[assignment]
    answer, field = _load(*runs, details=as_json)
    if file.isatty():
        click.echo("One input a line; Ctrl-D ends.", err=True)
    show, cut = (_as_json if as_json else _as_text), 0
    with _sink(output, resume=resume, overwrite=overwrite) as (done, write):
        for inputs in parse_inputs(line_chunks(file), field):
            left, done = inputs[done:], max(0, done - len(inputs))
            answers = answer(left)
            cut += sum("cut" in each.details for each in answers)
            write("".join(show(each) + "\n" for each in answers))
        if done:
            raise DataError(
                f"{output}.partial: has {done:,} lines more than {name}; expected answers to it; name its file"
            )
    if cut:
        click.echo(f"{cut:,} inputs were longer than tokenizer.max_length and were cut", err=True)


@contextmanager
def _sink(output: Path | None, *, resume: bool, overwrite: bool) -> Iterator[tuple[int, Callable[[str], Any]]]:
    """How many lines have been answered before, and what writes further ones."""
    if output is None:
        yield 0, partial(click.echo, nl=False)
        return
    from seqtasks.output_lines import growing

    with growing(output, resume=resume, overwrite=overwrite) as (done, write):
        if done:
            click.echo(f"{done:,} lines have been answered before", err=True)
        yield done, write


def _load(path: Path, *others: Path, details: bool) -> "tuple[Callable[[Sequence[Any]], list[Prediction]], InputField]":
    """What answers, with all details or those that cost no time, and the field of an object that it reads."""
    from seqtasks.input_lines import InputField
    from seqtasks.runtime.manifest import MANIFEST

    if not others and (path / MANIFEST).exists():
        from seqtasks.runtime import load as load_exported

        exported = load_exported(path)
        return exported.predict_with_details, InputField(exported.manifest.role, exported.manifest.column)
    from seqtasks.predictor import load

    predictor = load(path, *others)
    return partial(predictor.predict_with_details, costly=details), InputField.of(predictor.task.recipe)


def _as_text(answer: "Prediction") -> str:
    value = answer.value
    if isinstance(value, list) and all(isinstance(part, str | float) for part in value):
        value = " ".join(map(str, value))
    text = value if isinstance(value, str) else json.dumps(value)
    return " ".join(text.splitlines())


def _as_json(answer: "Prediction") -> str:
    return json.dumps({"prediction": answer.value, **answer.details}, ensure_ascii=False)
