"""`seqtasks generate`: a language model writes on from a prompt."""

from pathlib import Path

import click

from seqtasks.cli.arguments import json_option, print_json, run_argument
from seqtasks.errors import RunError


@click.command("generate")
@run_argument
@click.option("--prompt", default="", help="The text to go on from; none: begin anew.")
@click.option("--temperature", type=click.FloatRange(min=0, min_open=True), help="Below 1: likely tokens gain.")
@click.option("--top-k", type=click.IntRange(min=0), help="Draw among the k likeliest tokens; 0: no limit.")
@click.option(
    "--top-p", type=click.FloatRange(0, 1, min_open=True), help="Draw among the likeliest that share this probability."
)
@click.option("--max-length", type=click.IntRange(min=1), help="Tokens to write, at most.")
@click.option("--samples", type=click.IntRange(min=1), default=1, show_default=True, help="Texts to write.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Another seed, another text.")
@json_option
def command(
    run: Path,
    prompt: str,
    temperature: float | None,
    top_k: int | None,
    top_p: float | None,
    max_length: int | None,
    samples: int,
    seed: int,
    *,
    as_json: bool,
) -> None:
    """Write texts with a language model of RUN.

    What is not given is as in the run's recipe.
    """
    import torch

    from seqtasks.predictor import load
    from seqtasks.tasks.language_modeling import LanguageModeling

    predictor = load(run)
    task = predictor.task
    if not isinstance(task, LanguageModeling):
        raise RunError(
            f"{run}: its task is {task.name}; expected a language model, which goes on from a prompt; "
            "use seqtasks predict"
        )
    given = {"temperature": temperature, "top_k": top_k, "top_p": top_p, "max_length": max_length}
    block = task.recipe.decoding.model_copy(
        update={"do_sample": True, "num_beams": 1} | {name: value for name, value in given.items() if value is not None}
    )
    torch.manual_seed(seed)
    texts = task.generate(predictor.model, prompt, block, samples=samples)
    if as_json:
        print_json([{"prompt": prompt, "text": text} for text in texts])
        return
    for text in texts:
        click.echo(click.style(prompt, bold=True) + text)
