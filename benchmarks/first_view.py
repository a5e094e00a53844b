"""How soon the page can be used: from its address to a question box that takes a question, in a browser that knows nothing yet.

    python benchmarks/first_view.py LIBRARY … [--runs 10] [--chromium /usr/bin/chromium]

For each library folder the page is served anew, and opened by a new browser each time, so that no cache is warm. Prints
how long the server takes to start, and p50 and the worst of: the box is there, the first examples (or first steps) are there.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from page_server import memory, served
from playwright.sync_api import sync_playwright

WATCH = """
window.seen = {};
const look = () => {
  const box = document.querySelector('#question textarea');
  const shown = box && box.checkVisibility({opacityProperty: true, visibilityProperty: true});
  const free = shown && !box.disabled && box.getBoundingClientRect().height > 0;
  if (free && !seen.box) seen.box = performance.now();
  if (document.querySelector('#examples')?.textContent.trim() && !seen.examples) seen.examples = performance.now();
  if (!seen.box || !seen.examples) requestAnimationFrame(look);
};
document.addEventListener('DOMContentLoaded', look);
"""


def views(address: str, runs: int, chromium: str) -> list[dict[str, float]]:
    """Milliseconds since the navigation began: box, examples; and what was fetched, in kilobytes and requests."""
    found = []
    with sync_playwright() as playwright:
        for _ in range(runs):
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page()
            page.add_init_script(WATCH)
            page.goto(address, wait_until="commit")
            page.wait_for_function("window.seen && seen.box && seen.examples", timeout=60_000)
            box = page.get_by_label("Your question")
            box.fill("Is this taken?")
            assert box.input_value() == "Is this taken?"
            sizes = "performance.getEntriesByType('resource').map(r => r.encodedBodySize)"
            got = page.evaluate(sizes)
            found.append(page.evaluate("seen") | {"requests": len(got), "kilobytes": sum(got) / 1024})
            browser.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("libraries", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    given = parser.parse_args()
    for home in given.libraries:
        with served(home) as page:
            seen = views(page.address, given.runs, given.chromium)
            print(f"{home.name}: server ready after {page.seconds:.1f} s, {memory(page.pid)}")
            for what in ("box", "examples"):
                times = [each[what] for each in seen]
                print(f"  {what:9} p50 {np.percentile(times, 50):5.0f} ms   worst {max(times):5.0f} ms   first {times[0]:5.0f} ms")
            print(f"  {seen[0]['requests']:.0f} requests, {seen[0]['kilobytes']:.0f} KB")


if __name__ == "__main__":
    main()
