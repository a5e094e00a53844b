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

_NAME = r"(?:St\.|[A-Z][\w’'&-]*)"
_LITTLE = r"(?:and|of|the|upon|on|for|in|de|du|&|-)"
_TITLED = r"(?:HMI|Her|His|HM|Ofsted|The|Inspector|Inspectors|Report|Team|Deputy|Assistant|Lead|Age)\b"
_PART = rf"(?!{_TITLED})(?:[A-Z]\.|[A-Z][\w’'-]*)"
_SMALL = r"(?:(?:de|van|von|der|le|la|Mc|Mac|O’)[ ]+)?"
PLACES = {
    # Two to five capitalised words; "Jenny -ellen" is how some files space a hyphen.
    "person": rf"(?-i:(?:(?:Mr|Ms|Mrs|Miss|Dr|Dame|Sir)\.?[ ]+)?{_PART}(?:[ ]-[a-z][\w’']*|[ ]+{_SMALL}{_PART}){{1,4}})",
    "organisation": rf"(?-i:{_NAME}(?:,?[ ]+(?:{_LITTLE}[ ]+){{0,2}}{_NAME}|[ ]+\([A-Z]\w*\))*(?:[ ]+(?:plc|ltd|llp|limited)\b)?)",
    "number": r"(?:\d[\d,]*|(?:" + "|".join((*_NUMBERS, *_TENS)) + r")(?:-\w+)?)\b",
    "score": r"\d{1,3}\s*(?:/|of|out\s+of|points\s+out\s+of|points\s+of|from)\s*(?:a\s+)?(?:possible\s+|maximum\s+)?(?:of\s+)?\d{1,3}",
    "date": r"[^\n]{0,120}",
    "text": r"[^\n\t]{1,160}",
}  # fmt: skip
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

    ``grade`` is the pattern of ``{grade}``; ``{service}`` is the first word of ``service`` with up to eight after it.
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
            pattern += _literal(part)
        elif part == "any":
            pattern += r"(?:[^.\n]|\n(?!\n)|\.(?=\w)){0,160}?"
        elif part == "service":
            first = re.match(r"[\w’'-]+", service)
            pattern += rf"\b{re.escape(first[0])}\b(?:[ ]+[\w’'&()-]+){{0,8}}?" if first else r"(?!)"
        elif part == "grade":
            pattern += rf"[‘’“”\"']?(?P<value>{grade})[‘’“”\"']?"
        else:
            pattern += rf"(?P<value>{PLACES[part]})"
    pattern += r"(?=[ \t]*(?m:$))" if wording.endswith("$") else ""
    if all(name in ("any", "service") for name in places):
        pattern = f"(?P<value>{pattern})"
    return re.compile(pattern, re.IGNORECASE)


@lru_cache(maxsize=5000)
def telling(wording: str) -> str:
    """The longest word that any match of the wording has to hold, folded: texts without it need not be searched."""
    words = re.findall(r"[^\W_]+", _PLACE.sub(" ", wording))
    return max(words, key=len, default="").casefold()


def _literal(text: str) -> str:
    """The words between two places. White space beside a place may be a table's gap; a colon may be missing there."""
    inner = _even(text)
    inner = re.sub(r":(\\s\+)?$", r"\\s*:?\\s*", inner)
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
