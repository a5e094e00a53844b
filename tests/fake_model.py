"""A chat model's server that does as it is told: OpenAI's, Anthropic's and Ollama's way of streaming, in a thread.

``fake.script`` holds a Reply for each call to come; the last one is kept for all further calls.
"""

from __future__ import annotations

import json
import select
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What one call gets: words to stream, with numbers between them for seconds of waiting."""

    chunks: Sequence[str | float] = ("Good ", "day.")
    thoughts: Sequence[str] = ()
    """Reasoning content before the words."""
    usage: tuple[int, int] = (7, 2)
    end: str = "stop"
    status: int = 200
    message: str = "no"
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    """The connection breaks after the chunks."""
    endless: bool = False
    """The chunks come again and again, until the client goes."""
    refuses: str = ""
    """A name in the request; if it is there, the call is refused with 400."""


class FakeModel:
    """``requests`` are the calls for text, ``asked`` the paths of all calls; ``gone`` is set when a client left a stream early.

    While it ``loads``, every call is refused.
    """

    def __init__(self, port: int = 0) -> None:
        self.script: list[Reply] = [Reply()]
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.asked: list[str] = []
        self.models: list[dict[str, Any]] = [{"id": "/models/small.gguf"}, {"id": "other"}]
        self.n_ctx: int | None = None
        self.tokenizes = self.loads = False
        self.gone, self.sent = threading.Event(), 0
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"{self.root}/v1"

    def next(self) -> Reply:
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serving(*replies: Reply) -> Iterator[FakeModel]:
    """A server with this script."""
    fake = FakeModel()
    fake.script = list(replies) or fake.script
    try:
        yield fake
    finally:
        fake.close()


def unused_url() -> str:
    """A URL behind which nothing is."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{found.getsockname()[1]}/v1"


class _Gone(Exception):
    """The client has left."""


def _handler(fake: FakeModel) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            fake.asked.append(self.path)
            fake.headers.append({name.lower(): value for name, value in self.headers.items()})
            if fake.loads:
                self._json({"error": {"message": "loading"}}, 503)
            elif self.path.endswith("/models"):
                self._json({"data": fake.models})
            elif self.path == "/props" and fake.n_ctx:
                self._json({"default_generation_settings": {"n_ctx": fake.n_ctx}})
            else:
                self._json({"error": "not found"}, 404)

        def do_POST(self) -> None:
            fake.asked.append(self.path)
            fake.headers.append({name.lower(): value for name, value in self.headers.items()})
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path.endswith("/tokenize"):
                self._json({"tokens": body["content"].split()} if fake.tokenizes else {}, 200 if fake.tokenizes else 404)
                return
            fake.requests.append(body)
            reply = fake.next()
            if reply.refuses and reply.refuses in body:
                reply = Reply(status=400, message=f"{reply.refuses} is not supported")
            if reply.status != 200:
                self._json({"error": {"message": reply.message, "type": "error"}}, reply.status, reply.headers)
                return
            try:
                self._stream(reply)
            except (_Gone, OSError):
                fake.gone.set()
                self.close_connection = True

        def _json(self, value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
            data = json.dumps(value).encode()
            self.send_response(status)
            for name, content in {"Content-Type": "application/json", "Content-Length": str(len(data)), **(headers or {})}.items():
                self.send_header(name, content)
            self.end_headers()
            self.wfile.write(data)

        def _stream(self, reply: Reply) -> None:
            way = _WAYS[self.path]
            self.send_response(200)
            self.send_header("Content-Type", way.kind)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self._send(*way.start(reply))
            for thought in reply.thoughts:
                self._send(*way.piece(thought, thought=True))
            while True:
                for chunk in reply.chunks:
                    if isinstance(chunk, str):
                        self._send(*way.piece(chunk))
                        fake.sent += 1
                    else:
                        self._wait(chunk)
                if not reply.endless:
                    break
            if reply.drop:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self._send(*way.end(reply))
            self.wfile.write(b"0\r\n\r\n")

        def _send(self, *lines: str) -> None:
            self._wait(0)
            data = "".join(lines).encode()
            if data:
                self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                self.wfile.flush()

        def _wait(self, seconds: float) -> None:
            until = time.monotonic() + seconds
            while True:
                left = max(0.0, until - time.monotonic())
                ready, _, _ = select.select([self.connection], [], [], min(left, 0.02))
                if ready and not self.connection.recv(1, socket.MSG_PEEK):
                    raise _Gone
                if not left:
                    return

    return Handler


class _OpenAI:
    kind = "text/event-stream"

    def _event(self, delta: dict[str, Any], end: str | None = None) -> str:
        choices = [{"index": 0, "delta": delta, "finish_reason": end}]
        return f"data: {json.dumps({'id': 'c', 'object': 'chat.completion.chunk', 'created': 1, 'model': 'm', 'choices': choices})}\n\n"

    def start(self, reply: Reply) -> tuple[str, ...]:
        return (self._event({"role": "assistant", "content": None}),) if reply.chunks and isinstance(reply.chunks[0], str) else ()

    def piece(self, text: str, thought: bool = False) -> tuple[str, ...]:
        return (self._event({"reasoning_content" if thought else "content": text}),)

    def end(self, reply: Reply) -> tuple[str, ...]:
        given, made = reply.usage
        usage = {"prompt_tokens": given, "completion_tokens": made, "total_tokens": given + made}
        last = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": usage}
        return self._event({}, reply.end), f"data: {json.dumps(last)}\n\n", "data: [DONE]\n\n"


class _Anthropic:
    kind = "text/event-stream"

    def _event(self, kind: str, **values: Any) -> str:
        return f"event: {kind}\ndata: {json.dumps({'type': kind, **values})}\n\n"

    def start(self, reply: Reply) -> tuple[str, ...]:
        message = {"id": "m", "type": "message", "role": "assistant", "model": "m", "content": [], "stop_reason": None,
                   "stop_sequence": None, "usage": {"input_tokens": reply.usage[0], "output_tokens": 0}}  # fmt: skip
        block = {"type": "text", "text": ""}
        return self._event("message_start", message=message), self._event("content_block_start", index=0, content_block=block)

    def piece(self, text: str, thought: bool = False) -> tuple[str, ...]:
        delta = {"type": "thinking_delta", "thinking": text} if thought else {"type": "text_delta", "text": text}
        return (self._event("content_block_delta", index=0, delta=delta),)

    def end(self, reply: Reply) -> tuple[str, ...]:
        delta = {"stop_reason": "max_tokens" if reply.end == "length" else "end_turn", "stop_sequence": None}
        return (
            self._event("content_block_stop", index=0),
            self._event("message_delta", delta=delta, usage={"input_tokens": reply.usage[0], "output_tokens": reply.usage[1]}),
            self._event("message_stop"),
        )  # fmt: skip


class _Ollama:
    kind = "application/x-ndjson"

    def _line(self, text: str = "", thinking: str = "", **values: Any) -> str:
        message = {"role": "assistant", "content": text, "thinking": thinking or None}
        return json.dumps({"model": "m", "created_at": "2026-01-01T00:00:00Z", "message": message, "done": False, **values}) + "\n"

    def start(self, reply: Reply) -> tuple[str, ...]:
        return ()

    def piece(self, text: str, thought: bool = False) -> tuple[str, ...]:
        return (self._line(thinking=text) if thought else self._line(text),)

    def end(self, reply: Reply) -> tuple[str, ...]:
        given, made = reply.usage
        return (self._line(done=True, done_reason=reply.end, prompt_eval_count=given, eval_count=made),)


_WAYS: dict[str, Any] = {"/v1/chat/completions": _OpenAI(), "/v1/messages": _Anthropic(), "/api/chat": _Ollama()}
