"""`gradients.html`: one page that opens offline, in the look of the report and under its rules.

Styles and the script that draws the charts are the report's own. As there, text reaches the page through Jinja2's
autoescaping or `tojson` alone, and its content security policy allows two scripts, by their checksums, and no
connection.
"""

import base64
import hashlib
from collections.abc import Sequence
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from markupsafe import Markup

from seqtasks.files import write_text
from seqtasks.gradients import charts
from seqtasks.gradients.findings import farthest, format_norm, sentences, shown_distances, vanished_after, verdict
from seqtasks.gradients.measurement import Network
from seqtasks.gradients.template import PAGE
from seqtasks.gradients.terminal import stage_title
from seqtasks.recipe import Recipe
from seqtasks.report.charts import specification
from seqtasks.report.html import page_environment, vega_bundle


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
    scripts = [vega_bundle(), files("seqtasks.report").joinpath("templates/report.js").read_text(encoding="utf-8")]
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
        version=version("seqtasks"),
        charts={name: specification(chart) for name, chart in figures.items()},
        scripts=[Markup(script) for script in scripts],
        script_sources=" ".join(f"'sha256-{_checksum(script)}'" for script in scripts),
    )


def _checksum(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
