"""A page of ours as Chromium opens it, and what axe-core finds on it."""

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
_DRAWN = "document.querySelectorAll('[data-chart]:not(:has(svg, canvas))').length === 0"


def opened(browser: "Browser", path: Path) -> "tuple[Page, list[str]]":
    """A page whose charts are drawn, and all that went wrong or asked for something outside."""
    wrong: list[str] = []
    page = browser.new_page(reduced_motion="reduce")  # scrolls at once
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: wrong.append(request.url) if not request.url.startswith((path.as_uri(), "data:")) else None,
    )
    page.goto(path.as_uri())
    page.wait_for_function(_DRAWN)
    return page, wrong


def barriers(page: "Page") -> list[str]:
    """What keeps readers out of a page in light or in dark: the serious and critical findings of axe-core."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = []
    # All but the colours is the same in the dark.
    for scheme, options in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(_DRAWN)
        results = page.evaluate("(options) => axe.run(options)", options | {"resultTypes": ["violations"]})
        for each in results["violations"]:
            if each["impact"] in ("serious", "critical"):
                found += [
                    f"{scheme}: {each['id']}: {node['html'][:200]} {node['failureSummary']}" for node in each["nodes"]
                ]
    page.emulate_media(color_scheme="light")
    return found
