"""Pictures of pages and originals over HTTP: served to readers who may see them, refused to everyone else, and never run as scripts."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from index.library import Library
from tests.fake_page import DRAWN, SAMPLES, pretend
from ui.web import files

REPORT = SAMPLES / DRAWN[0][0]


@pytest.fixture
def fake() -> Iterator[Any]:
    """The stand-in for the assistant with the samples."""
    made = pretend(pause=0.0).keep_samples()
    yield made
    made.library.originals.close()


@pytest.fixture
def client(fake: Any) -> TestClient:
    return TestClient(Starlette(routes=files.routes(fake)))


def test_pictures_and_originals_of_the_library_are_served(client: TestClient, fake: Any) -> None:
    id = fake.drawn[REPORT.name]
    picture = client.get(f"/source/{id}/10.webp?scale=3.0")
    assert picture.status_code == 200 and picture.headers["content-type"] == "image/webp"
    assert "private" in picture.headers["cache-control"] and picture.headers["x-content-type-options"] == "nosniff"
    assert abs(Image.open(io.BytesIO(picture.content)).width - 3 * 595) < 4
    original = client.get(f"/source/{id}/original")
    assert original.content == REPORT.read_bytes() and original.headers["content-type"] == "application/pdf"
    assert original.headers["content-disposition"] == f'inline; filename="{REPORT.name}"'
    assert client.get(f"/source/{id}/original?download=1").headers["content-disposition"].startswith("attachment")
    assert client.get(f"/source/{id}/original", headers={"range": "bytes=0-3"}).content == b"%PDF"


def test_html_and_word_originals_are_only_downloaded(client: TestClient, fake: Any) -> None:
    for name in (DRAWN[2][0], DRAWN[3][0]):
        reply = client.get(f"/source/{fake.drawn[name]}/original")
        assert reply.status_code == 200 and reply.headers["content-type"] == "application/octet-stream"
        assert reply.headers["content-disposition"].startswith("attachment") and reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["nothing/original", "nothing/1.webp", "../original", "..%2F..%2Fetc%2Fpasswd/original", "%2e%2e/1.webp",
                                  "*/original", "ID/0.webp", "ID/15.webp", "ID/x.webp", "ID/1.webp?scale=900", "ID/1.webp?scale=nan",
                                  "ID/..%2F1.webp", "ID*/original", "ID/original/x"])  # fmt: skip
def test_what_is_not_in_the_library_is_refused(client: TestClient, fake: Any, path: str) -> None:
    reply = client.get("/source/" + path.replace("ID", fake.drawn[REPORT.name]))
    assert reply.status_code == 404 and b"Traceback" not in reply.content and b"%PDF" not in reply.content


def test_what_is_under_embargo_is_refused_even_when_it_was_drawn_before(client: TestClient, fake: Any) -> None:
    id = fake.drawn[REPORT.name]
    assert client.get(f"/source/{id}/10.webp").status_code == 200
    fake.library.held.add(id)
    assert client.get(f"/source/{id}/10.webp").status_code == client.get(f"/source/{id}/original").status_code == 404


def test_a_library_refuses_ids_that_are_patterns_and_documents_that_are_removed(
    library: Library, note: Callable[[str, str], Path]
) -> None:
    library.add([note("one.md", "# One\n\nThe kitchen was clean and tidy, always.")])
    (entry,) = library.documents()
    client = TestClient(Starlette(routes=files.routes(type("Assistant", (), {"library": library})())))  # type: ignore[arg-type]
    reply = client.get(f"/source/{entry.id}/original")
    assert reply.headers["content-type"].startswith("text/plain") and reply.headers["content-disposition"].startswith("inline")
    assert [client.get(f"/source/{id}/original").status_code for id in ("*", "?" * 32, entry.id[:-1] + "?")] == [404] * 3
    library.remove([entry.id])
    assert client.get(f"/source/{entry.id}/original").status_code == 404


def test_file_names_are_made_safe_for_headers_and_file_systems(fake: Any) -> None:
    entry = fake.library.entries["a1"]
    plain = {name: getattr(entry, name) for name in entry.__slots__}
    names = {'a/b\\c"d.pdf': "cd.pdf", "x\r\nSet-Cookie: a.pdf": "xSet-Cookie a.pdf", "..": "document", "é.pdf": "é.pdf"}
    assert {name: files.file_name(type(entry)(**{**plain, "name": name})) for name in names} == names


def test_an_unforeseen_failure_tells_no_detail(client: TestClient, fake: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(id: str) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(fake.library.originals, "entry", broken)
    reply = client.get("/source/a1/original")
    assert reply.status_code == 500 and "secret" not in reply.text


def test_a_page_is_drawn_once_and_what_is_kept_is_bounded(fake: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    originals, id, drawn = fake.library.originals, fake.drawn[REPORT.name], []
    monkeypatch.setattr(originals.studio, "work", lambda *given: drawn.append(given[2]) or bytes(30 << 20))
    for number in (1, 1, 2, 1, 3, 1, 2):
        assert len(originals.picture(id, number, 1.5)) == 30 << 20
    assert drawn == [1, 2, 3, 2], "the page that nobody has looked at for longest is let go"
