"""Builds every sample: `.venv/bin/python -m scripts.build_samples [--out FOLDER]`, from the root of the repository."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from .content import read_press_releases, read_reports
from .press import press_release
from .report import report_pdf

SAMPLES = Path(__file__).resolve().parents[2] / "corpus" / "samples"


def built() -> Iterator[tuple[str, bytes]]:
    """File name and content of each publication."""
    reports = read_reports()
    by_slug = {report.slug: report for report in reports}
    for report in reports:
        yield f"{report.slug}.pdf", report_pdf(report, by_slug)
    for release in read_press_releases(reports):
        yield f"{release.slug}.{release.format}", press_release(release)


def main() -> None:
    """Writes the files and says what it wrote; other files in the folder are left alone."""
    parser = argparse.ArgumentParser(prog="python -m scripts.build_samples", description=__doc__)
    parser.add_argument("--out", type=Path, default=SAMPLES, help="folder to write to (default: corpus/samples)")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for name, content in built():
        (out / name).write_bytes(content)
        print(f"{out / name}  {len(content):,} bytes")


if __name__ == "__main__":
    main()
