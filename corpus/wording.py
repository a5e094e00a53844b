"""Wordings: phrases with places for what is looked for, such as "Lead inspector: {person}", made into patterns.

Takes the wordings of profiles; gives patterns whose group ``value`` is what was looked for.
"""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS = (
    "no zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty"
).split()
_NUMBERS = {"no": 0} | {word: number for number, word in enumerate(_WORDS[1:])}
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}

_NAME = r"(?:St\.|[A-Z][\w’'&-]{0,40})"
_LITTLE = r"(?:and|of|the|upon|on|for|in|de|du|&|-)"
_TITLED = r"(?:HMI|Her|His|HM|Ofsted|The|Inspector|Inspectors|Report|Team|Deputy|Assistant|Lead|Age)\b"
_PART = rf"(?!{_TITLED})(?:[A-Z]\.|[A-Z][\w’'-]{{0,40}})"
_SMALL = r"(?:(?:de|van|von|der|le|la|Mc|Mac|O’)[ ]+)?"
PLACES = {
    # Two to five capitalised words; "Jenny -ellen" is how some files space a hyphen.
    "person": rf"(?-i:(?<![\w’'-])(?:(?:Mr|Ms|Mrs|Miss|Dr|Dame|Sir)\.?[ ]+)?{_PART}(?:[ ]-[a-z][\w’']*|[ ]+{_SMALL}{_PART}){{1,4}})",
    "organisation": rf"(?-i:(?<![\w’'&-]){_NAME}(?:,?[ ]+(?:{_LITTLE}[ ]+){{0,2}}{_NAME}|[ ]+\([A-Z]\w{{0,12}}\)){{0,9}}"
                    r"(?:[ ]+(?:plc|ltd|llp|limited)\b)?)",
    "number": r"(?:\d[\d,]*|(?:" + "|".join((*_NUMBERS, *_TENS)) + r")(?:-\w+)?)\b",
    "score": r"\d{1,3}\s*(?:/|of|out\s+of|points\s+out\s+of|points\s+of|from)\s*(?:a\s+)?(?:possible\s+|maximum\s+)?(?:of\s+)?\d{1,3}",
    "date": r"[^\n]{0,120}",
    "text": r"[^\n\t]{1,160}",
}  # fmt: skip
_BODY_WORDS = (
    "services?|council|authority|borough|county|city|company|community|rehabilitation|CRC|NPS|PDU|YJS|YOT|YOS|youth|justice|offending|"
    "probation|team|trust|prison|hospital|school|home|region|division|police|constabulary|fire|and|rescue|local|the|of"
)
_OTHERS = ("grade", "service", "any")
_PLACE = re.compile(r"\{(\w+)\}")


def _even(text: str) -> str:
    return re.sub(r"['’‘]", "['’‘]", re.escape(text).replace(r"\ ", r"\s+").replace("\\\n", r"\s*\n\s*"))


def phrase(text: str) -> str:
    """A pattern for the words themselves: white space and apostrophes of any kind, whole words at both ends."""
    inner = _even(text)
    return (r"\b" if text[:1].isalnum() else "") + inner + (r"\b" if text[-1:].isalnum() else "")


def compiled(wording: str, grade: str = r"\w+", service: str = "") -> re.Pattern[str]:
    """The pattern of a wording; its group ``value`` is the place's, or everything where it has no place.

    ``grade`` is the pattern of ``{grade}``; ``{service}`` is the name ``service`` in full or shortened.
    ``^`` at the beginning means the beginning of a line, ``$`` at the end its end; a colon may also be white space or a table's gap. Raises
    ValueError.
    """
    places = _PLACE.findall(wording)
    unknown = [name for name in places if name not in PLACES and name not in _OTHERS]
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in (*PLACES, *_OTHERS))
        raise ValueError(f"{wording!r} has a place {{{unknown[0]}}} that is not known; known are {known}")
    if len([name for name in places if name not in ("any", "service")]) > 1 or not wording.strip("^$ "):
        raise ValueError(f"{wording!r} needs words, and at most one place besides {{any}} and {{service}}")
    pattern = r"(?m:^)[ \t]*" if wording.startswith("^") else ""
    parts = _PLACE.split(wording.removeprefix("^").removesuffix("$"))
    for at, part in enumerate(parts):
        if at % 2 == 0:
            pattern += _literal(part, wording.startswith("^"))
        elif part == "any":
            pattern += r"(?:[^.\n]|\n(?!\n)|\.(?=\w)){0,160}?"
        elif part == "service":
            pattern += _named(service)
        elif part == "grade":
            pattern += rf"[‘’“”\"']?(?P<value>{grade})[‘’“”\"']?"
        else:
            pattern += rf"(?P<value>{PLACES[part]})"
    pattern += r"(?=[ \t]*[.;]?[ \t]*(?m:$))" if wording.endswith("$") else ""
    if all(name in ("any", "service") for name in places):
        pattern = f"(?P<value>{pattern})"
    return re.compile(pattern, re.IGNORECASE)


def _named(service: str) -> str:
    """A pattern for a name in full or shortened: its first word, then words of it, or of what bodies are called."""
    words = re.findall(r"[\w’'-]+", service)
    if not words:
        return r"(?!)"
    more = "|".join(re.escape(word) for word in words[1:])
    return rf"\b{re.escape(words[0])}\b(?:[ ]+(?:{more + '|' if more else ''}{_BODY_WORDS}|\([A-Z]{{2,6}}\)))*"


@lru_cache(maxsize=5000)
def telling(wording: str) -> str:
    """The longest word that any match of the wording has to hold, folded: texts without it need not be searched."""
    words = re.findall(r"[^\W_]+", _PLACE.sub(" ", wording))
    return max(words, key=len, default="").casefold()


def _literal(text: str, first: bool) -> str:
    """The words between two places. White space beside a place may be a table's gap.

    A colon may be missing there, what follows then standing in the same line; or in the next, where the wording is all that
    its line has (``first``).
    """
    gap = r"\\s*:?\\s*" if first else r"(?:\\s*:\\s*|[ \\t]+)"
    inner = re.sub(r":(\\s\+)?$", gap, _even(text))
    start = r"\b" if text[:1].isalpha() else ""
    end = r"\b" if text[-1:].isalpha() else ""
    return start + inner + end


def number_in(text: str) -> int | None:
    """The whole number a wording's ``{number}`` matched ("seven", "2,976", "twenty-one"); None when it is none."""
    text = text.casefold().strip()
    if re.fullmatch(r"\d[\d,]*", text):
        return int(text.replace(",", ""))
    if text in _NUMBERS:
        return _NUMBERS[text]
    tens, dash, ones = text.partition("-")
    if tens in _TENS or tens == "twenty":
        base = _TENS.get(tens, 20)
        return base + _NUMBERS.get(ones, 0) if dash or not ones else None
    return None
