"""How the grades are spread, and how they came by year: counts, the two plots of them, and the same in numbers.

Takes rows from inspections; gives plots and markup to findings. The only module that imports pandas.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import gradio as gr
import pandas as pd

from assistant.findings import Inspection
from ui.web.inspections import Row, badge, shade
from ui.web.markup import count, esc

COLOURS = ("#00703c", "#4a8fd0", "#8a6fc0", "#b9a03a", "#e08a1e", "#c0281c")
"""From the best grade to the worst; seen on white and on black, told apart without red and green by their lightness."""
PLAIN = "#7b868d"
HEIGHT = 340
NOTHING = '<p class="aside">There is no grade to draw.</p>'


def grades_in(inspections: Iterable[Inspection], subject: str, order: Sequence[str]) -> list[str]:
    """The grades that the inspections have for a subject, in the order given, then what is not in it."""
    there = {fact.value for one in inspections if (fact := one.judged(subject))}
    return [grade for grade in order if grade in there] + sorted(there.difference(order))


def by_grade(rows: Sequence[Row], grades: Sequence[str]) -> list[tuple[str, int]]:
    """How many inspections have each grade."""
    counts = Counter(row.fact.value for row in rows if row.fact)
    return [(grade, counts[grade]) for grade in grades]


def by_year(rows: Sequence[Row], grades: Sequence[str]) -> list[tuple[int, list[int]]]:
    """For each year from the first to the last, years without inspections too, how many have each grade. Undated rows are left out."""
    counts = Counter((row.one.day.year, row.fact.value) for row in rows if row.fact and row.one.day)
    years = [year for year, _ in counts]
    return [(year, [counts[year, grade] for grade in grades]) for year in range(min(years), max(years) + 1)] if years else []


def plots(rows: Sequence[Row], grades: Sequence[str]) -> tuple[gr.BarPlot, gr.BarPlot]:
    """Both plots, with a place for each of ``grades``, best first; hidden where there is nothing to draw."""
    look: dict[str, Any] = {"color": "Grade", "color_map": _colours(rows), "colors_in_legend": list(grades), "y": "Inspections"}
    counts, years = by_grade(rows, grades), by_year(rows, grades)
    spread = pd.DataFrame(counts, columns=["Grade", "Inspections"])
    stacked = [(str(year), grade, number) for year, numbers in years for grade, number in zip(grades, numbers, strict=True)]
    trend = pd.DataFrame(stacked, columns=["Year", "Grade", "Inspections"])
    tops = _top(number for _, number in counts), _top(sum(numbers) for _, numbers in years)
    drawn = any(number for _, number in counts)
    return (
        gr.BarPlot(spread if drawn else None, x="Grade", sort=list(grades), y_lim=[0, tops[0]], visible=drawn, **look),
        gr.BarPlot(trend if years else None, x="Year", y_lim=[0, tops[1]], visible=bool(years), **look),
    )


def _top(numbers: Iterable[int]) -> int:
    """Where the axis ends: from five up it is divided at whole numbers only."""
    return max([5, *numbers])


def _colours(rows: Sequence[Row]) -> dict[str, str]:
    """Each grade's colour by where it stands on its scale."""
    shades = {row.fact.value: shade(row.fact.value, row.fact.scale) for row in rows if row.fact}
    return {grade: PLAIN if colour is None else COLOURS[colour] for grade, colour in shades.items()}


def numbers_html(rows: Sequence[Row], grades: Sequence[str]) -> tuple[str, str]:
    """What each plot shows, as a small table that can be unfolded, with what it leaves out; the colours under the second."""
    if not any(row.fact for row in rows):
        return NOTHING, ""
    bare, undated = sum(not row.fact for row in rows), sum(bool(row.fact) and not row.one.day for row in rows)
    first = [[grade, f"{number:,}"] for grade, number in by_grade(rows, grades)]
    then = [[str(year), *(f"{n:,}" for n in counts), f"{sum(counts):,}"] for year, counts in by_year(rows, grades)]
    return (
        _folded("Inspections by grade", ["Grade", "Inspections"], first, _left_out(bare, "no grade that could be read")),
        _legend(rows, grades) + _folded("Inspections by year and grade", ["Year", *grades, "All"], then,
                _left_out(bare, "no grade that could be read") + _left_out(undated, "no day that could be read")),
    )  # fmt: skip


def _legend(rows: Sequence[Row], grades: Sequence[str]) -> str:
    """The grades in the colours of the plots."""
    facts = {row.fact.value: row.fact for row in rows if row.fact}
    return f'<p class="legend">{"".join(badge(facts[grade]) for grade in grades if grade in facts)}</p>'


def _left_out(number: int, why: str) -> str:
    return f'<p class="aside">{count(number, "inspection")} with {why} left out.</p>' if number else ""


def _folded(name: str, heads: Sequence[str], rows: Sequence[Sequence[str]], note: str) -> str:
    """A table in ``details``; the first cell of a row is its head."""
    head = "".join(f'<th scope="col"{" class=figure" if at else ""}>{esc(text)}</th>' for at, text in enumerate(heads))
    cells = [(row[0], "".join(f'<td class="figure">{esc(cell)}</td>' for cell in row[1:])) for row in rows]
    body = "".join(f'<tr><th scope="row">{esc(first)}</th>{rest}</tr>' for first, rest in cells)
    table = f'<table class="numbers"><caption class="unseen">{name}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    summary = f'<summary>The same in numbers<span class="unseen">: {name}</span></summary>'
    return f'{note}<details>{summary}<div class="wide">{table}</div></details>'
