"""A process killed at random points while adding leaves a library that the next start repairs."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

from index.embed import HashEmbedder
from index.library import Library
from tests.conftest import SAMPLES

KILLS = int(os.environ.get("KILLS", "20"))


def _add(home: Path) -> None:
    Library(home, HashEmbedder()).add([SAMPLES])


def _ids(home: Path) -> tuple[list[str], set[str]]:
    library = Library(home, HashEmbedder())
    try:
        status = library.status()
        assert status.problems == (), status.problems
        assert library.catalogue.unfinished() == []
        visible = {entry.id for entry in library.documents()}
        assert {file.stem for file in (home / "files").iterdir() if file.suffix != ".part"} >= visible
        return sorted(library.catalogue.passage_ids()), library._vectors.ids()
    finally:
        library.close()


def test_killed_twenty_times_the_library_is_sound_each_time_and_ends_with_the_same_ids(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    started = time.monotonic()
    undisturbed = spawn.Process(target=_add, args=(tmp_path / "calm",))
    undisturbed.start()
    undisturbed.join(120)
    whole = time.monotonic() - started
    expected, vectors = _ids(tmp_path / "calm")
    assert expected and set(expected) == vectors
    dice = random.Random(20261123)
    home = tmp_path / "killed"
    for round_ in range(KILLS):
        if round_ % 5 == 0:
            home = tmp_path / f"killed{round_}"  # from nothing again, so that all points of an add are met
        process = spawn.Process(target=_add, args=(home,))
        process.start()
        time.sleep(dice.uniform(0.4, 1.05) * whole)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        if home.exists():
            found, held = _ids(home)
            assert set(found) == held and set(found) <= set(expected)
    last = spawn.Process(target=_add, args=(home,))
    last.start()
    last.join(120)
    assert last.exitcode == 0
    assert _ids(home) == (expected, vectors)
