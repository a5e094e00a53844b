"""The command line ``assistant``. Translates words into calls and values into lines; does nothing else.

Exit codes: 0 done (a refusal is an answer), 2 bad input, 1 failure.
"""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from assistant.errors import AssistantError, BadQuestionSet, BadRun, BadSetting
from corpus.errors import BadProfile
from index.errors import BadCorrection, LibraryError, UnknownDocument
from ui import render
from ui.cli_asking import ask, search
from ui.cli_documents import documents_app, remove
from ui.command import GIVEN, Json, bad, opened
from ui.progress import bar, errors, with_progress

app = typer.Typer(
    help="Answers questions from inspection reports and press releases, every statement pinned to its passage.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip

@app.callback()
def common(
    home: Annotated[Path | None, typer.Option(help="The library folder (else ASSISTANT_HOME, else your data folder).")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what is done.")] = False,
) -> None:
    GIVEN["home"] = home
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
        bad(f"There is no file or folder {str(missing[0])!r}. Check the path.")
    report = with_progress(lambda show, stop: opened().library.add(paths, progress=show, stop=stop, sync=sync), as_json)
    print(json.dumps(render.report_json(report), indent=2) if as_json else render.summary(report))
    if report.interrupted:
        raise typer.Exit(1)
    if report.files and len(report.of("skipped")) == len(report.files):
        raise typer.Exit(2)


app.command()(remove)
app.add_typer(documents_app, name="documents")
app.command()(search)
app.command()(ask)


@app.command()
def profiles(
    files: Annotated[list[Path] | None, typer.Argument(help="Profiles to check (.toml); none lists those in use.")] = None,
) -> None:
    """Lists the profiles of inspectorates in use, or checks new ones."""
    from assistant.settings import read_settings
    from corpus.profile import load, profiles

    folder = read_settings(**GIVEN).home / "profiles"
    for path in files or ():
        found = load(path)
        print(f"{path}: {found.name} can be used. Put it into {folder}; the next start reads the library's facts anew with it.")
    if not files:
        for profile in profiles(folder):
            print(f"{profile.name}: {len(profile.standards)} standards, scales {'; '.join(scale.name for scale in profile.scales)}")
        print(f"Yours go into {folder}. docs/profiles.md says how to write one.")


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
    raise typer.Exit(evaluation.command(wanted, opened, bar, errors))


@app.command()
def feedback(
    export: Annotated[Path | None, typer.Option(help="Write a question set to be checked here, a .jsonl file.")] = None,
) -> None:
    """Shows what readers of the page said of answers, or drafts a question set from it."""
    from assistant.settings import read_settings
    from ui import feedback as said  # its libraries take a moment to import

    if export and export.suffix.lower() != ".jsonl":
        bad(f"{export.name} is no .jsonl file. Name it so.")
    print("\n".join(said.told(read_settings(**GIVEN).home, export)))


@app.command()
def chat(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port of the page.")] = 7860,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 opens it to the network.")] = "127.0.0.1",
) -> None:
    """Serves the chat page until Ctrl-C."""
    from ui.web.app import serve  # gradio takes a second to import, which the other commands need not pay

    serve(opened(), host, port)


@app.command()
def status(as_json: Json = False) -> None:
    """Shows the library in figures, and what is wrong with it, if anything."""
    found = opened().library.status()
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

    settings = read_settings(**GIVEN)
    found = model_for(settings)
    for line in lines(found, settings.model_url, settings.model_tokens) if found else (NONE_SET,):
        print(line, flush=True)


@app.command()
def rebuild() -> None:
    """Makes the vectors anew from the catalogue; embeds again only if the embedder is another."""
    from assistant.build import embedder_for
    from assistant.settings import read_settings
    from index.rebuild import rebuild as make_anew

    settings = read_settings(**GIVEN)
    if not (settings.home / "catalogue.sqlite").exists():
        bad(f"There is no library in {settings.home}.")
    with bar(False) as shown:
        task = shown.add_task("rebuilding", total=None)
        count = make_anew(settings.home, embedder_for(settings), lambda done, all: shown.update(task, completed=done, total=all))
    print(f"{count} passages are in the vectors again.")


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
