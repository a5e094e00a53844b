"""What all commands share: the settings given to them, the assistant that they open, and how bad input ends them."""

from __future__ import annotations

from typing import Annotated, Any, NoReturn

import typer

from ui.progress import bar, errors

GIVEN: dict[str, Any] = {}
"""What was given before the command's name, by the name of its setting."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts instead of text.")]


def opened() -> Any:
    """The Assistant of the settings; imported late, since the embedder takes a moment."""
    from assistant.build import open_assistant
    from assistant.settings import read_settings

    with bar(False) as shown:
        task = shown.add_task("reading facts", visible=False)
        return open_assistant(read_settings(**GIVEN), lambda done, all: shown.update(task, visible=True, completed=done, total=all))


def asked(question: str) -> str:
    if not question.strip():
        bad("The question is empty. Write what you want to know.")
    return question.strip()


def bad(message: str) -> NoReturn:
    errors.print(message, markup=False)
    raise typer.Exit(2)
