"""Pages as Chromium sees them: one types and sees the answer, nothing goes wrong, and nothing leaves this machine."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from opened_page import PHONE

from seqtasks.demo import serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ATTACK = "<img src=x onerror=alert(1)> good"


@contextmanager
def opened(browser: "Browser", page_of: Callable[[str], Any], task: str, **options: Any) -> "Iterator[Page]":
    """The page of a task once it has answered its first example; what went wrong fails the test."""
    wrong: list[str] = []
    with serve(page_of(task)) as address:
        page = browser.new_page(**options)
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((address, "data:", f"blob:{address}"))
                else wrong.append(f"asks {request.url}")
            ),
        )
        page.goto(address)
        page.locator("header h1").wait_for()
        yield page
        page.close()
    assert wrong == []


def findings(page: "Page") -> list[str]:
    """What keeps readers out of a page that is at rest, as axe-core finds it."""
    from axe_playwright_python.sync_playwright import Axe

    # An answer that is about to be replaced is faded.
    page.wait_for_function(
        "!document.querySelector('.pending, .generating') && "
        "document.getAnimations().every((animation) => animation.playState !== 'running')"
    )
    violations = Axe().run(page).response["violations"]
    return [
        f"{finding['id']}: {node['html']}"
        for finding in violations
        if finding["impact"] in ("serious", "critical")
        for node in finding["nodes"]
    ]


def width(page: "Page") -> int:
    page.set_viewport_size(PHONE)
    return int(page.evaluate("document.documentElement.scrollWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_classifier(browser: "Browser", page_of: Callable[[str], Any], scheme: str) -> None:
    with opened(browser, page_of, "classification", color_scheme=scheme) as page:
        page.get_by_label("Text").fill(ATTACK)
        page.get_by_role("button", name="Label it").click()
        page.locator(".words", has_text="onerror").wait_for()
        assert page.get_by_test_id("label-output-value").inner_text() in ("yes", "no")
        assert findings(page) == []
        page.get_by_role("button", name="bad film").click()
        page.locator(".words", has_text=re.compile("^bad film$")).wait_for()
        assert width(page) <= PHONE["width"]


def test_a_tagger(browser: "Browser", page_of: Callable[[str], Any]) -> None:
    with opened(browser, page_of, "tagging") as page:
        page.get_by_label("Sentence").fill("The dog runs")
        page.get_by_role("button", name="Tag it").click()
        page.locator(".token .label").nth(2).wait_for()
        assert page.locator(".token .text").all_inner_texts() == ["The", "dog", "runs"]
        assert findings(page) == []
        assert width(page) <= PHONE["width"]


def test_a_translator(browser: "Browser", page_of: Callable[[str], Any]) -> None:
    with opened(browser, page_of, "translation") as page:
        page.get_by_label("Text").fill(ATTACK)
        page.get_by_label("Text").press("Enter")
        page.get_by_role("button", name="Translate it").click()
        page.locator(".attention thead th", has_text="<unk>").first.wait_for()
        assert page.locator(".list tbody tr").count() == 2
        assert findings(page) == []
        page.get_by_label("number input for Beam size").fill("4")
        page.locator(".list tbody tr").nth(3).wait_for()
        assert width(page) <= PHONE["width"]


def test_a_conversation(browser: "Browser", page_of: Callable[[str], Any]) -> None:
    with opened(browser, page_of, "chat") as page:
        page.get_by_placeholder("Say something").fill(ATTACK)
        page.get_by_placeholder("Say something").press("Enter")
        page.get_by_test_id("bot").wait_for()
        assert ATTACK in page.get_by_test_id("user").inner_text()


def test_a_mistake_is_told_in_words(browser: "Browser", page_of: Callable[[str], Any]) -> None:
    with opened(browser, page_of, "forecasting") as page:
        page.get_by_label("Series").fill(f"1 2 {ATTACK}")
        page.get_by_role("button", name="Forecast", exact=True).click()
        page.get_by_text("expected numbers between spaces").wait_for()
        assert not page.locator("img[onerror]").count()


def test_the_server_forbids_other_hosts_and_is_gone_when_it_closes(page_of: Callable[[str], Any]) -> None:
    import httpx

    with serve(page_of("tagging")) as address:
        answer = httpx.get(address, trust_env=False)
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "googleapis" not in answer.text
    with pytest.raises(httpx.ConnectError):
        httpx.get(address, trust_env=False)
