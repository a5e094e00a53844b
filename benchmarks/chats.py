"""How long an answer takes while many people ask at once, and whether each gets their own: whole conversations, through the page.

    python benchmarks/chats.py LIBRARY [--chats 20] [--pause 0]

Serves a copy of the library folder. Each chat is a browser of its own as far as the server can tell: its session, its
token, its events, as the page sends them. It asks about one service: a question, and follow-ups that name no service. First the chats
come one after another, then all at once. Prints p50 and p95 of a whole answer, and counts answers that failed, were lost, are on
another service, or differ from those of the quiet run: on the page, and in the conversations kept on disk.
"""

from __future__ import annotations

import argparse
import json
import secrets
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from page_server import memory, served

from index.catalogue import Catalogue
from ui.record import Kept
from ui.shelf import Shelf, new_token

QUESTIONS = (
    "What did inspectors find about staff at {}?", "What should they improve?", "What was it rated?", "How is risk of harm managed?",
)  # fmt: skip
"""The last is a question of its own, without a service: it is asked of all documents."""


@dataclass
class Chat:
    """One person: the service asked about, and what came of it."""

    service: str
    token: str = field(default_factory=new_token)
    session: str = field(default_factory=lambda: secrets.token_hex(6))
    shown: str = ""
    """The conversation as the page last showed it, HTML."""
    times: list[float] = field(default_factory=list)
    signs: list[float] = field(default_factory=list)
    """How long until the page showed that the question is being answered."""
    failures: list[str] = field(default_factory=list)

    @property
    def questions(self) -> list[str]:
        return [form.format(self.service) for form in QUESTIONS]


class PageOf:
    """The page's own protocol: which of its events is which, read from its configuration."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        config = httpx.get(f"{self.address}/config", timeout=60).json()
        named = {part["id"]: part["props"].get("elem_id") for part in config["components"]}
        events = [(event, {(named.get(target), name) for target, name in event["targets"]}) for event in config["dependencies"]]
        self.ask = next(event for event, targets in events if ("question", "submit") in targets)
        self.start = next(event for event, targets in events if any(name == "load" for _, name in targets))
        began = {part["id"]: part["props"].get("value") for part in config["components"]}
        self.rest = [began[id] for id in self.ask["inputs"][4:]]
        self.conversation = [named.get(id) for id in self.ask["outputs"]].index("conversation")

    def run(self, chat: Chat, event: dict[str, Any], data: Sequence[Any], http: httpx.Client) -> list[Any]:
        """Sends an event and follows it to its end; the values that its outputs had then. Raises RuntimeError when it failed."""
        body = {"fn_index": event["id"], "data": list(data), "session_hash": chat.session, "event_data": None}
        if not event["queue"]:
            reply = http.post(f"{self.address}/gradio_api/run/{event['api_name']}", json=body).raise_for_status().json()
            return list(reply["data"])
        began = time.perf_counter()
        id = http.post(f"{self.address}/gradio_api/queue/join", json=body).raise_for_status().json()["event_id"]
        values: list[Any] = [None] * len(event["outputs"])
        with http.stream("GET", f"{self.address}/gradio_api/queue/data", params={"session_hash": chat.session}) as lines:
            for line in lines.iter_lines():
                told = json.loads(line[5:]) if line.startswith("data:") else {}
                if told.get("event_id") != id or "output" not in told:
                    continue
                if all(value is None for value in values):
                    chat.signs.append((time.perf_counter() - began) * 1000)
                if not told["success"]:
                    raise RuntimeError(str(told["output"].get("error")))
                for at, value in enumerate(told["output"].get("data", ())):
                    values[at] = _patched(values[at], value) if told["msg"] == "process_generating" else value or values[at]
                if told["msg"] == "process_completed":
                    return values
        raise RuntimeError("the answer broke off")


def _patched(before: Any, change: Any) -> Any:
    """A generator's later values come as differences; ours are texts, which only ever are replaced or added to."""
    if not isinstance(change, list):
        return change
    for action, path, value in change:
        if not path and action in ("replace", "append"):
            before = value if action == "replace" else before + value
    return before


def talk(page: PageOf, chat: Chat, pause: float) -> None:
    """Opens the page, asks all the questions, one after the other."""
    with httpx.Client(timeout=300) as http:
        page.run(chat, page.start, [None, chat.token, ""], http)
        for question in chat.questions:
            began = time.perf_counter()
            try:
                values = page.run(chat, page.ask, [question, None, False, chat.token, *page.rest], http)
                chat.shown = values[page.conversation]
            except (RuntimeError, httpx.HTTPError) as error:
                chat.failures.append(f"{question}: {error}")
            chat.times.append((time.perf_counter() - began) * 1000)
            time.sleep(pause)


def judged(chats: Sequence[Chat], home: Path, quiet: dict[str, list[Kept]]) -> Counter[str]:
    """What went wrong, by kind. ``quiet`` are the answers of the quiet run by service; it is filled when it is empty."""
    wrong: Counter[str] = Counter(failed=sum(len(chat.failures) for chat in chats), lost=0, mixed=0, different=0)
    services = {chat.service for chat in chats}
    first = not quiet
    for chat in chats:
        shelf = Shelf(home, chat.token)
        kept = [turn for listed in shelf.listed()[0] for turn in shelf.read(listed.id).turns]
        if [turn.question for turn in kept] != chat.questions or len(shelf.listed()[0]) != 1:
            wrong["lost"] += 1
        wrong["lost"] += sum(turn.state != "done" or turn.answer is None or turn.question not in chat.shown for turn in kept)
        for turn in kept[:3]:
            about = turn.answer.understood.services if turn.answer and turn.answer.understood else ()
            wrong["mixed"] += not about or any(_plain(name) not in _plain(chat.service) for name in about)
        wrong["mixed"] += any(f"about staff at {other}?" in chat.shown for other in services - {chat.service})
        if first:
            quiet[chat.service] = kept
        wrong["different"] += sum(_said(a) != _said(b) for a, b in zip(kept, quiet[chat.service], strict=False))
    return wrong


def _plain(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _said(turn: Kept) -> object:
    return turn.answer and (turn.answer.text, turn.answer.status, turn.answer.citations)


def told(name: str, chats: Sequence[Chat], seconds: float, wrong: Counter[str]) -> None:
    times = [ms for chat in chats for ms in chat.times]
    signs = [ms for chat in chats for ms in chat.signs]
    said = ", ".join(f"{count} {kind}" for kind, count in wrong.items())
    middle, late, first = np.percentile(times, 50), np.percentile(times, 95), np.percentile(signs, 95)
    print(f"{name:18} {len(times):4} answers   p50 {middle:5.0f} ms   p95 {late:5.0f} ms   worst {max(times):5.0f} ms   "
          f"first sign p95 {first:5.0f} ms   {len(times) / seconds:4.1f} a second   {said}")  # fmt: skip


def services_of(home: Path, count: int) -> list[str]:
    """Services with documents of their own, whose names are told apart: none is part of another."""
    catalogue = Catalogue(home / "catalogue.sqlite")
    names = sorted({entry.service for entry in catalogue.entries() if entry.service and "/" not in entry.service})
    catalogue.close()
    alone = [name for name in names if not any(name != other and (name in other or other in name) for other in names)]
    return [alone[at * len(alone) // count] for at in range(count)] if len(alone) >= count else alone


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", type=Path)
    parser.add_argument("--chats", type=int, default=20)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds that each person reads before the next question")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="chats-") as scratch:
        home = Path(shutil.copytree(given.library, Path(scratch) / "library"))
        services = services_of(home, given.chats)
        quiet: dict[str, list[Kept]] = {}
        with served(home) as server:
            page = PageOf(server.address)
            talk(page, Chat(services[0]), 0)  # what is read once is read now
            began = time.perf_counter()
            alone = [Chat(service) for service in services]
            for chat in alone:
                talk(page, chat, 0)
            told("one after another", alone, time.perf_counter() - began, judged(alone, home, quiet))
            began = time.perf_counter()
            together = [Chat(service) for service in services]
            threads = [threading.Thread(target=talk, args=(page, chat, given.pause)) for chat in together]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            told(f"{len(together)} at once", together, time.perf_counter() - began, judged(together, home, quiet))
            for failure in [failure for chat in [*alone, *together] for failure in chat.failures][:5]:
                print(f"  {failure}")
            print(f"The server holds {memory(server.pid)}.")


if __name__ == "__main__":
    main()
