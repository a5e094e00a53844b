"""Puts the pictures that the README shows into docs/, small enough to load at once. ``make screenshots`` runs it after taking them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
TAKEN = Path(os.environ.get("SCREENSHOTS") or ROOT / "run" / "screenshots")
SHOWN = {"page": "viewer-wide-light", "findings": "findings-wide-light", "documents": "documents-wide-light"}
HEIGHT, LARGEST = 1400, 200_000


def main() -> None:
    """Writes docs/NAME.png of each in SHOWN: cut after HEIGHT, in as many colours as LARGEST bytes allow. Ends with 1 for want of one."""
    for name, source in SHOWN.items():
        path = TAKEN / f"{source}.png"
        if not path.exists():
            sys.exit(f"{path} is not there: its test was skipped or failed.")
        whole = Image.open(path).convert("RGB")
        whole = whole.crop((0, 0, whole.width, min(whole.height, HEIGHT)))
        target = ROOT / "docs" / f"{name}.png"
        for colours in (256, 128, 64, 32):
            whole.quantize(colours, dither=Image.Dither.NONE).save(target, optimize=True)
            if target.stat().st_size <= LARGEST:
                break
        print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1000} KB")


if __name__ == "__main__":
    main()
