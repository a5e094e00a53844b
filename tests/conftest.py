"""Shared fixtures. Unit tests use a small deterministic embedder; those marked ``weights`` use the real one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.embed import HashEmbedder
from index.library import Library

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "corpus" / "samples"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library with an embedder that needs no weights."""
    made = Library(tmp_path / "library", HashEmbedder())
    yield made
    made.close()


@pytest.fixture
def note(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a text file into a folder ``in`` and gives its path."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def toured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page with everything that the checks of looks, access and safety go through; see tests/tour.py."""
    from tests import test_browser as web

    if not web.chromium():
        pytest.skip("no Chromium found: install one, or name it in $CHROMIUM")
    with web._fake("toured", tmp_path_factory.mktemp("toured") / "log") as address:
        yield address
