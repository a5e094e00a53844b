"""A run's report on the page: what came of it, figures by kind, the questions, and how it differs from an earlier run.

Takes a Run as readers may see it; gives markup to evaluation. Figures, columns and sentences are those of the report that
``assistant evaluate`` writes. All that questions, answers and passages say is escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from assistant.evaluate.report import COLUMNS, OUTCOMES, against_verdict, expected, figure, verdict
from assistant.evaluate.runner import Run
from assistant.evaluate.scoring import Record, outcome_of
from assistant.evaluate.summary import MEASURES, MIN_PAIRS, Measure
from ui.runs import quotes_only
from ui.web.markup import count, esc, event_button, notice
from ui.web.run_list import moment

STEP = 10
"""So many questions are shown at once, and so many more each time."""
KINDS = 100
"""So many kinds are in the table; the CSV has all."""
ALL, NOT_RIGHT = "All outcomes", "Not right"
ANY = ""
"""No kind in particular."""
FILES = (
    ("report.html", "Report (HTML)"), ("run.json", "Run (JSON)"), ("figures.csv", "Figures (CSV)"), ("questions.csv", "Questions (CSV)"),
)  # fmt: skip
_Figures = dict[str, dict[str, Any]]


def file_path(id: str, name: str, against: str = "") -> str:
    """The address of a file of a run, relative to the page's own, so that it holds behind any proxy."""
    return f"evaluation/{id}/{name}" + (f"?against={against}" if against and name == "report.html" else "")


def head_html(run: Run, id: str, against: str, moves: int) -> str:
    """Heading, files to take, what came of it in sentences, and the figures by kind. ``moves`` gets the focus, if new; 0 leaves it."""
    focus = f' tabindex="-1" data-focus="{moves}"' if moves else ""
    parts = [
        f'<h2{focus}>Report: <bdi>{esc(run["set"]["name"])}</bdi></h2><p class="aside">{esc(_about(run))}</p>',
        _unfinished(run), _files(id, against),
    ]  # fmt: skip
    if run["questions"]:
        said = "".join(f"<p>{esc(sentence)}</p>" for sentence in verdict(run))
        said = f'<div class="coverage verdict" role="region" aria-label="What came of it">{said}{_lacking(run)}</div>'
        parts += [said, _by_kind(run), _every(run)]
    return "".join(parts)


def _about(run: Run) -> str:
    limit = f" of the {run['set']['questions']:,} in the set, spread over the kinds" if run["set"]["limit"] else ""
    model = run["settings"].get("model") or run["settings"].get("model_url") or "a chat model"
    answers = "answers were quotes" if quotes_only(run) else f"answers were written by {model}"
    asked = f"{count(len(run['questions']), 'question')}{limit}"
    return f"{asked}, asked of a library of {count(run['library']['documents'], 'document')} · {moment(run['started'])} · {answers}"


def _unfinished(run: Run) -> str:
    if run["finished"]:
        return ""
    done, asked = len(run["questions"]), run["set"]["asked"]
    return notice(f"This run was stopped after {done:,} of {count(asked, 'question')}; the figures are of these.", "warning")


def _files(id: str, against: str) -> str:
    links = "".join(f'<a class="plain download" download href="{file_path(id, name, against)}">{label}</a>' for name, label in FILES)
    label = '<span class="aside">Download:</span>'
    return f'<p class="foot" role="group" aria-label="Download">{label}{links}{event_button("shut", "Close the report")}</p>'


def _lacking(run: Run) -> str:
    lacking = run["not_in_library"]
    if not lacking:
        return ""
    few = ", ".join(lacking[:5]) + (", …" if len(lacking) > 5 else "")
    said = f"The library lacked {count(len(lacking), 'document')} that the set names: {few}."
    return f"<p><b>{esc(said)}</b></p>"


def _by_kind(run: Run) -> str:
    counts = Counter(record["kind"] for record in run["questions"])
    kinds = run["summary"]["kinds"]
    rows = "".join(_kind_row(kind, counts[kind], kinds[kind]) for kind in list(kinds)[:KINDS])
    rows += _kind_row("All", len(run["questions"]), run["summary"]["overall"], "total")
    columns = ("Questions", *(m.label for m in COLUMNS))
    heads = '<th scope="col">Kind</th>' + "".join(f'<th scope="col" class="figure">{esc(name)}</th>' for name in columns)
    cut = f'<p class="aside">{KINDS} of {len(kinds):,} kinds are shown; the CSV has all.</p>' if len(kinds) > KINDS else ""
    said = "".join(f"<dt>{esc(m.label)}</dt><dd>{esc(m.says)}</dd>" for m in COLUMNS)
    meanings = f'<details class="meanings"><summary>What the columns mean</summary><dl>{said}</dl></details>'
    return (
        '<h3>By kind of question</h3><p class="aside">Small figures: where the value would lie for 95 of 100 such sets of questions; none '
        f'where all came out alike.</p>{_table("Figures by kind", heads, rows)}{cut}{meanings}'
    )


def _kind_row(kind: str, number: int, figures: _Figures, css: str = "") -> str:
    cells = "".join(f'<td class="figure">{_value(figures.get(m.name), m)}</td>' for m in COLUMNS)
    row = f' class="{css}"' if css else ""
    return f'<tr{row}><th scope="row"><bdi>{esc(kind)}</bdi></th><td class="figure">{number:,}</td>{cells}</tr>'


def _value(found: dict[str, Any] | None, measure: Measure) -> str:
    if found is None:
        return "–"
    low, high = figure(found["low"], measure), figure(found["high"], measure)
    return figure(found["value"], measure) + (f"<small>{low} – {high}</small>" if found["low"] < found["high"] else "")


def _every(run: Run) -> str:
    overall = run["summary"]["overall"]
    rows = "".join(
        f'<tr><th scope="row">{esc(m.label)}</th><td class="figure">{_value(overall[m.name], m)}</td>'
        f'<td class="figure">{overall[m.name]["n"]:,}</td><td>{esc(m.says)}</td></tr>'
        for m in MEASURES if m.name in overall
    )  # fmt: skip
    figures = "".join(f'<th scope="col" class="figure">{name}</th>' for name in ("Value", "Questions"))
    heads = f'<th scope="col">Measure</th>{figures}<th scope="col">What it is</th>'
    return f'<details class="meanings"><summary>Every measure</summary>{_table("Every measure", heads, rows)}</details>'


def _table(name: str, heads: str, rows: str) -> str:
    """A table of figures that scrolls by itself where there is no room for it."""
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{esc(name)}"><table class="measures"><caption class="unseen">{esc(name)}'
        f"</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


# ---- compared


def compared_html(run: Run, against: dict[str, Any]) -> str:
    """How the run differs from an earlier one: a sentence, what else may make the difference, figures, questions that changed."""
    parts = [notice(warning, "warning") for warning in against["warnings"]]
    parts += [f"<p>{esc(said)}</p>" for said in against_verdict(against)]
    if against["shared"]:
        measures = [(m.label, m, against["overall"][m.name]) for m in MEASURES if m.name in against["overall"]]
        kinds = [(kind, MEASURES[0], figures[MEASURES[0].name]) for kind, figures in list(against["kinds"].items())[:KINDS]]
        parts += [
            _differences("Answered correctly, by kind", "Kind", kinds), _changed("Became wrong", run, against["became_wrong"]),
            _changed("Became right", run, against["became_right"]),
            _folded(_differences("All questions, by measure", "Measure", measures)),
        ]  # fmt: skip
    return f'<div class="compared">{"".join(parts)}</div>'


def _folded(table: str) -> str:
    return f'<details class="meanings"><summary>Every measure, before and now</summary>{table}</details>'


def _differences(title: str, first: str, rows: Iterable[tuple[str, Measure, dict[str, Any]]]) -> str:
    figures = "".join(f'<th scope="col" class="figure">{name}</th>' for name in ("Questions", "Before", "Now", "Difference"))
    heads = f'<th scope="col">{first}</th>{figures}<th scope="col">Verdict</th>'
    body = "".join(_difference(*row) for row in rows)
    return (
        f'<p class="aside">{title}. A difference is called real when its 95% interval, paired by question, leaves out zero, and '
        f"{MIN_PAIRS} questions or more are compared.</p>{_table(title, heads, body)}"
    )


def _difference(name: str, measure: Measure, d: dict[str, Any]) -> str:
    low, high = (figure(d[end], measure, signed=True) for end in ("low", "high"))
    between = f"<small>{low} to {high}</small>" if d["low"] < d["high"] else ""
    cells = (("Questions", f"{d['n']:,}"), ("Before", figure(d["before"], measure)), ("Now", figure(d["now"], measure)),
             ("Difference", figure(d["difference"], measure, signed=True) + between))  # fmt: skip
    row = "".join(f'<td class="figure">{value}</td>' for label, value in cells)
    turned = {"better": "turned improved", "worse": "turned declined"}.get(d["verdict"], "aside")
    said = f'<td><span class="{turned}">{d["verdict"]}</span></td>'
    return f'<tr><th scope="row"><bdi>{esc(name)}</bdi></th>{row}{said}</tr>'


def _changed(title: str, run: Run, ids: Sequence[str]) -> str:
    if not ids:
        return ""
    asked = {record["id"]: record["question"] for record in run["questions"]}
    items = "".join(f'<li><bdi>{esc(asked.get(id, ""))}</bdi> <span class="aside">{esc(id)}</span></li>' for id in ids[:200])
    return f'<h4>{title} ({len(ids):,})</h4><ul class="changed">{items}</ul>'


# ---- the questions


def chosen(run: Run, kind: str, outcome: str) -> list[Record]:
    """The questions of a kind (``ANY`` for all) with an outcome: a label of OUTCOMES, ``NOT_RIGHT`` or ``ALL``."""
    return [record for record in run["questions"] if kind in (ANY, record["kind"]) and _fits(outcome_of(record), outcome)]


def _fits(outcome: str, wanted: str) -> bool:
    return wanted == ALL or (outcome != "right" if wanted == NOT_RIGHT else OUTCOMES[outcome] == wanted.casefold())


def questions_html(run: Run, kind: str, outcome: str, most: int) -> str:
    """The first ``most`` of the questions that fit."""
    found, number = chosen(run, kind, outcome), len(run["questions"])
    if not found:
        none = "Every question was answered right." if outcome == NOT_RIGHT and kind == ANY and number else "No question fits."
        return f'<p class="aside" role="status">{none}</p>'
    said = f"{len(found):,} of {count(number, 'question')}" + (f"; the first {most:,} are shown" if len(found) > most else "")
    more = event_button("more", f"Show {min(STEP, len(found) - most)} more", "plain") if len(found) > most else ""
    return f'<p class="aside" role="status">{said}</p>{"".join(map(_question, found[:most]))}<p class="foot">{more}</p>'


def _question(record: Record) -> str:
    outcome = outcome_of(record)
    css = {"right": "answered", "failed": "failed"}.get(outcome, "partial")
    talk = f" · conversation {record['conversation']}" if record["conversation"] else ""
    rows = [("Understood as", record["understood"] if record["understood"] not in (None, record["question"]) else ""),
            ("Expected", expected(record["answer"]) + _from(record)), ("Error" if outcome == "failed" else "Answered", record["text"]),
            ("Source", _source(record))]  # fmt: skip
    lines = "".join(f"<div><dt>{name}</dt><dd>{esc(value)}</dd></div>" for name, value in rows if value)
    badge = f'<span class="badge {css}">{OUTCOMES[outcome].capitalize()}</span>'
    return (
        f'<article class="judged"><h4><bdi>{esc(record["question"])}</bdi></h4><p>{badge} <span class="aside">{esc(record["kind"])} · '
        f'{esc(record["id"])}{esc(talk)}</span></p><dl>{lines}</dl>{_passages(record)}</article>'
    )


def _from(record: Record) -> str:
    """Where the expected answer stands, after it."""
    if not record["documents"]:
        return ""
    pages = f", page {', '.join(map(str, record['pages']))}" if record["pages"] else ""
    return f"\nin {', '.join(record['documents'])}{pages}"


def _source(record: Record) -> str:
    """Whether a right document was found and cited; empty where the set names none."""
    scores = record["scores"]
    found = ""
    if "document_at_1" in scores:
        found = "A right document was found first" if scores["document_at_1"] else "A right document was found among the first five"
        found = found if scores["document_at_5"] else "No right document was among the first five found"
    if "citation_correct" in scores:
        cited = "A right document is cited" if scores["citation_correct"] else "No right document is cited"
        return f"{found}. {cited}." if found else f"{cited}."
    return f"{found}." if found else ""


def _passages(record: Record) -> str:
    """What was cited and found, folded."""
    cited = "".join(
        f'<blockquote>[{c["number"]}] {esc(c["quote"])}</blockquote><p class="aside"><bdi>{esc(c["title"])}</bdi>, page {c["page"]} '
        f'({esc(c["document"])}){"" if c["valid"] else " · <b>does not stand there word for word</b>"}</p>'
        for c in record["citations"]
    )  # fmt: skip
    right = set(record["documents"])
    hits = "".join(
        f'<li><bdi>{esc(hit["document"])}</bdi>, page {hit["page"]}{" · <b>a right document</b>" if hit["document"] in right else ""}'
        f"<p>{esc(hit['text'])}</p></li>"
        for hit in record["hits"]
    )
    parts = [(f"Cited ({len(record['citations'])})", cited), (f"Found ({len(record['hits'])})", f"<ol>{hits}</ol>" if hits else "")]
    return "".join(f'<details class="meanings"><summary>{name}</summary>{inside}</details>' for name, inside in parts if inside)
