"""Sheet music of tunes in ABC notation, engraved by Verovio, which comes with the extra `music`.

Some malformed tunes, as a model may well write them, crash Verovio and the process with it. So each is engraved by
a process of its own, which runs this very file; whatever happens there, the report is written.
"""

import base64
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

SECONDS = 20
MAX_CHARACTERS = 400_000
_OPTIONS = {
    "adjustPageHeight": True,
    "breaks": "auto",
    "footer": "none",
    "header": "none",
    "pageHeight": 3000,
    "pageWidth": 1500,
    "scale": 40,
    "svgViewBox": True,
}


def is_installed() -> bool:
    """Whether there is a Verovio."""
    return find_spec("verovio") is not None


def sheet_music(abc: str) -> str | None:
    """A tune as the data URI of an SVG image, for an `<img>`, where no script can run.

    Args:
        abc: a whole ABC file of one tune.

    Returns:
        None without Verovio, and where it cannot read the tune.
    """
    if not is_installed():
        return None
    try:
        # -P: the neighbours of this file must not hide modules of the standard library, such as html.
        done = subprocess.run(
            [sys.executable, "-P", str(Path(__file__))],
            input=abc.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    svg = re.sub(rb">\s+<", b"><", done.stdout)  # its indentation is a third of it
    if done.returncode or not svg.startswith(b"<svg") or len(svg) > MAX_CHARACTERS:
        return None
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode("ascii")


def _engrave() -> int:
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions(_OPTIONS)
    if not toolkit.loadData(sys.stdin.buffer.read().decode()):
        return 1
    sys.stdout.buffer.write(toolkit.renderToSVG(1).lstrip().encode())
    return 0


if __name__ == "__main__":
    sys.exit(_engrave())
