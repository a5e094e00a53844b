"""Reads the statements out of what a chat model writes, as it comes: JSON, broken JSON, or plain lines with [n].

Takes text piece by piece; gives Drafts to write, each when it is complete. The only module that imports json_repair.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import json_repair

_JSON = re.compile(r"(?:^|(?<=[\n:`]))[ \t]*(?=[{\[]\s*[\"'“{\]}]|[{\[]\s*\w+\s*:)")
"""How JSON begins, also a careless one; "[1]" in a sentence is none."""
_ONES = r"\d{1,3}(?:\s*[,;&–-]\s*\d{1,3})*"
_NAMED = r"(?:passages?|sources?|cites?)\W{0,2}"
_NUMBERS = re.compile(rf"[\[【]\s*(?:{_NAMED})?({_ONES})\s*[\]】]|\(\s*{_NAMED}({_ONES})\s*\)", re.IGNORECASE)
_MARKS = re.compile(rf"(?:\s*(?:[\[【]\s*(?:{_NAMED})?{_ONES}\s*[\]】]|\(\s*{_NAMED}{_ONES}\s*\)))+", re.IGNORECASE)
_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]*>|!\[[^\]]*\]\([^)]*\)", re.DOTALL)
_LINKED = re.compile(r"\[([^\]\d][^\]]*)\]\((?:[^)]*)\)")
_BULLET = re.compile(r"^\s*(?:[-*•–]\s+|\d{1,2}[.)]\s+|#+\s+|>\s+)")
_SILENT = re.compile(
    r"\b(?:passages?|documents?|reports?|sources?|texts?|context|information|excerpts?|material)\b(?:\W+\w+){0,4}?\W+"
    r"(?:do(?:es)? not|don['’]t|doesn['’]t|did not|cannot|can['’]t|not)\W+(?:\w+\W+){0,3}?"
    r"(?:say|state|mention|contain|provide|specify|tell|include|give|answer|describe|address|indicate|provided|available|mentioned|"
    r"specified|stated)\b|"
    r"\bno (?:information|mention|details?|passages?|answer|data)\b.{0,60}"
    r"\b(?:passages?|documents?|reports?|provided|given|available|found|text|context)\b|"
    r"\b(?:cannot|can['’]t|unable to|not able to|not possible to) (?:answer|determine|say|tell|provide|find)\b|"
    r"\bi (?:do not|don['’]t) know\b|"
    r"\bis not (?:mentioned|stated|specified|provided|given) in the\b",
    re.IGNORECASE,
)
_NOTHING = frozenset({"", "none", "nothing", "null", "n/a", "na", "no", "-", "nothing is missing", "nothing missing"})
_TEXTS = ("text", "statement", "sentence", "claim", "content", "answer")
_CITES = ("cites", "citations", "cite", "citation", "sources", "source", "passages", "passage", "refs", "references")
_LISTS = ("statements", "answer", "answers", "claims", "sentences", "response", "output", "result")


_MIXED = re.compile(r"[A-Za-z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][A-Za-z]")
"""Letters of two alphabets in a word: one that looks like another, which no check would read as people do."""
_ROUND = str.maketrans("[]【】", "()()")
"""Square brackets are the citations'."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement as it was written, and the numbers that it cites, whether such passages were offered or not."""

    text: str
    cites: tuple[int, ...] = ()


class Reading:
    """One answer on its way. ``missing`` and ``silent`` are known when it is over."""

    def __init__(self) -> None:
        self._text, self._given, self._read, self._parsed = "", 0, 0, 0
        self._json: int | None = None
        self.missing = ""
        """What the model says that the passages do not tell."""
        self.silent = False
        """Whether it says that they do not answer."""

    def feed(self, text: str) -> list[Draft]:
        """The statements that this piece completed."""
        self._text += text
        if self._json is None and (begun := _JSON.search(self._text, max(0, len(self._text) - len(text) - 20))):
            self._json = begun.end()
        if self._json is not None:
            if "}" not in text or len(self._text) < 1.02 * self._parsed:
                return []  # all is read again each time
            self._parsed = len(self._text)
            return self._new(self._objects(self._text[self._json :], whole=False))
        return self._lines(whole=False) if "\n" in text else []

    def finish(self, cut: bool = False) -> list[Draft]:
        """The last statements. One that was cut off in the middle is left out; ``cut`` says that the model was stopped."""
        if self._json is None:
            left = self._text[self._read :]
            if cut and not re.search(r"[.!?\])】]\s*$", left):
                self._text = self._text[: self._read + max(left.rfind("\n"), left.rfind("]") + 1, 0)]
            return self._lines(whole=True)
        drafts = self._new(self._objects(self._text[self._json :], whole=True))
        self.missing = self.missing or _missing(_load(self._text[self._json :]))
        return drafts

    def _objects(self, text: str, whole: bool) -> list[Draft]:
        """All drafts of JSON so far. The last counts only with its numbers: what has none yet may go on, or was cut off."""
        drafts = [draft for draft in _drafts(_load(text if whole else text[: text.rindex("}") + 1])) if draft.text]
        over = whole and text.rstrip("` \n").endswith(("}", "]"))
        return drafts[:-1] if drafts and not drafts[-1].cites and not over else drafts

    def _new(self, drafts: list[Draft]) -> list[Draft]:
        fresh, self._given = drafts[self._given :], max(self._given, len(drafts))
        return [draft for draft in fresh if self._stated(draft.text)]

    def _lines(self, whole: bool) -> list[Draft]:
        """Statements of plain lines: what stands before each group of numbers."""
        end = len(self._text) if whole else self._text.rindex("\n")
        lines, self._read = self._text[self._read : end].split("\n"), end
        return [draft for line in lines if not line.startswith("```") for draft in _cited(line) if self._stated(draft.text)]

    def _stated(self, text: str) -> bool:
        """Whether it says something of the matter, rather than that the passages do not."""
        if _SILENT.search(text):
            self.silent = True
            return False
        return bool(re.search(r"\w{2}", text)) and not text.endswith((":", "?")) and not _MIXED.search(text)


def _load(text: str) -> Any:
    """The JSON, mended. Objects one after the other, as some models write, are a list."""
    joined, several = re.subn(r"\}\s*(?=\{)", "},", re.sub(r"```\w*", "", text))
    try:
        return json_repair.loads(f"[{joined}]" if several and not re.match(r"\s*(?:\[|\{\s*.?statements)", joined) else joined)
    except (ValueError, RecursionError):  # nested deeper than can be read
        return None


def _drafts(value: Any) -> Iterator[Draft]:
    """The drafts in whatever shape a model gave its JSON."""
    if isinstance(value, str):
        yield from _cited(value)
    elif isinstance(value, list):
        for each in value:
            yield from _drafts(each)
    elif isinstance(value, dict):
        cites = next((value[name] for name in _CITES if name in value), None)
        text = next((value[name] for name in _TEXTS if isinstance(value.get(name), str)), None)
        if text is not None and (cites is not None or "statements" not in value):
            yield from _with(text, cites)
            return
        inner = next((value[name] for name in _LISTS if isinstance(value.get(name), list | dict | str)), None)
        if inner is not None:
            yield from _drafts(inner)


def _with(text: str, cites: Any) -> Iterator[Draft]:
    numbers = list(_numbers(cites))
    found = list(_cited(text))
    if len(found) == 1 or numbers:
        own = [number for draft in found for number in draft.cites]
        joined = " ".join(draft.text for draft in found)
        yield Draft(joined, tuple(dict.fromkeys([*numbers, *own])))
    else:
        yield from found


def _numbers(value: Any) -> Iterator[int]:
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float):
        if abs(value) < 1000:  # also neither nan nor infinite
            yield int(value)
    elif isinstance(value, str):
        yield from (int(number) for number in re.findall(r"\d{1,3}", value))
    elif isinstance(value, list):
        for each in value:
            yield from _numbers(each)
    elif isinstance(value, dict):
        for each in value.values():
            if isinstance(each, int):
                yield each


def _cited(text: str) -> Iterator[Draft]:
    """The statements of a line, each with the numbers behind it."""
    line = _BULLET.sub("", _LINKED.sub(r"\1", _TAG.sub(" ", _visible(text))))
    line = re.sub(r"[*_`#]{2,}|`", "", line).strip()
    last = 0
    for marks in _MARKS.finditer(line):
        piece = line[last : marks.end()]
        ends = not line[marks.end() :].strip(" .!?") or re.match(r"\s*[.!?]|\s+[A-Z“\"‘(]", line[marks.end() :])
        if ends:
            yield from _draft(piece)
            last = marks.end()
    yield from _draft(line[last:])


def _visible(text: str) -> str:
    """Without what turns, hides or breaks a text: controls, marks of direction, characters of no width, halves of pairs."""
    return "".join(c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))


def _draft(piece: str) -> Iterator[Draft]:
    numbers = [int(n) for match in _NUMBERS.finditer(piece) for n in re.findall(r"\d+", match[1] or match[2])]
    text = re.sub(r"\s+", " ", _MARKS.sub("", piece)).strip().lstrip(".,;: ").strip()
    text = re.sub(r"\s+([.,;:!?])", r"\1", re.sub(r"[\[【]\s*[\]】]|\(\s*see\s*\)", "", text, flags=re.IGNORECASE))
    text = text.translate(_ROUND).strip()
    if text:
        yield Draft(text, tuple(dict.fromkeys(numbers)))


def _missing(value: Any) -> str:
    found = value.get("missing") if isinstance(value, dict) else None
    text = " ".join(str(each) for each in found) if isinstance(found, list) else str(found or "")
    return "" if text.strip().strip(".").casefold() in _NOTHING else text.strip()


def bare(text: str) -> str:
    """One sentence as it was written, without what models put around it: quotation marks, fences, bullets, citations, markup."""
    line = next((line for line in text.splitlines() if line.strip() and not line.startswith("```")), "")
    found = next(iter(_cited(line)), Draft(""))
    return re.sub(r"^(?:answer|result|question|rewritten question|sentence)\s*:\s*", "", found.text, flags=re.IGNORECASE).strip(" \"“”'*")
