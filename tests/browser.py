"""Chromium for tests: the machine's own, driven by Playwright, shut off from everything but loopback."""

import os
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Frame, Page, async_playwright, expect

from tests.patience import PATIENCE_S

PHONE: Final = 390
DESK: Final = 1280
"""Widths that every page is looked at, in CSS pixels."""

_AXE: Final = Path(__file__).parent / "node/node_modules/axe-core/axe.min.js"
_CHAT: Final = Path(__file__).parent.parent / "sandbox/chat/node_modules/adaptivecards"
_WCAG: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_ARGS: Final = (
    "--no-sandbox",  # the tests run as root in containers, where Chromium's own sandbox cannot start
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
)
_WALLS: Final = "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"


@asynccontextmanager
async def chromium(*played: str) -> AsyncGenerator[Browser]:
    """Open Chromium, and close it at the end. Without one the test is skipped, or fails where CI runs it.

    played  what the test plays itself, as in ``MAP teams.microsoft.com 127.0.0.1:1234``
    """
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        _missing("Chromium is not installed (make chromium)")
    expect.set_options(timeout=PATIENCE_S * 1000)
    async with async_playwright() as playwright:
        hosts = f"--host-resolver-rules={', '.join((*played, _WALLS))}"
        browser = await playwright.chromium.launch(executable_path=found, args=[*_ARGS, hosts])
        try:
            yield browser
        finally:
            await browser.close()


def needs_chat_page() -> None:
    """Skip the test, or fail where CI runs it, unless the chat page can draw cards."""
    if not _CHAT.exists():
        _missing("the chat page's packages are not installed (make test)")


async def violations(page: Page | Frame) -> list[str]:
    """Return what axe-core finds wrong with the open page, or a stranger's frame in it, by WCAG 2.2 AA, a sentence each.

    The engine runs in a world of its own, so the page's Content-Security-Policy stays as it is.
    """
    if not _AXE.exists():
        _missing("axe-core is not installed (make types)")
    context = page.page.context if isinstance(page, Frame) else page.context
    session: Any = await context.new_cdp_session(page)
    tree = await session.send("Page.getFrameTree")
    world = await session.send("Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"]})
    at = {"contextId": world["executionContextId"]}
    await session.send("Runtime.evaluate", {"expression": _AXE.read_text("utf-8"), **at})
    run = f"axe.run(document, {{runOnly: {list(_WCAG)}}}).then(found => found.violations.map(each => {_SENTENCE}))"
    answer = await session.send("Runtime.evaluate", {"expression": run, **at, "awaitPromise": True, "returnByValue": True})
    if "exceptionDetails" in answer:
        raise RuntimeError(answer["exceptionDetails"])
    found: list[str] = answer["result"]["value"]
    return found


_SENTENCE: Final = "each.id + ': ' + each.nodes.map(node => node.html + ' ' + node.failureSummary).join('; ')"


def _missing(what: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"{what}; where CI is set, browser tests must run")
    pytest.skip(f"BROWSER TEST NOT RUN: {what}")
