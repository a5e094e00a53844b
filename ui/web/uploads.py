"""Uploaded files put in order before they are added: in their folders, under names that lead nowhere else.

Takes what Gradio kept of an upload from adding; gives a folder to the library. A browser tells a file's folder in its name, with
DIVIDER for each slash (see upload.js), since Gradio keeps nothing of a name but its last part.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from index.types import FileReport

DIVIDER = "\u2215"
"""Stands for a slash in the name of an uploaded file."""
MOST_FILES = 1000
"""So many files are taken at once; Gradio reads no more from one form."""
LONGEST = 200
"""Bytes of a name, at most: file systems take 255, and there is a number to be added."""
VANISHED = "It was gone before it could be read; somebody may be adding the same file at this moment. Look for it in the list below."


def place(uploads: Sequence[Path], folder: Path) -> list[FileReport]:
    """Moves the uploads below ``folder``, each into the folder that its name tells; reports those that are gone.

    Two files of one name are kept apart by a number.
    """
    lost = []
    folder.mkdir(parents=True, exist_ok=True)
    for upload in dict.fromkeys(uploads):
        parts = safe_parts(upload.name)
        target = _free(_folder(folder, parts[:-1]) / parts[-1])
        try:
            os.replace(upload, target)
        except FileNotFoundError:
            lost.append(FileReport(parts[-1], f"upload:{'/'.join(parts)}", "skipped", VANISHED))
    return lost


def safe_parts(name: str) -> tuple[str, ...]:
    """Folders and file of a name told by a browser, none of which leads out of where it is put; never empty."""
    parts = [_safe(part) for part in name.replace("\\", DIVIDER).replace("/", DIVIDER).split(DIVIDER)]
    return tuple(part for part in parts if part) or ("file",)


def _safe(part: str) -> str:
    """One part without signs that cannot be printed; empty for what points elsewhere. Long ones keep their ending."""
    kept = "".join(sign for sign in part if sign.isprintable()).strip()
    if not kept.strip(". "):
        return ""
    stem, dot, ending = kept.rpartition(".")
    room = LONGEST - len((dot + ending).encode())
    if len(kept.encode()) <= LONGEST:
        return kept
    if not stem or room < 20:
        return kept.encode()[:LONGEST].decode("utf-8", "ignore")
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + ending


def _folder(folder: Path, parts: Sequence[str]) -> Path:
    """The folder below, made where it is not; under another name where a file has its own."""
    for part in parts:
        below = folder / part
        folder = _free(below) if below.is_file() else below
        folder.mkdir(exist_ok=True)
    return folder


def _free(target: Path) -> Path:
    """The path, or with a number where there is a file already: ``report (2).pdf``."""
    number, path = 1, target
    while path.exists():
        number += 1
        path = target.with_name(f"{target.stem} ({number}){target.suffix}")
    return path


def told_name(source: str) -> str:
    """A source as readers know it: ``Reports/2019/a.pdf``, ``all.zip › inner/a.pdf``."""
    return source.removeprefix("upload:").replace("!/", " › ")
