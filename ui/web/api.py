"""What programs may call: ``ask``, ``search`` and ``documents``, for gradio_client, plain HTTP and, as tools, MCP. Translates, no more.

Each endpoint's description is its docstring, and its types are its hints: Gradio shows both to those who call. So hints are
not put off here (``from __future__ import annotations`` would make the results untyped), and a docstring's first part says
in full sentences what the endpoint is for, then each argument has a line.
"""

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.events import api

from assistant.scope import Filters
from assistant.types import Citation
from index.errors import UnknownDocument
from index.originals import SCALES
from index.types import Entry
from ui.given import BadInput, filters_of, kinds_of, services_of, text, whole_number, year_of
from ui.render import answer_json, hit_json, listed_json
from ui.web.answering import at_once
from ui.web.files import original_path, picture_path
from ui.web.markup import told

if TYPE_CHECKING:
    from assistant.build import Assistant

ANY: list[str] = []
"""No restriction; never changed."""
MOST = 100
"""Hits or documents in one reply."""


class Endpoints:
    """The three functions for one assistant. Their names are the names of the endpoints and tools."""

    def __init__(self, assistant: "Assistant") -> None:
        self.assistant = assistant

    def ask(
        self, question: str, request: gr.Request, services: list[str] = ANY, since: str = "", until: str = "",
        kinds: list[str] = ANY, grades: list[str] = ANY, everywhere: bool = False, quotes: bool = False,
    ) -> dict[str, Any]:  # fmt: skip
        """Answers one question from the inspection reports and press releases in the library, with verbatim quotes.

        Each citation has the quote, its document and page, and links to open. When the documents do not say, status is
        "not_found" and nothing is made up. Lists, counts and comparisons are counted over the whole library, with a table.

        Parameters:
            question: The question, in a full sentence; it names the service and the year if it is about one.
            services: Only these services may answer, by their names in the library. Empty: all.
            since: Only documents published on or after this day, as 2024-07-17. Empty: no limit.
            until: Only documents published on or before this day, as 2024-07-17. Empty: no limit.
            kinds: Only these kinds of documents, for instance "inspection report" or "press release". Empty: all.
            grades: Only inspections judged so as a whole, for instance "Good". Empty: all.
            everywhere: Whether to search all documents, whichever the question is understood to be about.
            quotes: Whether to answer in the documents' own words though a chat model is set.
        """
        asked = text("question", question)
        if not asked:
            raise BadInput("Ask a question: it is empty.")
        filters = filters_of(self.assistant, services, since, until, kinds, grades)
        answer = self.assistant.ask(asked, everywhere=bool(everywhere), quotes=bool(quotes), filters=filters)
        found = answer_json(answer)
        for shown, citation in zip(found["citations"], answer.citations, strict=True):
            shown |= {"id": citation.document_id} | self._cited(citation, request)
        return found

    def search(
        self, query: str, request: gr.Request, limit: int = 10, services: list[str] = ANY, since: str = "", until: str = "",
        kinds: list[str] = ANY, grades: list[str] = ANY,
    ) -> list[dict[str, Any]]:  # fmt: skip
        """Finds the passages of the library that fit a query best, by meaning and by words, best first; it answers nothing.

        Each hit has its document, service, day, page, text, and where that text stands on the page.

        Parameters:
            query: What to look for: words, or a sentence.
            limit: How many hits at most, 1 to 100.
            services: Only these services, by their names in the library. Empty: all.
            since: Only documents published on or after this day, as 2024-07-17. Empty: no limit.
            until: Only documents published on or before this day, as 2024-07-17. Empty: no limit.
            kinds: Only these kinds of documents, for instance "inspection report" or "press release". Empty: all.
            grades: Only inspections judged so as a whole, for instance "Good". Empty: all.
        """
        words, most = text("query", query), whole_number("limit", limit, 1, MOST)
        if not words:
            raise BadInput("Say what to search for: the query is empty.")
        hits = self.assistant.search(words, most, filters_of(self.assistant, services, since, until, kinds, grades))
        names = self.assistant.services_of(hit.entry.id for hit in hits)
        return [hit_json(hit, names[hit.entry.id]) | _links(hit.entry, hit.passage.page, request) for hit in hits]

    def documents(
        self, request: gr.Request, query: str = "", kind: str = "", service: str = "", year: int = 0, limit: int = 50, offset: int = 0
    ) -> dict[str, Any]:
        """Lists what the library holds, by title: each document with its service, kind, days, pages and judgements.

        "total" counts all that match; "documents" are those from offset on, at most limit.

        Parameters:
            query: Words that all have to stand in a document's title, file name, service or kind. Empty: all documents.
            kind: Only this kind, for instance "inspection report" or "press release". Empty: all.
            service: Only this service, by its name in the library. Empty: all.
            year: Only documents of this year of publication, or of inspection where they do not say. 0: all.
            limit: How many at most, 1 to 100.
            offset: How many to leave out at the beginning, to get the next ones.
        """
        words, days = text("query", query).casefold().split(), year_of(year)
        most, first = whole_number("limit", limit, 1, MOST), whole_number("offset", offset, 0, 10**9)
        services = services_of(self.assistant, [text("service", service)])
        found = self._matching(words, Filters(services, days.since, days.until, kinds_of(self.assistant, [text("kind", kind)])))
        shown = found[first : first + most]
        facts = self.assistant.library.facts([entry.id for entry, _ in shown])
        listed = [listed_json(entry, name, facts.get(entry.id, ())) | _links(entry, 0, request) for entry, name in shown]
        return {"total": len(found), "documents": listed}

    def _matching(self, words: Sequence[str], filters: Filters) -> list[tuple[Entry, str]]:
        """The documents that the filters let through and that have all these words, with the service of each, by title."""
        within, entries = self.assistant.within(filters), self.assistant.library.documents()
        allowed = {entry.id for entry in entries} if within is None else set(within)
        names = self.assistant.services_of(entry.id for entry in entries)
        found = []
        for entry in entries:
            name = names[entry.id]
            there = f"{entry.title}\n{entry.name}\n{entry.service}\n{name}\n{entry.kind}".casefold()
            if entry.id in allowed and all(word in there for word in words):
                found.append((entry, name))
        return found

    def _cited(self, citation: Citation, request: gr.Request) -> dict[str, str | None]:
        """Links to a cited page; None for both when its document was removed since."""
        try:
            return _links(self.assistant.library.originals.entry(citation.document_id), citation.page, request)
        except UnknownDocument:
            return {"original": None, "picture": None}


def _links(entry: Entry, page: int, request: gr.Request) -> dict[str, str | None]:
    """Where the original opens, at the page if told, and the page as a picture; None for what has no pictures.

    They begin as the caller's own address of this server does.
    """
    server = str(request.url).partition("/gradio_api/")[0]
    drawn = page and entry.media == "pdf"
    return {
        "original": f"{server}/{original_path(entry.id, page if drawn else 0)}",
        "picture": f"{server}/{picture_path(entry.id, page, SCALES[0])}" if drawn else None,
    }


def _plainly(endpoint: Callable[..., Any], doing: str) -> Callable[..., Any]:
    """The endpoint as it is called: what goes wrong reaches the caller as one sentence, without a traceback.

    A tool of MCP gets JSON as text: Gradio would hand it Python's way of writing a dict.
    """

    @wraps(endpoint)
    def called(*given: Any) -> Any:
        try:
            found = endpoint(*given)
        except BadInput as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception as error:
            raise gr.Error(told(error, doing), print_exception=False) from error
        as_tool = any(isinstance(each, gr.Request) and each.headers.get("x-gradio-user") == "mcp" for each in given)
        return json.dumps(found, ensure_ascii=False) if as_tool else found

    return called


def offer(assistant: "Assistant") -> None:
    """Makes the endpoints of the page that is being built. All else that the page does is private."""
    endpoints = Endpoints(assistant)
    api(_plainly(endpoints.ask, "answering"), api_name="ask", concurrency_id="answers", concurrency_limit=at_once(assistant))
    api(_plainly(endpoints.search, "searching"), api_name="search")
    api(_plainly(endpoints.documents, "listing the documents"), api_name="documents")
