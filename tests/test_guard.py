"""What the browser is told to refuse: the headers of the page, of its files and of what others uploaded; and in a real browser that it does."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from tests import test_browser as web
from ui.web.guard import Guard, callable_by, policy

if TYPE_CHECKING:
    from playwright.sync_api import Browser

browser = web.browser

PAGE = "<html><script>window.ours = 'é';\r\n</script><script type=module src='./a.js'></script><script data-x>two()</script></html>"


TRAPS = """() => {
  window.refused = [];
  document.addEventListener('securitypolicyviolation', (one) => window.refused.push(one.effectiveDirective));
  const box = document.createElement('div');
  box.innerHTML = '<img src="data:,x" onerror="window.ran = 1"><a id="trap" href="javascript:window.ran = 2">x</a>';
  box.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = 3' }));
  document.querySelector('#banner').append(box);
  document.querySelector('#trap').click();
  new Image().src = 'http://elsewhere.invalid/pixel.png';
  fetch('http://elsewhere.invalid/').catch(() => {});
}"""
"""A handler in an attribute, a ``javascript:`` link, a script, a picture and a request to elsewhere, put into the page."""


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.fixture(scope="module")
def client() -> TestClient:
    def page(_: Request) -> Response:
        return StreamingResponse(iter([PAGE[:30].encode(), PAGE[30:].encode()]), media_type="text/html")

    def own(_: Request) -> Response:
        return PlainTextResponse("text", headers={"Content-Security-Policy": "sandbox"})

    routes = [Route("/", page), Route("/file.html", lambda _: HTMLResponse(PAGE)), Route("/own", own)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(Guard)]))


def test_the_page_may_run_its_own_scripts_and_no_others(client: TestClient) -> None:
    reply = client.get("/")
    said = reply.headers["content-security-policy"]
    assert reply.text == PAGE and hashed("window.ours = 'é';\n") in said and hashed("two()") in said and said.count("sha256-") == 2
    assert "'unsafe-inline'" not in said.split("script-src")[1] and "default-src 'self'" in said and "http" not in said
    assert reply.headers["x-content-type-options"] == "nosniff" and reply.headers["referrer-policy"] == "no-referrer"


def test_the_scripts_of_other_html_are_not_vouched_for_and_own_headers_stay(client: TestClient) -> None:
    assert client.get("/file.html").headers["content-security-policy"] == policy() and "sha256" not in policy()
    assert client.get("/own").headers["content-security-policy"] == "sandbox"
    assert client.get("/nothing").headers["x-content-type-options"] == "nosniff"


def test_a_page_of_this_computer_is_called_by_its_own_names_and_those_that_were_set() -> None:
    assert callable_by("0.0.0.0") is None and callable_by("0.0.0.0", "Reports.example , ") == {"reports.example"}
    assert callable_by("127.0.0.2") == {"127.0.0.1", "127.0.0.2", "localhost", "::1"} and callable_by("reports.example") is None
    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("here"))], middleware=[Middleware(Guard, names=callable_by("127.0.0.1", "a.example"))])
    client = TestClient(app)
    told = {host: client.get("/", headers={"host": host}).status_code for host in
            ("127.0.0.1:7860", "localhost", "[::1]:7860", "A.example:80", "evil.example", "127.0.0.1.evil.example", "")}  # fmt: skip
    assert list(told.values()) == [200, 200, 200, 200, 421, 421, 421]


@pytest.mark.browser
def test_the_browser_refuses_scripts_and_servers_that_are_not_ours(browser: Browser, toured: str) -> None:
    page = browser.new_page()
    page.goto(toured)
    page.get_by_label("Your question").wait_for()
    page.evaluate(TRAPS)
    page.wait_for_function("window.refused.length >= 5")
    assert page.evaluate("window.ran") is None
    assert set(page.evaluate("window.refused")) == {"script-src-attr", "script-src-elem", "img-src", "connect-src"}
    page.close()
