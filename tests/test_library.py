"""The library: adding, replacing, removing, repairing, and what readers see meanwhile."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from filelock import FileLock

from index.embed import HashEmbedder
from index.errors import EmbedderMismatch, LibraryLocked, UnknownDocument
from index.library import Library
from index.rebuild import rebuild
from index.types import Progress
from tests.conftest import SAMPLES

Note = Callable[[str, str], Path]
HARBOUR = "Harbour Lane inspection\n\nInspectors rated Harbour Lane as Good. Staff felt supported by their managers."
MOOR = "Moor End inspection\n\nInspectors rated Moor End as Inadequate. Records of medicines were missing."


def test_what_is_added_is_found_and_stands_where_the_hit_says(library: Library, note: Note) -> None:
    report = library.add([note("harbour.txt", HARBOUR), note("moor.txt", MOOR)])
    assert [f.outcome for f in report.files] == ["added", "added"]
    hit = library.search("medicines records missing", 1)[0]
    assert hit.entry.name == "moor.txt"
    page = library.page(hit.entry.id, hit.passage.page)
    assert page.text[hit.passage.start : hit.passage.end] == hit.passage.text


def test_adding_the_same_folder_twice_changes_and_embeds_nothing(library: Library, note: Note, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = note("harbour.txt", HARBOUR).parent
    library.add([folder])
    before = library.catalogue.passage_ids()
    monkeypatch.setattr(HashEmbedder, "embed", lambda *_: pytest.fail("embedded again"))
    assert [f.outcome for f in library.add([folder]).files] == ["unchanged"]
    assert library.catalogue.passage_ids() == before


def test_a_changed_file_replaces_its_earlier_version(library: Library, note: Note) -> None:
    library.add([note("harbour.txt", HARBOUR)])
    old = library.documents()[0].id
    report = library.add([note("harbour.txt", HARBOUR.replace("Good", "Outstanding"))])
    assert [f.outcome for f in report.files] == ["replaced"]
    assert [e.name for e in library.documents()] == ["harbour.txt"]
    assert all("Good" not in hit.passage.text for hit in library.search("Harbour Lane rated Good"))
    with pytest.raises(UnknownDocument):
        library.page(old, 1)
    assert library.status().vectors == library.status().passages


def test_sync_removes_what_has_vanished_from_the_folder_and_nothing_else(library: Library, note: Note, tmp_path: Path) -> None:
    note("harbour.txt", HARBOUR)
    moor = note("moor.txt", MOOR)
    other = tmp_path / "in2" / "kept.txt"
    other.parent.mkdir()
    other.write_text("Kept elsewhere. It stays.", encoding="utf-8")
    library.add([tmp_path / "in", other])
    moor.unlink()
    assert not library.add([tmp_path / "in"]).of("removed")
    assert [f.name for f in library.add([tmp_path / "in"], sync=True).of("removed")] == ["moor.txt"]
    assert {e.name for e in library.documents()} == {"harbour.txt", "kept.txt"}


def test_a_moved_file_is_known_at_its_new_place(library: Library, note: Note, tmp_path: Path) -> None:
    path = note("harbour.txt", HARBOUR)
    library.add([path])
    new = path.rename(tmp_path / "in" / "renamed.txt")
    report = library.add([tmp_path / "in"], sync=True)
    assert [(f.name, f.outcome) for f in report.files] == [("renamed.txt", "unchanged")]
    assert [(e.name, e.source) for e in library.documents()] == [("renamed.txt", str(new))]


def test_a_file_that_took_over_anothers_content_leaves_no_stale_version(library: Library, note: Note, tmp_path: Path) -> None:
    note("a.txt", HARBOUR)
    moor = note("b.txt", MOOR)
    library.add([tmp_path / "in"])
    moor.unlink()
    note("a.txt", MOOR)
    library.add([tmp_path / "in"])
    assert [e.name for e in library.documents()] == ["a.txt"]
    assert all("Good" not in hit.passage.text for hit in library.search("Harbour Lane rated Good"))


def test_two_files_that_swapped_their_content_are_both_kept(library: Library, note: Note, tmp_path: Path) -> None:
    note("a.txt", HARBOUR)
    note("b.txt", MOOR)
    library.add([tmp_path / "in"])
    note("a.txt", MOOR)
    note("b.txt", HARBOUR)
    library.add([tmp_path / "in"])
    assert {e.name: e.title for e in library.documents()} == {"a.txt": "Moor End inspection", "b.txt": "Harbour Lane inspection"}
    assert library.status().problems == ()


def test_a_name_that_is_no_utf8_does_not_stop_the_others(library: Library, note: Note, tmp_path: Path) -> None:
    note("harbour.txt", HARBOUR)
    try:
        Path(os.fsdecode(os.fsencode(tmp_path / "in") + b"/m\xe9r.txt")).write_text(MOOR, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes no such names")
    assert {f.outcome for f in library.add([tmp_path / "in"]).files} == {"added"}
    assert {e.name for e in library.documents()} == {"harbour.txt", "m\ufffdr.txt"}


def test_a_bad_file_is_reported_with_a_reason_and_the_rest_is_added(library: Library, note: Note, tmp_path: Path) -> None:
    note("harbour.txt", HARBOUR)
    note("empty.txt", "")
    note("broken.pdf", "%PDF-1.7 and nothing else")
    note("page.pdf", "<html>not a pdf</html>")
    note("picture.png", "x")
    report = library.add([tmp_path / "in"])
    assert [f.name for f in report.of("added")] == ["harbour.txt"]
    reasons = {f.name: f.reason for f in report.of("skipped")}
    assert set(reasons) == {"empty.txt", "broken.pdf", "page.pdf", "picture.png"}
    assert "damaged" in reasons["broken.pdf"] and "no PDF" in reasons["page.pdf"] and "not read" in reasons["picture.png"]


def test_a_zip_is_opened_and_its_members_cannot_leave_the_library(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("../../escape.txt", HARBOUR)
        archive.writestr("inner/moor.md", "# Moor End\n\nThe kitchen was **clean**.")
    assert {f.outcome for f in library.add([path]).files} == {"added"}
    assert {e.name for e in library.documents()} == {"escape.txt", "moor.md"}
    assert not list(tmp_path.parent.glob("escape*"))
    assert library.search("clean kitchen", 1)[0].passage.text.endswith("The kitchen was clean.")


def test_uploads_of_one_name_never_take_each_others_place(library: Library, note: Note, tmp_path: Path) -> None:
    for name, text in (("drop/north/report.txt", HARBOUR), ("drop/south/report.txt", MOOR), ("bare/report.txt", f"{MOOR}\nMore.")):
        note(name, text)
    assert {f.outcome for f in library.add([tmp_path / "in" / "drop"], uploaded=True).files} == {"added"}
    assert {e.source for e in library.documents()} == {"upload:north/report.txt", "upload:south/report.txt"}
    assert [f.outcome for f in library.add([tmp_path / "in" / "bare" / "report.txt"], uploaded=True).files] == ["added"]
    again = library.add([note("bare/report.txt", f"{HARBOUR}\nAnother.")], uploaded=True).files[0]
    assert again.outcome == "added" and "both are kept" in again.reason and len(library.documents()) == 4
    note("drop/north/report.txt", f"{HARBOUR}\nA newer version.")
    assert sorted(f.outcome for f in library.add([tmp_path / "in" / "drop"], uploaded=True).files) == ["replaced", "unchanged"]
    assert [f.outcome for f in library.add([note("bare/report.txt", MOOR)], uploaded=True).files] == ["unchanged"]
    assert len(library.documents()) == 4


def test_a_name_with_an_endless_ending_is_kept_under_a_short_one(library: Library, note: Note, tmp_path: Path) -> None:
    path = tmp_path / f"a.{'x' * 240}"
    path.write_bytes((SAMPLES / "eastmere-and-saltings-crc-inspection-report-2019.pdf").read_bytes())
    assert [f.outcome for f in library.add([path], uploaded=True).files] == ["added"]
    assert library.original(library.documents()[0].id).suffix == ".bin" and not library.without_original()


def test_pages_and_passages_of_a_document_are_for_readers_only(library: Library, note: Note) -> None:
    library.add([note("harbour.txt", HARBOUR), note("press.txt", f"Embargoed until 00:01 on 3 May 2099\n\n{MOOR}")])
    shown, held = library.documents()[0], next(e for e in library.documents(held=True) if e.name == "press.txt")
    texts = {page.number: page.text for page in library.all_pages(shown.id)}
    assert all(texts[p.page][p.start : p.end] == p.text for p in library.passages(shown.id)) and len(library.passages(shown.id)) == shown.passages
    for ask in (library.all_pages, library.passages):
        with pytest.raises(UnknownDocument):
            ask(held.id)


def test_a_removed_document_leaves_nothing_behind(library: Library, note: Note) -> None:
    library.add([note("harbour.txt", HARBOUR), note("moor.txt", MOOR)])
    gone = next(e for e in library.documents() if e.name == "moor.txt")
    library.remove([gone.id])
    status = library.status()
    assert (status.documents, status.vectors, status.problems) == (1, status.passages, ())
    assert not list((library.home / "files").glob(f"{gone.id}*"))
    with pytest.raises(UnknownDocument):
        library.remove([gone.id])


def test_a_second_writer_is_told_and_readers_go_on(library: Library, note: Note) -> None:
    library.add([note("harbour.txt", HARBOUR)])
    with FileLock(library.home / "write.lock"):
        with pytest.raises(LibraryLocked, match="Another process is writing"):
            library.add([note("moor.txt", MOOR)])
        assert library.search("Harbour Lane", 1)


def test_a_reader_sees_what_another_has_added_since(library: Library, note: Note) -> None:
    library.add([note("harbour.txt", HARBOUR)])
    script = multiprocessing.get_context("spawn").Process(target=_add, args=(library.home, note("moor.txt", MOOR)))
    script.start()
    script.join(60)
    assert script.exitcode == 0
    hit = library.search("Moor End medicines", 1)[0]
    assert hit.entry.name == "moor.txt" and hit.dense_rank is not None


def _add(home: Path, path: Path) -> None:
    Library(home, HashEmbedder()).add([path])


def test_another_embedder_is_refused_until_the_library_is_rebuilt(library: Library, note: Note) -> None:
    library.add([note("harbour.txt", HARBOUR)])
    library.close()
    other = HashEmbedder(128)
    with pytest.raises(EmbedderMismatch, match="assistant rebuild"):
        Library(library.home, other)
    assert rebuild(library.home, other) == 1
    again = Library(library.home, other)
    assert again.search("Harbour Lane", 1)[0].dense_rank == 1
    again.close()


def test_lost_vectors_are_put_back_at_the_next_start_without_embedding(library: Library, note: Note, monkeypatch: pytest.MonkeyPatch) -> None:
    library.add([note("harbour.txt", HARBOUR), note("moor.txt", MOOR)])
    library._vectors.clear()
    library.close()
    monkeypatch.setattr(HashEmbedder, "embed", lambda *_: pytest.fail("embedded again"))
    again = Library(library.home, HashEmbedder())
    assert again.status().problems == ()
    again.close()


def test_a_half_added_document_is_invisible_and_gone_after_repair(library: Library, note: Note, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library.catalogue, "show", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        library.add([note("moor.txt", MOOR)])
    assert library.documents() == [] and library.search("Moor End") == []
    assert library.repair() and library.catalogue.unfinished() == []
    assert library.status().vectors == 0


def test_stopping_keeps_what_is_whole_and_the_next_add_goes_on(library: Library, note: Note, tmp_path: Path) -> None:
    for number in range(6):
        note(f"report{number}.txt", HARBOUR.replace("Harbour", f"Harbour{number}"))
    stop = threading.Event()
    report = library.add([tmp_path / "in"], progress=lambda p: stop.set() if p.files_done == 2 else None, stop=stop)
    assert report.interrupted and 2 <= len(library.documents()) < 6
    assert len(library.add([tmp_path / "in"]).of("added")) == 6 - len(report.of("added"))
    assert library.status().problems == ()


def test_progress_counts_files_and_says_how_much_is_left(library: Library, note: Note, tmp_path: Path) -> None:
    seen: list[Progress] = []
    library.add([note("harbour.txt", HARBOUR), note("moor.txt", MOOR)], progress=seen.append)
    assert [p.files_done for p in seen if p.last] == [1, 2] and seen[-1].bytes_done == seen[-1].bytes_total
    assert seen[-1].seconds_left == 0
    assert [name for _, name in seen[0].found] == ["harbour.txt", "moor.txt"] and not seen[0].working
    assert seen[1].working == (str(tmp_path / "in" / "harbour.txt"),) and not any(p.found for p in seen[1:])
    assert replace(seen[0], seconds=10.0, bytes_done=50, bytes_total=100).seconds_left == 10.0
