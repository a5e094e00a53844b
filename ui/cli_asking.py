"""The commands that ask: ``ask`` and ``search``, within filters. Gives them to cli."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import markup

from assistant.scope import Filters
from assistant.types import Answer
from ui import render
from ui.command import Json, asked, bad, opened
from ui.progress import errors

Services = Annotated[list[str] | None, typer.Option("--service", help="Only this service, as the library names it; can be repeated.")]
Since = Annotated[str, typer.Option(help="Only documents published on or after this day (2024-07-17), or from this year on (2024).")]
Until = Annotated[str, typer.Option(help="Only documents published on or before this day, or up to the end of this year.")]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="Only this kind, such as “press release”; can be repeated.")]
Grades = Annotated[list[str] | None, typer.Option("--grade", help="Only inspections judged so as a whole; can be repeated.")]


def _filters(
    assistant: Any, services: list[str] | None, since: str, until: str, kinds: list[str] | None, grades: list[str] | None
) -> Filters:
    """What the options let answer; bad input ends the command."""
    from ui.given import BadInput, filters_of  # its libraries take a moment to import

    try:
        return filters_of(assistant, services, since, until, kinds, grades)
    except BadInput as error:
        bad(str(error))


def search(
    question: Annotated[str, typer.Argument(help="Words or a question.")],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many passages.")] = 10,
    services: Services = None,
    since: Since = "",
    until: Until = "",
    kinds: Kinds = None,
    grades: Grades = None,
    as_json: Json = False,
) -> None:
    """Shows the passages that fit best."""
    wanted, assistant = asked(question), opened()
    hits = assistant.search(wanted, limit, _filters(assistant, services, since, until, kinds, grades))
    if as_json:
        print(json.dumps(render.hits_json(hits), indent=2, ensure_ascii=False))
        return
    for number, hit in enumerate(hits, start=1):
        print(f"{number}. {hit.entry.title}, page {hit.passage.page} ({hit.entry.name})\n{hit.passage.text}\n")
    if not hits:
        print("Nothing was found.")


def ask(
    question: Annotated[str, typer.Argument(help="The question.")],
    everywhere: Annotated[bool, typer.Option("--everywhere", help="Search all documents, whichever the question is about.")] = False,
    quotes: Annotated[bool, typer.Option("--quotes", help="Quote the documents, though a chat model is set.")] = False,
    csv: Annotated[Path | None, typer.Option(help="Write the table of a list, count or comparison here.")] = None,
    export: Annotated[Path | None, typer.Option(help="Write the answer with its sources here, by its ending: .md, .docx or .pdf.")] = None,
    services: Services = None,
    since: Since = "",
    until: Until = "",
    kinds: Kinds = None,
    grades: Grades = None,
    as_json: Json = False,
) -> None:
    """Answers one question, with quotes and where they stand."""
    if export and export.suffix.lower() not in (".md", ".docx", ".pdf"):
        bad(f"{export.name} is none of .md, .docx and .pdf. Name the file by what it shall be.")
    wanted, assistant = asked(question), opened()
    filters = _filters(assistant, services, since, until, kinds, grades)
    answer = _answered(assistant.stream(wanted, everywhere=everywhere, quotes=quotes, filters=filters))
    print(json.dumps(render.answer_json(answer), indent=2, ensure_ascii=False) if as_json else render.answer_text(answer))
    if csv and answer.table:
        from ui.exporting import csv_of  # its library takes a moment to import

        csv.write_bytes(csv_of(answer.table, answer.citations))
    elif csv:
        errors.print("The answer has no table, so nothing was written.", markup=False)
    if export:
        from ui.filing import filed  # its libraries take a moment to import

        export.write_bytes(filed(assistant.library, wanted, answer, export.suffix.lower()[1:], everywhere, filters))


def _answered(pieces: Iterator[Answer]) -> Answer:
    """The whole answer; on a terminal it is told meanwhile what a chat model is doing."""
    with errors.status("Searching the documents…") as status:
        answer = next(pieces)
        for piece in pieces:
            answer += piece
            if piece.stage:
                status.update(markup.escape(piece.stage))
    return answer
