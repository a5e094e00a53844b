"""Serves the page in a process of its own, for the benchmarks that look at it from outside."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Served:
    """A page that answers: its address, its process, and the seconds from starting that to the first reply."""

    address: str
    pid: int
    seconds: float


@contextmanager
def served(home: Path, patience: float = 180) -> Iterator[Served]:
    """The page of a library on a free port, ended afterwards by its own handle."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "ui.cli", "--home", str(home), "chat", "--port", str(port)]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/"
    try:
        while not _answers(address):
            if process.poll() is not None or time.perf_counter() - began > patience:
                raise SystemExit("The page did not start.")
            time.sleep(0.02)
        yield Served(address, process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(30)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=30) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


def memory(pid: int) -> str:
    """What the process holds in memory, where the system tells."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
        return next(f"{int(line.split()[1]) / 1024:.0f} MB" for line in lines if line.startswith("VmRSS"))
    except (OSError, StopIteration):
        return "unknown"
