"""Paths become files, and each file a Document. Bad files raise Unreadable, with a sentence that says what to do.

Takes paths from the library; gives Documents to it. Knows no vendor's library: pdf, html, docx and text do.
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from corpus.docx import read_docx
from corpus.errors import Corrupt, Empty, Encrypted, TooLarge, Unreadable, WrongType
from corpus.facts import facts_of
from corpus.html import read_html
from corpus.pdf import read_pdf
from corpus.profile import profiles
from corpus.publication import title_of
from corpus.text import read_markdown, read_text
from corpus.types import Document, Fact, Page, Problem

KINDS = {".pdf": "pdf", ".html": "html", ".htm": "html", ".xhtml": "html", ".docx": "docx", ".txt": "text", ".text": "text",
         ".md": "markdown", ".markdown": "markdown"}
_LISTED = "PDF, HTML, DOCX, TXT and Markdown files are read, and .zip files of these"
_JUNK = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a single file may be. Megabytes are of 2**20 bytes; a zip's members count one by one and together."""

    max_file_mb: int = 200
    max_pages: int = 5000
    max_zip_files: int = 5000
    max_zip_mb: int = 4096
    profiles: Path | None = None
    """A folder with more profiles of inspectorates (see corpus/profile.py)."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: on disk, or a member of a zip. ``size`` in bytes (unpacked, for a member)."""

    name: str
    source: str
    path: Path
    size: int
    member: str = ""

    def read(self, limits: Limits) -> bytes:
        """Its bytes. Raises TooLarge, Corrupt, Encrypted (zip members with a password)."""
        if self.size > limits.max_file_mb << 20:
            raise TooLarge(f"It is larger than {limits.max_file_mb} MB, the limit set by ASSISTANT_MAX_FILE_MB.")
        try:
            if not self.member:
                return self.path.read_bytes()
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as stream:
                data = stream.read((limits.max_file_mb << 20) + 1)
        except OSError as error:
            raise Unreadable(f"It cannot be opened ({error.strerror or error}). Check that it is there and may be read.") from error
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError) as error:
            raise Corrupt("Its place in the zip file is damaged. Unpack the zip, and add the files.") from error
        except RuntimeError as error:
            raise Encrypted("The zip file is protected by a password. Unpack it, and add the files.") from error
        if len(data) > limits.max_file_mb << 20:
            raise TooLarge(f"It unpacks to more than {limits.max_file_mb} MB.")
        return data


def find(paths: Iterable[Path], limits: Limits, *, uploaded: bool = False) -> Iterator[Source | Problem]:
    """The files under the paths, folders recursively in order of name, zips opened. Hidden files are passed over.

    What was ``uploaded`` has no place that lasts: its source is ``upload:`` and its name, below the folder that is given if one is.
    """
    for path in paths:
        if path.is_dir():
            for folder, names, files in os.walk(path):
                names[:] = sorted(n for n in names if not n.startswith(".") and n != "__MACOSX")
                for name in sorted(files):
                    if not _hidden(name):
                        below = f"{os.path.relpath(folder, path)}/".removeprefix("./") if uploaded else ""
                        yield from _file(Path(folder) / name, limits, uploaded, _printable(below))
        elif path.is_file():
            yield from _file(path, limits, uploaded)
        else:
            yield Problem(path.name or str(path), str(path), "There is no such file or folder. Check the path.")


def _hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name.casefold() in _JUNK


def _file(path: Path, limits: Limits, uploaded: bool, below: str = "") -> Iterator[Source | Problem]:
    name = _printable(path.name)
    source = f"upload:{below}{name}" if uploaded else _printable(str(path.resolve()))
    if path.suffix.casefold() == ".zip":
        yield from _members(path, source, limits)
        return
    try:
        yield Source(name, source, path, path.stat().st_size)
    except OSError as error:
        yield Problem(name, source, f"It cannot be opened ({error.strerror}). Check that it may be read.")


def _printable(name: str) -> str:
    """A file's name as text: bytes in it that are no UTF-8 are shown as replacement characters."""
    return os.fsencode(name).decode("utf-8", "replace")


def _members(path: Path, source: str, limits: Limits) -> Iterator[Source | Problem]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir() and not _in_hidden(m.filename)]
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        yield Problem(path.name, source, "It is damaged, or no zip file. Make the zip again, and add it.")
        return
    if not members:
        yield Problem(path.name, source, "The zip file holds no files.")
    elif len(members) > limits.max_zip_files or sum(m.file_size for m in members) > limits.max_zip_mb << 20:
        yield Problem(path.name, source, f"The zip file holds more than {limits.max_zip_files} files or {limits.max_zip_mb} MB. "
                                         "Split it, and add the parts.")  # fmt: skip
    else:
        for member in sorted(members, key=lambda m: m.filename):
            yield Source(Path(member.filename).name, f"{source}!/{member.filename}", path, member.file_size, member.filename)


def _in_hidden(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return "__MACOSX" in parts or _hidden(parts[-1])


def read(data: bytes, name: str, source: str, limits: Limits) -> Document:
    """The Document in these bytes. Raises Unreadable (see its kinds) with a sentence for the reader."""
    if not data:
        raise Empty("It is empty (0 bytes). Download it again.")
    kind = _kind(data, name)
    id = hashlib.sha256(data).hexdigest()[:32]
    information = ""
    declared: date | None = None
    notices: list[str] = []
    if kind == "pdf":
        pages, info, notices = read_pdf(data, max_pages=limits.max_pages)
        information = info.title
    elif kind == "html":
        page, information, declared = read_html(data)
        pages = (page,)
    else:
        page, information = {"docx": read_docx, "markdown": read_markdown, "text": read_text}[kind](data)
        pages = (page,)
    _must_hold_text(pages)
    printed = kind == "pdf" or not information
    title = title_of(pages, information, name) if printed else title_of((), information, name)
    facts = facts_of(pages, title, name, profiles(limits.profiles), declared.isoformat() if declared else "")
    document = Document(id, name, source, kind, title, pages, notices=tuple(notices))  # type: ignore[arg-type]  # KINDS holds only the Literal's
    return with_facts(document, facts)


def with_facts(document: Document, facts: tuple[Fact, ...]) -> Document:
    """The document with these facts, and with the service and the days that they tell."""
    told = {fact.field: fact.value for fact in reversed(facts)}
    inspected = date.fromisoformat(told["fieldwork"].split("/")[-1]) if "fieldwork" in told else None
    published = date.fromisoformat(told["published"]) if "published" in told else None
    return replace(document, service=told.get("service", ""), published=published, inspected=inspected, facts=facts)


def _kind(data: bytes, name: str) -> str:
    """By content first: names lie. Raises WrongType, Corrupt, Encrypted."""
    kind = KINDS.get(Path(name).suffix.casefold(), "")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data[:4] == b"PK\x03\x04":
        return _zipped(data, kind)
    if kind == "pdf":
        raise Corrupt("It is named .pdf but is no PDF. Download it again; a web page may have been saved in its place.")
    if kind == "docx":
        return kind
    if not kind:
        raise WrongType(f"Files of this type are not read. {_LISTED}.")
    return kind


def _zipped(data: bytes, kind: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        names = set()
    if "word/document.xml" in names or kind == "docx":
        return "docx"
    raise WrongType(f"It is an archive inside an archive, or another office format. {_LISTED}.")


def _must_hold_text(pages: tuple[Page, ...]) -> None:
    if not any(block.kind != "contents" for page in pages for block in page.blocks):
        raise Empty("It has no text that could be searched.")
