"""How much adding slows the page down: GET / and a quoted answer, in idleness and while files are added, in one run.

    python benchmarks/adding.py [FOLDER] [--files 100]

The files are FOLDER's PDFs, else invented reports of eight pages. They go through the page's own handler, in the process that
serves the page, on a library of the samples; this process only asks, one request after the other, and counts milliseconds.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import shutil
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[1] / "corpus" / "samples"
QUESTIONS = (
    "How many home visits were needed and made at Eastmere?", "Who owned Northmarch CRC?",
    "Which services were rated Inadequate on staffing?", "What did inspectors find at Saltings?",
)  # fmt: skip


def serve(home: Path, wire: Connection) -> None:
    """Serves a library of the samples; adds what it is sent, and answers with the seconds and what became of the files."""
    import gradio as gr

    from assistant.build import open_assistant
    from assistant.settings import read_settings
    from ui.web.adding import Adder, Desk
    from ui.web.app import build
    from ui.web.files import routes
    from ui.web.theme import look

    assistant = open_assistant(read_settings(home=home, answers="quotes"))
    assistant.library.add([SAMPLES])
    page = build(assistant)
    _, address, _ = page.launch(
        server_name="127.0.0.1", prevent_thread_lock=True, quiet=True, ssr_mode=False, app_kwargs={"routes": routes(assistant)}, **look()
    )
    with gr.Blocks(analytics_enabled=False):
        adder = Adder(assistant)
    wire.send(address)
    while paths := wire.recv():
        started, before = time.perf_counter(), len(assistant.library.documents(held=True))
        for _ in adder.on_add(paths, Desk()):
            pass
        wire.send((time.perf_counter() - started, len(assistant.library.documents(held=True)) - before))
    page.close(verbose=False)


def invent(folder: Path, number: int) -> list[Path]:
    """Reports of invented services, no two alike, from the words of the samples."""
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

    texts = [path.read_text("utf-8") for path in SAMPLES.iterdir() if path.suffix in (".md", ".txt")]
    words = [word for text in texts for word in text.split() if "<" not in word and "&" not in word]
    chance, style, made = random.Random(7), getSampleStyleSheet(), []
    for each in range(number):
        story = [Paragraph(f"An inspection of Invented Service {each}", style["Title"])]
        for _ in range(8):
            for _ in range(6):
                story.append(Paragraph(f"{' '.join(chance.choices(words, k=70))}.", style["BodyText"]))
            story.append(PageBreak())
        made.append(folder / f"report-{each}.pdf")
        SimpleDocTemplate(str(made[-1])).build(story)
    return made


def uploads(paths: Sequence[Path], folder: Path) -> list[str]:
    """Copies as an upload leaves them, which the handler takes away."""
    kept = []
    for number, path in enumerate(paths):
        copy = folder / "uploads" / str(number) / path.name
        copy.parent.mkdir(parents=True)
        shutil.copy(path, copy)
        kept.append(str(copy))
    return kept


def measured(address: str, until: Callable[[int], bool]) -> dict[str, list[float]]:
    """Milliseconds of each request, GET / and a question in turns, until told to stop."""
    from gradio_client import Client

    client, found = Client(address, verbose=False), {"GET /": list[float](), "answer": list[float]()}
    number = 0
    while not until(number):
        started = time.perf_counter()
        with urllib.request.urlopen(address, timeout=60) as reply:
            reply.read()
        found["GET /"].append(1000 * (time.perf_counter() - started))
        started = time.perf_counter()
        client.predict(QUESTIONS[number % len(QUESTIONS)], api_name="/ask")
        found["answer"].append(1000 * (time.perf_counter() - started))
        number += 1
    return found


def told(name: str, found: dict[str, list[float]]) -> None:
    for what, ms in found.items():
        worst = sorted(ms)[min(len(ms) - 1, int(0.95 * len(ms)))]
        middle = statistics.median(ms)
        print(f"{name:14} {what:7} median {middle:6.0f} ms   95% {worst:6.0f} ms   most {max(ms):6.0f} ms   ({len(ms)} requests)")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--files", type=int, default=100)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        files = sorted(given.folder.rglob("*.pdf"))[: given.files] if given.folder else invent(work, given.files)
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe()
        server = spawn.Process(target=serve, args=(work / "home", theirs))
        server.start()
        address = ours.recv()
        measured(address, lambda number: number >= 8)  # the first ones load what the later ones have
        told("idle", measured(address, lambda number: number >= 40))
        ours.send(uploads(files, work))
        told("while adding", measured(address, lambda number: ours.poll()))
        seconds, added = ours.recv()
        print(f"{added} of {len(files)} files added in {seconds:.0f} s")
        ours.send([])
        server.join(30)
        server.kill()


if __name__ == "__main__":
    main()
