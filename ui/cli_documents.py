"""The commands about single documents: ``remove``, ``documents`` and ``documents set``. Gives them to cli."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from index.types import Entry
from ui import render
from ui.command import Json, bad, opened


def remove(
    names: Annotated[list[str], typer.Argument(help="File names, ids, or paths that were added; a folder means all from it.")],
    as_json: Json = False,
) -> None:
    """Removes documents from the library (the files where they were added from are left alone)."""
    library = opened().library
    entries = library.documents(held=True)
    ids: dict[str, None] = {}
    for name in names:
        found = [entry.id for entry in entries if _named(entry, name)]
        if not found:
            bad(f"There is no document {name!r} in the library. `assistant documents` lists what there is.")
        ids.update(dict.fromkeys(found))
    report = library.remove(list(ids))
    print(json.dumps(render.report_json(report), indent=2) if as_json else render.summary(report))


def _named(entry: Entry, name: str) -> bool:
    path = str(Path(name).resolve())
    return name in (entry.name, entry.id, entry.source) or entry.source == path or entry.source.startswith((f"{path}/", f"{path}!/"))


documents_app = typer.Typer(help="Lists what the library holds; `documents set` corrects what was read.", invoke_without_command=True)


@documents_app.callback()
def documents(
    context: typer.Context,
    with_facts: Annotated[bool, typer.Option("--facts", help="Show what each document says of itself, and where.")] = False,
    as_json: Json = False,
) -> None:
    """Lists what the library holds."""
    if context.invoked_subcommand:
        return
    from ui import facts

    assistant = opened()
    entries, told = facts.shown(assistant.library)
    if with_facts:
        links = facts.linked(assistant.findings())
        shown = json.dumps(facts.facts_json(entries, told, links), indent=2, ensure_ascii=False) if as_json else ""
        print(shown or facts.facts_text(entries, told, links))
    elif as_json:
        print(json.dumps(render.entries_json(entries), indent=2, ensure_ascii=False))
    else:
        for e in entries:
            print(f"{e.name}\n    {e.title} · {e.published or 'no date'} · {e.pages} pages · {e.passages} passages")
        print(f"{len(entries)} documents." if entries else "The library is empty. `assistant add PATH` adds documents.")


@documents_app.command("set")
def set_facts(
    name: Annotated[str, typer.Argument(help="File name, id or path of the document.")],
    values: Annotated[list[str], typer.Argument(help="field=value, judgement:what=grade; nothing after = means that there is none.")],
    undo: Annotated[bool, typer.Option("--undo", help="Take corrections of these fields back; what was read counts again.")] = False,
) -> None:
    """Corrects what was read from a document. Corrections stay when the library is rebuilt, and are marked."""
    from ui import facts

    library = opened().library
    entries = [entry for entry in library.documents(held=True) if _named(entry, name)]
    if not entries:
        bad(f"There is no document {name!r} in the library. `assistant documents` lists what there is.")
    if len(entries) > 1:
        bad(f"{name!r} means {len(entries)} documents. Give the id of one, as `assistant documents --json` shows it.")
    print("\n".join(facts.correct(library, entries, values, take_back=undo)))
