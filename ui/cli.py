"""The command line ``assistant``. Translates words into calls and values into lines; does nothing else.

Exit codes: 0 done (a refusal is an answer), 2 bad input, 1 failure.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich import markup

from assistant.errors import AssistantError, BadQuestionSet, BadRun, BadSetting
from assistant.types import Answer
from corpus.errors import BadProfile
from index.errors import BadCorrection, LibraryError, UnknownDocument
from index.types import Entry
from ui import render
from ui.progress import bar, errors, with_progress

app = typer.Typer(
    help="Answers questions from inspection reports and press releases, every statement pinned to its passage.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip
_given: dict[str, Any] = {}

Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts instead of text.")]


@app.callback()
def common(
    home: Annotated[Path | None, typer.Option(help="The library folder (else ASSISTANT_HOME, else your data folder).")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what is done.")] = False,
) -> None:
    _given["home"] = home
    logging.basicConfig(level=logging.INFO if verbose else logging.ERROR, format="%(levelname)s %(name)s: %(message)s")


@app.command()
def add(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders (with all below them) and .zip files.")],
    sync: Annotated[bool, typer.Option("--sync", help="Also remove what these folders held earlier and hold no longer.")] = False,
    as_json: Json = False,
) -> None:
    """Adds PDF, HTML, DOCX, TXT and Markdown files. What is there already costs nothing."""
    missing = [path for path in paths if not path.exists()]
    if missing:
        _bad(f"There is no file or folder {str(missing[0])!r}. Check the path.")
    report = with_progress(lambda show, stop: _open().library.add(paths, progress=show, stop=stop, sync=sync), as_json)
    print(json.dumps(render.report_json(report), indent=2) if as_json else render.summary(report))
    if report.interrupted:
        raise typer.Exit(1)
    if report.files and len(report.of("skipped")) == len(report.files):
        raise typer.Exit(2)


@app.command()
def remove(
    names: Annotated[list[str], typer.Argument(help="File names, ids, or paths that were added; a folder means all from it.")],
    as_json: Json = False,
) -> None:
    """Removes documents from the library (the files where they were added from are left alone)."""
    library = _open().library
    entries = library.documents(held=True)
    ids: dict[str, None] = {}
    for name in names:
        found = [entry.id for entry in entries if _named(entry, name)]
        if not found:
            _bad(f"There is no document {name!r} in the library. `assistant documents` lists what there is.")
        ids.update(dict.fromkeys(found))
    report = library.remove(list(ids))
    print(json.dumps(render.report_json(report), indent=2) if as_json else render.summary(report))


def _named(entry: Entry, name: str) -> bool:
    path = str(Path(name).resolve())
    return name in (entry.name, entry.id, entry.source) or entry.source == path or entry.source.startswith((f"{path}/", f"{path}!/"))


documents_app = typer.Typer(help="Lists what the library holds; `documents set` corrects what was read.", invoke_without_command=True)
app.add_typer(documents_app, name="documents")


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

    assistant = _open()
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

    library = _open().library
    entries = [entry for entry in library.documents(held=True) if _named(entry, name)]
    if not entries:
        _bad(f"There is no document {name!r} in the library. `assistant documents` lists what there is.")
    if len(entries) > 1:
        _bad(f"{name!r} means {len(entries)} documents. Give the id of one, as `assistant documents --json` shows it.")
    print("\n".join(facts.correct(library, entries, values, take_back=undo)))


@app.command()
def profiles(
    files: Annotated[list[Path] | None, typer.Argument(help="Profiles to check (.toml); none lists those in use.")] = None,
) -> None:
    """Lists the profiles of inspectorates in use, or checks new ones."""
    from assistant.settings import read_settings
    from corpus.profile import load, profiles

    folder = read_settings(**_given).home / "profiles"
    for path in files or ():
        found = load(path)
        print(f"{path}: {found.name} can be used. Put it into {folder}; the next start reads the library's facts anew with it.")
    if not files:
        for profile in profiles(folder):
            print(f"{profile.name}: {len(profile.standards)} standards, scales {'; '.join(scale.name for scale in profile.scales)}")
        print(f"Yours go into {folder}. docs/profiles.md says how to write one.")


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="Words or a question.")],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many passages.")] = 10,
    as_json: Json = False,
) -> None:
    """Shows the passages that fit best."""
    hits = _open().library.search(_asked(question), limit)
    if as_json:
        print(json.dumps(render.hits_json(hits), indent=2, ensure_ascii=False))
        return
    for number, hit in enumerate(hits, start=1):
        print(f"{number}. {hit.entry.title}, page {hit.passage.page} ({hit.entry.name})\n{hit.passage.text}\n")
    if not hits:
        print("Nothing was found.")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question.")],
    everywhere: Annotated[bool, typer.Option("--everywhere", help="Search all documents, whichever the question is about.")] = False,
    quotes: Annotated[bool, typer.Option("--quotes", help="Quote the documents, though a chat model is set.")] = False,
    csv: Annotated[Path | None, typer.Option(help="Write the table of a list, count or comparison here.")] = None,
    export: Annotated[Path | None, typer.Option(help="Write the answer with its sources here, by its ending: .md, .docx or .pdf.")] = None,
    as_json: Json = False,
) -> None:
    """Answers one question, with quotes and where they stand."""
    if export and export.suffix.lower() not in (".md", ".docx", ".pdf"):
        _bad(f"{export.name} is none of .md, .docx and .pdf. Name the file by what it shall be.")
    assistant = _open()
    answer = _answered(assistant.stream(_asked(question), everywhere=everywhere, quotes=quotes))
    print(json.dumps(render.answer_json(answer), indent=2, ensure_ascii=False) if as_json else render.answer_text(answer))
    if csv and answer.table:
        from ui.exporting import csv_of  # its library takes a moment to import

        csv.write_bytes(csv_of(answer.table, answer.citations))
    elif csv:
        errors.print("The answer has no table, so nothing was written.", markup=False)
    if export:
        from ui.filing import filed  # its libraries take a moment to import

        export.write_bytes(filed(assistant.library, question.strip(), answer, export.suffix.lower()[1:], everywhere))


def _answered(pieces: Iterator[Answer]) -> Answer:
    """The whole answer; on a terminal it is told meanwhile what a chat model is doing."""
    with errors.status("Searching the documents…") as status:
        answer = next(pieces)
        for piece in pieces:
            answer += piece
            if piece.stage:
                status.update(markup.escape(piece.stage))
    return answer


@app.command()
def evaluate(
    questions: Annotated[Path, typer.Argument(help="The question set, a .jsonl or .csv file (see docs/evaluation.md).")],
    out: Annotated[Path, typer.Option(help="The run is kept here, as JSON; one that was stopped goes on.")],
    report: Annotated[Path | None, typer.Option(help="Writes a page for people here.")] = None,
    compare: Annotated[Path | None, typer.Option(help="Compares with this earlier run.")] = None,
    fail_under: Annotated[list[str] | None, typer.Option(metavar="METRIC=VALUE", help="Exit with 1 below it.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Asks only so many, spread over the kinds.")] = None,
) -> None:
    """Asks a set of questions whose answers are known, and measures."""
    from ui import evaluation  # its libraries take a moment to import, which the other commands need not pay

    wanted = evaluation.Wanted(questions, out, report, compare, fail_under or (), limit)
    raise typer.Exit(evaluation.command(wanted, _open, bar, errors))


@app.command()
def feedback(
    export: Annotated[Path | None, typer.Option(help="Write a question set to be checked here, a .jsonl file.")] = None,
) -> None:
    """Shows what readers of the page said of answers, or drafts a question set from it."""
    from assistant.settings import read_settings
    from ui import feedback as said  # its libraries take a moment to import

    if export and export.suffix.lower() != ".jsonl":
        _bad(f"{export.name} is no .jsonl file. Name it so.")
    print("\n".join(said.told(read_settings(**_given).home, export)))


@app.command()
def chat(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port of the page.")] = 7860,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 opens it to the network.")] = "127.0.0.1",
) -> None:
    """Serves the chat page until Ctrl-C."""
    from ui.web.app import serve  # gradio takes a second to import, which the other commands need not pay

    serve(_open(), host, port)


@app.command()
def status(as_json: Json = False) -> None:
    """Shows the library in figures, and what is wrong with it, if anything."""
    found = _open().library.status()
    if as_json:
        print(json.dumps(asdict(found), indent=2))
    else:
        print(f"{found.home}\n{found.documents} documents, {found.pages} pages, {found.passages} passages, {found.vectors} "
              f"vectors\nembedder {found.embedder} (width {found.width}), {found.bytes_on_disk / 2**20:.1f} MB on disk")  # fmt: skip
        print("\n".join(found.problems) or "Everything agrees.")
    if found.problems:
        raise typer.Exit(1)


@app.command("model")
def chat_model() -> None:
    """Shows the chat model that writes answers, and whether it answers now."""
    from assistant.build import model_for
    from assistant.settings import read_settings
    from ui.model import NONE_SET, lines

    settings = read_settings(**_given)
    found = model_for(settings)
    for line in lines(found, settings.model_url, settings.model_tokens) if found else (NONE_SET,):
        print(line, flush=True)


@app.command()
def rebuild() -> None:
    """Makes the vectors anew from the catalogue; embeds again only if the embedder is another."""
    from assistant.build import embedder_for
    from assistant.settings import read_settings
    from index.rebuild import rebuild as make_anew

    settings = read_settings(**_given)
    if not (settings.home / "catalogue.sqlite").exists():
        _bad(f"There is no library in {settings.home}.")
    with bar(False) as shown:
        task = shown.add_task("rebuilding", total=None)
        count = make_anew(settings.home, embedder_for(settings), lambda done, all: shown.update(task, completed=done, total=all))
    print(f"{count} passages are in the vectors again.")


def _open() -> Any:
    """The Assistant of the settings; imported late, since the embedder takes a moment."""
    from assistant.build import open_assistant
    from assistant.settings import read_settings

    with bar(False) as shown:
        task = shown.add_task("reading facts", visible=False)
        return open_assistant(read_settings(**_given), lambda done, all: shown.update(task, visible=True, completed=done, total=all))


def _asked(question: str) -> str:
    if not question.strip():
        _bad("The question is empty. Write what you want to know.")
    return question.strip()


def _bad(message: str) -> NoReturn:
    errors.print(message, markup=False)
    raise typer.Exit(2)


def main() -> None:
    """The console script: expected failures become one sentence and an exit code."""
    try:
        app()
    except (BadSetting, BadQuestionSet, BadRun, BadProfile, BadCorrection, UnknownDocument) as error:
        errors.print(str(error), markup=False)
        sys.exit(2)
    except (LibraryError, AssistantError, OSError) as error:
        errors.print(str(error), markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        errors.print("Stopped. The library is as it was before the document at hand.")
        sys.exit(1)


if __name__ == "__main__":
    main()
