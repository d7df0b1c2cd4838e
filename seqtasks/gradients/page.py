"""`gradients.html`: one page that opens offline, in the look of the report and under its rules.

Styles, the script that draws the charts, and the policy that lets nothing else run are the report's (`report/page.py`).
"""

from collections.abc import Sequence
from pathlib import Path

from seqtasks.files import write_text
from seqtasks.gradients import charts
from seqtasks.gradients.findings import farthest, format_norm, sentences, shown_distances, vanished_after, verdict
from seqtasks.gradients.measurement import Network
from seqtasks.gradients.template import PAGE
from seqtasks.gradients.terminal import stage_title
from seqtasks.recipe import Recipe
from seqtasks.report.page import page_content, page_environment


def write_page(path: Path, networks: Sequence[Network], recipe: Recipe, *, command: str) -> None:
    """Write the page.

    Args:
        path: of the file.
        networks: all variants.
        recipe: that they were built from.
        command: how to measure again.
    """
    write_text(path, render_page(networks, recipe, command=command))


def render_page(networks: Sequence[Network], recipe: Recipe, *, command: str) -> str:
    """The page as text; see `write_page`."""
    stages = list(networks[0].stages)
    figures = {f"stage{stage}": charts.comparison(networks, stage) for stage in stages}
    figures |= {f"cell{index}": charts.single(network, networks) for index, network in enumerate(networks)}
    environment = page_environment()
    environment.filters |= {
        "norm": format_norm,
        "stage": stage_title,
        "verdict": verdict,
        "vanished_after": vanished_after,
    }
    return environment.from_string(PAGE).render(
        recipe=recipe,
        is_bidirectional=getattr(getattr(recipe, "backbone", None), "bidirectional", False),
        networks=networks,
        stages=stages,
        farthest=farthest(networks),
        distances=shown_distances(networks),
        sentences=sentences(networks, stages[-1], recipe.train.max_grad_norm),
        command=command,
        **page_content(figures),
    )
