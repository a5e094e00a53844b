"""Scores one record. Takes what was expected and what was answered, as a run keeps them; gives numbers by measure.

A score that does not apply is left out (a citation's correctness where nothing was cited). The only module that imports
ir_measures; documents are ranked by their best passage.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import ir_measures
from ir_measures import RR, R, Success, nDCG

from assistant.evaluate.wording import first_in, folded, names_in, says, says_none, says_number

Record = dict[str, Any]
"""A question and what became of it: the objects under ``questions`` in a run (docs/evaluation.md lists their keys)."""
Scores = dict[str, float]

_RANKING = {
    "document_at_1": Success @ 1, "document_at_5": Success @ 5, "recall_at_5": R @ 5, "mrr": RR, "ndcg_at_5": nDCG @ 5,
}  # fmt: skip
_LIST = ("list_precision", "list_recall", "list_f1", "list_exact")


def scores_of(record: Record, names: Iterable[str] = (), rivals: Iterable[str] = ()) -> Scores:
    """Every score of one record: 0 to 1, and milliseconds.

    ``names`` are those that lists of the question set hold: an answer in words that tells others of them is less precise.
    ``rivals`` are the texts that questions of this kind expect: an answer that says another one first is less clear.
    """
    scores = {**_answered(record, names), **_refused(record), **_retrieved(record), **_cited(record), **_shown(record)}
    scores |= {f"{stage}_ms": float(record["ms"][stage]) for stage in ("total", "search") if stage in record["ms"]}
    if record["documents"] and record["answer"] is not None:
        scores["answer_supported"] = float(scores["answer_correct"] == 1 and scores.get("citation_correct", 0) > 0)
    if isinstance(record["answer"], str):
        first = first_in(record["text"], {*rivals, record["answer"]}) or ""
        scores["answer_first"] = float(scores["answer_correct"] == 1 and folded(first) == folded(record["answer"]))
    scores["failed"] = float(record["status"] == "failed")
    return scores


def outcome_of(record: Record) -> str:
    """right · wrong · refused (though it can be answered) · answered (though a refusal is right) · failed."""
    if record["status"] == "failed":
        return "failed"
    if record["scores"]["answer_correct"] == 1:
        return "right"
    if record["answer"] is None:
        return "answered"
    return "refused" if record["status"] == "not_found" else "wrong"


def _answered(record: Record, names: Iterable[str]) -> Scores:
    expected, text, status = record["answer"], record["text"], record["status"]
    if expected is None:  # what is shown as no more than the nearest passages claims nothing
        return {"answer_correct": float(_declined(record))}
    told = status in ("answered", "partial")
    if isinstance(expected, list):
        return _listed(expected, record, names) if told else dict.fromkeys(("answer_correct", *_LIST), 0.0)
    counted = (record["coverage"] or {}).get("matched")
    if isinstance(expected, (int, float)) and isinstance(counted, int):  # a text of many numbers would say nearly any
        return {"answer_correct": float(told and counted == expected)}
    others = record.get("alternatives", ())  # runs of earlier versions have none
    right = says_number(text, expected) if isinstance(expected, (int, float)) else any(says(text, one) for one in (expected, *others))
    return {"answer_correct": float(told and right)}


def _listed(expected: Sequence[str], record: Record, names: Iterable[str]) -> Scores:
    """Precision, recall, F1 = 2PR / (P + R), and whether the sets are equal; where both are empty all are 1."""
    items = items_of(record)
    if items is not None:
        given, hit = len(items), _matched(expected, items, names)
    else:
        found = names_in(record["text"], {*names, *expected})
        given, hit = len(found), len(set(found) & set(expected))
    if not expected and not given:
        right = float(items is not None or says_none(record["text"]))
        return dict.fromkeys(("answer_correct", *_LIST), right)
    precision = hit / given if given else 0.0
    recall = hit / len(expected) if expected else 0.0
    f1 = 2 * precision * recall / (precision + recall) if hit else 0.0
    exact = float(hit == given == len(expected))
    return dict(zip(("answer_correct", *_LIST), (exact, precision, recall, f1, exact), strict=True))


def items_of(record: Record) -> list[str] | None:
    """The rows that an answer counted, where it hands them over (``coverage["items"]``); None where it does not.

    An item is a name, or an object whose ``name``, ``service``, ``title`` or ``document`` is taken, the first there is.
    """
    items = (record["coverage"] or {}).get("items")
    if not isinstance(items, (list, tuple)):
        return None
    labels = [
        next((str(item[key]) for key in ("name", "service", "title", "document") if item.get(key)), "")
        if isinstance(item, dict)
        else str(item)
        for item in items
    ]
    return list(dict.fromkeys(label for label in labels if label))


def _matched(expected: Sequence[str], items: Sequence[str], names: Iterable[str]) -> int:
    """How many of the expected are among the items, one item each: alike, or else one inside the other in whole words.

    An item that is another name of the set is not taken for a longer form of the expected one.
    """
    left = [folded(item) for item in items]
    others = {folded(name) for name in names}
    missing, hit = [], 0
    for name in map(folded, expected):
        if name in left:
            left.remove(name)
            hit += 1
        else:
            missing.append(name)
    for name in missing:
        near = next((item for item in left if item not in others and (name in item or item in name)), None)
        if near is not None:
            left.remove(near)
            hit += 1
    return hit


def _declined(record: Record) -> bool:
    """Whether it is left open if the documents answer: a refusal, or passages that are shown as the nearest."""
    return record["status"] == "not_found" or (record["status"] == "partial" and record["coverage"] is None)


def _shown(record: Record) -> Scores:
    """Whether a quote holds the answer: any (``said``), the first (``first``), one that is shown only as near (``nearest``).

    A quote holds it when it overlaps a place of the evidence by at least six tenths of the shorter of the two.
    """
    if not record.get("evidence") or record["answer"] is None:
        return {}
    held = [any(_overlaps(c, gold) for gold in record["evidence"]) for c in record["citations"]]
    said = any(held)
    return {"said": float(said), "first": float(bool(held and held[0])), "nearest": float(said and record["status"] == "partial")}


def _overlaps(citation: Record, gold: Record) -> bool:
    if (_file(citation["document"]), citation["page"]) != (_file(gold["document"]), gold["page"]):
        return False
    shared = min(citation["end"], gold["end"]) - max(citation["start"], gold["start"])
    return bool(shared >= 0.6 * min(citation["end"] - citation["start"], gold["end"] - gold["start"]))


def _refused(record: Record) -> Scores:
    """Precision is over refusals, recall over questions that must be refused, false refusals over the others."""
    refused, must = record["status"] == "not_found", record["answer"] is None
    scores = {"refusal_precision": float(must)} if refused else {}
    if must:
        return {**scores, "refusal_recall": float(_declined(record))}
    return {**scores, "false_refusal": float(refused), "partial": float(record["status"] == "partial")}


def _retrieved(record: Record) -> Scores:
    counted = record["coverage"] is not None and not record["hits"]  # no passages were searched for
    if not record["documents"] or record["answer"] is None or counted:
        return {}
    gold = list(dict.fromkeys(map(_file, record["documents"])))
    ranked = list(dict.fromkeys(_file(hit["document"]) for hit in record["hits"]))
    ids = {name: str(number) for number, name in enumerate(dict.fromkeys([*gold, *ranked]))}
    wanted = [ir_measures.Qrel("q", ids[name], 1) for name in gold]
    found = [ir_measures.ScoredDoc("q", ids[name], -float(rank)) for rank, name in enumerate(ranked)]
    values = {str(m.measure): float(m.value) for m in ir_measures.iter_calc(list(_RANKING.values()), wanted, found)}
    scores = {name: values[str(measure)] for name, measure in _RANKING.items()}
    if record["pages"]:
        first = record["hits"][:5]
        scores["page_at_5"] = float(any(_file(h["document"]) in gold and h["page"] in record["pages"] for h in first))
    return scores


def _cited(record: Record) -> Scores:
    """Shares of an answer's citations: those whose quote stands where they say, those to a document that holds the answer."""
    citations = record["citations"]
    if not citations:
        return {}
    scores = {"citation_valid": sum(bool(c["valid"]) for c in citations) / len(citations)}
    if record["documents"] and record["answer"] is not None:
        gold = set(map(_file, record["documents"]))
        scores["citation_correct"] = sum(_file(c["document"]) in gold for c in citations) / len(citations)
    return scores


def _file(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
