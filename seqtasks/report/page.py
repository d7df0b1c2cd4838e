"""What the pages of this project share: one file that opens offline, with its charts, styles and scripts inside.

Strings from data reach a page through Jinja2's autoescaping or its `tojson` alone. The page's own content security
policy allows the scripts named by their checksums and no connection whatever, so that neither a text that slips
through nor a chart can run a script or reach the network. Pages extend `templates/page.html.j2`.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import altair
import vl_convert
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from seqtasks.report.charts import specification


def page_environment(package: str = "seqtasks.report") -> Environment:
    """Jinja2 as every page of ours uses it: all strings are escaped, and an unknown name is an error.

    Args:
        package: whose templates are looked for before those of the report.
    """
    packages = dict.fromkeys([package, "seqtasks.report"])
    return Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page_content(figures: Mapping[str, Any], *, scripts: Sequence[str] = ()) -> dict[str, Any]:
    """What `page.html.j2` is filled with.

    Args:
        figures: Altair charts by the names that the page gives them.
        scripts: files in `templates/` that this page needs beside those that every page has.
    """
    folder = files("seqtasks.report").joinpath("templates")
    texts = [vega_bundle(), *(folder.joinpath(name).read_text(encoding="utf-8") for name in ("report.js", *scripts))]
    return {
        "version": version("seqtasks"),
        "charts": {name: specification(chart) for name, chart in figures.items()},
        "scripts": [Markup(text) for text in texts],
        "script_sources": " ".join(f"'sha256-{_checksum(text)}'" for text in texts),
    }


@cache
def vega_bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script without outside parts; made once a process (seconds)."""
    number = ".".join(altair.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=number)
    # In a function of its own, for its hundreds of short names would be the page's globals otherwise.
    return f"(()=>{{{bundle}}})()"


def _checksum(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
