"""`seqtasks gradients`: how far back each cell learns."""

from pathlib import Path

import click

from seqtasks.cli.arguments import command_line, json_option, overrides_argument, print_json, recipe_argument


@click.command("gradients")
@recipe_argument
@overrides_argument
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("gradients.html"),
    show_default=True,
    help="The page, or the directory for it.",
)
@click.option(
    "--steps",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Train each network for so many steps and measure again.",
)
@click.option("--overwrite", is_flag=True, help="Replace an earlier page.")
@json_option
def command(
    recipe: Path, overrides: tuple[str, ...], output: Path, *, steps: int, overwrite: bool, as_json: bool
) -> None:
    """Show how gradients vanish or explode in a RECIPE's network.

    Builds the network with each cell, and measures how much of the gradient of a loss at the last step is left at the
    states before it. Prints a table and writes a page with charts.
    """
    from seqtasks.errors import RunError
    from seqtasks.recipe import load_recipe

    checked = load_recipe(recipe, overrides)
    path = output / "gradients.html" if output.is_dir() else output
    if path.exists() and not overwrite:
        raise RunError(
            f"{path}: is there already; expected a new file; add --overwrite to replace it, "
            "or choose another with --output"
        )
    import torch
    from rich.console import Console

    from seqtasks.gradients import measure, print_gradients, write_page

    torch.set_num_threads(1)  # single steps are too small to be shared: threads would wait for each other
    networks = []
    for network in measure(checked, steps=steps):
        click.echo(f"measured {network.variant.name}", err=True)
        networks.append(network)
    path.parent.mkdir(parents=True, exist_ok=True)
    options = (*(("--steps", str(steps)) if steps else ()), "--output", path)
    write_page(path, networks, checked, command=command_line("gradients", recipe, *overrides, *options))
    if as_json:
        print_json([network.to_dict() for network in networks])
        return
    console = Console()
    print_gradients(networks, max_grad_norm=checked.train.max_grad_norm, console=console)
    console.print(f"page: {path}", markup=False, highlight=False, soft_wrap=True)
