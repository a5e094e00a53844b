"""A question set on the page: what one looks like, what the chosen one holds, why a file cannot be used. Gives markup to evaluation."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Collection, Sequence

from assistant.errors import AssistantError
from assistant.evaluate.questions import COLUMNS, QuestionSet
from ui.question_sets import SAMPLE, Kept, sample_bytes
from ui.record import plain_text
from ui.web.markup import count, esc, event_button, notice, told, whole
from ui.web.run_list import focused, really

MOST = 50
"""So many kinds of a set are named."""
EMPTY = (
    '<div class="empty"><h2>Nothing to ask yet</h2><p>The library is empty. When documents are in it, questions about them can be '
    f'asked and measured here.</p><p>{event_button("goto", "Add documents", "strong", {"tab": "Documents"})}</p></div>'
)
_BLANK = ",".join(COLUMNS) + (
    "\r\nrating-01,rating,How was Harrowdale rated?,Good,harrowdale-2022.pdf,3;4,"
    "\r\nlist-01,list,Which services were rated Inadequate?,Eastmere | Quillshire,,,"
    "\r\nabsent-01,absent,How was Westerfold rated?,,,,\r\n"
)
"""A set of the three sorts of question, to be written over."""


def intro_html(model: str) -> str:
    """What the area is for, and where questions go: to the chat model too, if there is one."""
    where = "Question sets and figures" if model else "Questions, answers and figures"
    return (
        "<h2>Measure the answers</h2><p>Ask a set of questions whose answers you know, and see how many come out right, from the right "
        f"documents, and how many are refused. {where} stay on this computer.</p>"
    )


def format_html() -> str:
    """What a question set looks like, with files to begin from."""
    blank = _link("questions.csv", "text/csv", ("\ufeff" + _BLANK).encode(), "Example for a spreadsheet (CSV)")
    sample = sample_bytes()
    whole = _link(SAMPLE, "application/x-ndjson", sample, "Sample set (JSONL)") if sample else ""
    return (
        "<p>A .csv file with a header, or a .jsonl file with one JSON object a line, in UTF-8. Needed are <b>question</b> and "
        "<b>answer</b>: a text, a list of names, a number, or nothing where the documents do not say. <b>documents</b> names the files "
        "that hold the answer, so that sources can be measured too.</p>"
        f'<p class="foot">{blank}{whole}</p>'
        '<p class="aside">What readers said of answers can be drafted into a set: <code>assistant feedback --export drafts.jsonl</code>. '
        "Correct the drafts, then upload them.</p>"
    )


def _link(name: str, media: str, data: bytes, label: str) -> str:
    href = f"data:{media};charset=utf-8;base64,{base64.b64encode(data).decode('ascii')}"
    return f'<a class="plain download" download="{esc(name)}" href="{href}">{esc(label)}</a>'


def set_html(kept: Kept, found: QuestionSet, held: Collection[str], dropping: str, focus: tuple[str, int]) -> str:
    """The chosen set: how many questions of which kinds, and which documents that it names are not among ``held``.

    ``dropping`` is what is about to be deleted, ``focus`` as for ``list_html``.
    """
    counts = Counter(question.kind for question in found.questions)
    kinds = ", ".join(f"{plain_text(kind)} {number}" for kind, number in list(counts.items())[:MOST])
    more = f" and {len(counts) - MOST} more kinds" if len(counts) > MOST else ""
    parts = [f'<p><b>{count(len(found.questions), "question")}</b>: {esc(kinds)}{more}.</p>', _lacking(found, held, kept.sample)]
    if dropping == kept.sha256:
        parts.append(really("this question set", "Runs made with it stay.", "set", kept.sha256, focus[1]))
    elif not kept.sample:
        data = {"what": "set", "id": kept.sha256} | focused(kept.sha256, focus)
        parts.append(f'<p class="acts">{event_button("drop", "Delete this set", data=data)}</p>')
    return "".join(parts)


def _lacking(found: QuestionSet, held: Collection[str], sample: bool) -> str:
    named = {name for question in found.questions for name in question.documents}
    lacking = sorted(named.difference(held))
    if not named or not lacking:
        return '<p class="aside">The library has all documents that it names.</p>' if named else ""
    about = " The sample set is about the sample library." if sample else ""
    if len(lacking) == len(named):
        said = f"The library has none of the {count(len(named), 'document')} that this set names, so most answers will be wrong."
        return notice(said + about, "warning")
    few = ", ".join(map(plain_text, lacking[:3])) + (", …" if len(lacking) > 3 else "")
    return notice(f"The library lacks {len(lacking)} of the {count(len(named), 'document')} that this set names: {few}.{about}", "warning")


def wanted_of(limit: str | None) -> tuple[int | None, str]:
    """How many questions are wanted, None for all; or why that cannot be."""
    words = (limit or "").strip()
    number = whole(words.replace(",", ""))
    if number or not words:
        return number, ""
    return None, f"“{words}” cannot be how many questions are asked: write a number from 1, or nothing for all."


def named(sets: Sequence[Kept]) -> list[tuple[str, str]]:
    """Sets as choices; of two with one name, each says how its content begins."""
    names = Counter(kept.name for kept in sets)
    labels = [f"{plain_text(kept.name)} ({kept.sha256[:6]})" if names[kept.name] > 1 else plain_text(kept.name) for kept in sets]
    return [("Sample questions" if kept.sample else label, kept.sha256) for kept, label in zip(sets, labels, strict=True)]


def refusal_html(error: Exception, doing: str) -> str:
    """Why something cannot be used: a sentence, and a line for each further one, such as the bad lines of a set."""
    first, *rest = told(error, doing).split("\n")
    more = "".join(f"<li>{esc(line.strip())}</li>" for line in rest)
    return notice(first, "warning" if isinstance(error, AssistantError) else "error", f"<ul>{more}</ul>" if more else "")
