"""What is refused: calls by another site's name, and by the browser foreign servers, scripts and frames. Wraps the whole server.

Everything that is shown is escaped (markup.py). This is the second fence, which the browser keeps: a script that came
with a document's words would not run, and nothing could be sent anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_ALWAYS = (
    "default-src 'self'", "img-src 'self' data: blob:", "font-src 'self' data:", "media-src 'self' blob:", "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'", "object-src 'none'", "base-uri 'self'", "form-action 'self'", "frame-ancestors 'self'",
)  # fmt: skip
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})
_PLAIN = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


def policy(page: bytes = b"") -> str:
    """The Content-Security-Policy; of scripts between tags only those that stand in ``page`` may run.

    Gradio makes functions of texts (page.js comes that way), which needs ``unsafe-eval``; handlers in attributes and
    ``javascript:`` links stay refused, since neither is among the scripts of the page.
    """
    digests = (hashlib.sha256(found[1].replace(b"\r\n", b"\n")).digest() for found in _INLINE.finditer(page))
    scripts = " ".join(["'self'", "'unsafe-eval'", *dict.fromkeys(f"'sha256-{base64.b64encode(each).decode()}'" for each in digests)])
    return "; ".join([*_ALWAYS, f"script-src {scripts}"])


def callable_by(host: str, more: str = "") -> frozenset[str] | None:
    """The names by which a page that listens on ``host`` may be called: its own, and ``more`` (separated by commas); None for any.

    Only what listens on this computer alone knows its names. Another site's name that was made to point here (DNS rebinding)
    would let that site read the library through its visitor's browser.
    """
    named = frozenset(name.strip().casefold() for name in more.split(",") if name.strip())
    return _HERE | named | {host.casefold()} if _loopback(host) else named or None


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


class Guard:
    """Middleware that refuses calls by other names than ``names``, and adds these headers to every reply that has no own."""

    def __init__(self, app: ASGIApp, names: frozenset[str] | None = None) -> None:
        self.app, self.names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if self.names is not None and _called(scope) not in self.names:
            said = "The page is not known by this name. If it should be, add the name to ASSISTANT_HOSTS."
            await PlainTextResponse(said, 421)(scope, receive, send)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # Only the page itself vouches for the scripts in it; an HTML file that somebody uploaded does not.
        reply = _Page(send) if scope["path"] in ("", "/", f"{scope.get('root_path', '')}/") else _Reply(send)
        await self.app(scope, receive, reply)


def _called(scope: Scope) -> str:
    """The name in the Host header, without a port."""
    host = Headers(scope=scope).get("host", "").casefold()
    return re.sub(r":\d+$", "", host).strip("[]")


class _Reply:
    """A reply on its way: its headers are added as it passes."""

    def __init__(self, send: Send) -> None:
        self.send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            _add(message, policy())
        await self.send(message)


class _Page(_Reply):
    """The page on its way: held until it is whole, since its scripts have to be known first."""

    def __init__(self, send: Send) -> None:
        super().__init__(send)
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.body += message.get("body", b"")
        if message.get("more_body") or not self.start:
            return
        _add(self.start, policy(self.body))
        await self.send(self.start)
        await self.send({"type": "http.response.body", "body": self.body})


def _add(start: Message, said: str) -> None:
    headers = MutableHeaders(scope=start)
    for name, value in {**_PLAIN, "Content-Security-Policy": said}.items():
        headers.setdefault(name, value)
