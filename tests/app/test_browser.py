"""The app in a real browser: what only a browser does, such as scrolling, copying and following links."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.app.conftest import HOSTILE

sync_api = pytest.importorskip("playwright.sync_api")
if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Download, Page


@pytest.fixture(scope="module")
def address(directory: Path) -> Iterator[str]:
    """The address of a running app."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    root = Path(__file__).parents[2]
    program = "import sys; sys.path.insert(0, sys.argv.pop(1)); from cli import main; main()"
    command = [sys.executable, "-c", program, str(root), "serve", "--index", str(directory), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_until_up(f"http://localhost:{port}/_stcore/health")
            yield f"http://localhost:{port}/"
        finally:
            server.terminate()


def wait_until_up(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{address} does not answer")


@pytest.fixture
def page(browser: "Browser", address: str) -> Iterator["Page"]:
    """A page that may copy, and must ask nothing of other machines."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page = context.new_page()
    page.set_default_timeout(60_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()
    assert [url for url in asked if not url.startswith((address, "ws://localhost", "data:", "blob:"))] == []


def test_from_question_to_quotation_to_document(page: "Page", address: str) -> None:
    # Another document was read before: the quotation's own must take its place.
    page.goto(f"{address}document?source={quote('办法.txt')}")
    page.wait_for_selector(".yj-text")
    page.get_by_role("link", name="问答").click()
    box = page.get_by_placeholder("例如")
    box.fill("“三个实”是什么？")
    box.press("Enter")
    page.wait_for_selector(".yj-quote")
    assert f"q={quote('“三个实”是什么？')}" in page.url
    page.get_by_role("button", name="复制引文").first.click()
    page.get_by_role("button", name="已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    quotation = page.locator(".yj-quote blockquote").first.inner_text()
    assert copied == f"“{quotation}”（《在全市机关作风建设会议上的讲话》，2021年3月1日）"
    page.get_by_text("在文件中查看").first.click()
    page.wait_for_selector("mark")
    assert "".join(page.locator("mark").all_inner_texts()) == quotation


def test_a_shared_link_scrolls_to_the_quotation(page: "Page", address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 300})
    # 差旅费管理办法, 第一章 总则, the first article's line and 第二章 交通, each with its newline: 8 + 7 + 21 + 7.
    page.goto(f"{address}document?source={quote('办法.txt')}&start=43&end=46")
    page.wait_for_selector("#quote")
    assert page.locator("mark").inner_text() == "第二条"
    page.wait_for_function(
        "(() => { const r = document.getElementById('quote').getBoundingClientRect();"
        " return r.top >= 0 && r.bottom <= innerHeight })()"
    )


def test_an_occurrence_leads_to_its_place(page: "Page", address: str) -> None:
    page.goto(f"{address}phrases?phrase={quote('要实')}")
    page.locator("a.yj-line").nth(1).click()
    page.wait_for_selector("#quote")
    assert page.locator("mark").inner_text() == "要实"


def downloaded(page: "Page", name: str) -> "Download":
    """What a button gives; a click on one that Streamlit draws anew at that moment is lost, and is made again."""
    for _ in range(5):
        try:
            with page.expect_download(timeout=10_000) as download:
                page.get_by_role("button", name=name).click()
        except sync_api.TimeoutError:
            continue
        return download.value
    pytest.fail(f"{name} gives nothing")


def test_occurrences_are_downloaded_for_spreadsheets(page: "Page", address: str) -> None:
    page.goto(f"{address}phrases?phrase={quote('谋事要实')}")
    page.wait_for_selector("a.yj-line")
    download = downloaded(page, "下载 CSV")
    header, line = download.path().read_text(encoding="utf-8").splitlines()
    assert header == "\ufeffdate,title,number,source,page,start,left,match,right"
    assert line.startswith("2021-03-01,在全市机关作风建设会议上的讲话,,讲话.txt,,")


def test_a_hostile_text_is_only_text(page: "Page", address: str) -> None:
    dialogs: list[str] = []

    def note(dialog: "Dialog") -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    page.goto(f"{address}document?source={quote('讲话.txt')}")
    page.wait_for_selector(".yj-text")
    assert page.locator(".yj-text p").last.inner_text() == HOSTILE
    assert page.locator(".yj-text script, .yj-text a, .yj-text strong").count() == 0
    assert dialogs == []


def test_a_narrow_screen_needs_no_scrolling_sideways(page: "Page", address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("", f"?q={quote('“三个实”是什么？')}", f"phrases?phrase={quote('要实')}"):
        page.goto(address + path)
        page.wait_for_selector(".yj-head")
        assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= 390
