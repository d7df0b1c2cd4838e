"""A page of ours as Chromium opens it."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PHONE = {"width": 390, "height": 844}


def opened(browser: "Browser", path: Path) -> "tuple[Page, list[str]]":
    """A page whose charts are drawn, and all that went wrong or asked for something outside."""
    wrong: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: wrong.append(request.url) if not request.url.startswith((path.as_uri(), "data:")) else None,
    )
    page.goto(path.as_uri())
    page.wait_for_function("document.querySelectorAll('[data-chart]:not(:has(svg, canvas))').length === 0")
    return page, wrong
