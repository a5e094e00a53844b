"""Pages as pictures, and originals, over HTTP: ``source/ID/3.webp?scale=1.5``, ``source/ID/original``. Refuses what readers may not see.

Takes requests of the browser to the library's originals. What documents hold can be hostile: only PDF and plain text are
ever opened in the browser, everything else is a download, and no type is guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from corpus.errors import CorpusError
from corpus.picture import MIME
from index.errors import LibraryError
from index.originals import SCALES, Originals
from index.types import Entry
from ui.web.markup import told, whole

if TYPE_CHECKING:
    from assistant.build import Assistant

INLINE = {"pdf": "application/pdf", "text": "text/plain", "markdown": "text/plain"}
"""What a browser may open itself, and as what; it runs no script in either."""
_SAFE = {
    "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "frame-ancestors 'self'",
}  # fmt: skip
_SHORT = {**_SAFE, "Cache-Control": "private, max-age=600"}
NEVER = {**_SAFE, "Cache-Control": "no-store"}


def picture_path(document_id: str, number: int, scale: float) -> str:
    """The address of a page's picture, relative to the page's own, so that it holds behind any proxy."""
    return f"source/{quote(document_id, safe='')}/{number}.webp?scale={scale}"


def original_path(document_id: str, number: int = 0) -> str:
    """The address of an original to open, at a page of a PDF if told, relative likewise."""
    return f"source/{quote(document_id, safe='')}/original{f'#page={number}' if number else ''}"


def download_path(document_id: str) -> str:
    """The address of an original to keep, relative likewise."""
    return f"source/{quote(document_id, safe='')}/original?download=1"


def routes(assistant: Assistant) -> list[Route]:
    """What the server answers besides the page."""
    originals: Originals = assistant.library.originals

    def picture(request: Request) -> Response:
        number = whole(request.path_params["number"])
        scale = next((scale for scale in SCALES if str(scale) == request.query_params.get("scale", str(SCALES[0]))), None)
        if not number or scale is None:
            return _refusal("There is no such picture.", 404)
        try:
            return Response(originals.picture(request.path_params["id"], number, scale), media_type=MIME, headers=_SHORT)
        except Exception as error:
            return _failure(error)

    def original(request: Request) -> Response:
        try:
            entry, path = originals.entry(request.path_params["id"]), originals.path(request.path_params["id"])
        except Exception as error:
            return _failure(error)
        media = INLINE.get(entry.media, "application/octet-stream")
        way = "inline" if entry.media in INLINE and "download" not in request.query_params else "attachment"
        return FileResponse(path, media_type=media, filename=file_name(entry), content_disposition_type=way, headers=NEVER)

    return [Route("/source/{id}/original", original), Route("/source/{id}/{number}.webp", picture)]


def file_name(entry: Entry) -> str:
    """The document's file name without folders, control characters and what file systems refuse."""
    base = entry.name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign for sign in base if sign.isprintable() and sign not in '<>:"|?*').strip(" .")
    return kept[-150:] or "document"


def _failure(error: Exception) -> Response:
    """A failure as a sentence: 404 for what is not to be had, 500 for what nobody foresaw."""
    return _refusal(told(error, "opening the original"), 404 if isinstance(error, LibraryError | CorpusError) else 500)


def _refusal(said: str, status: int) -> Response:
    return PlainTextResponse(said, status, headers=NEVER)
