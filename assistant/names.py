"""The names that the library's own documents go by, and which of them a question means: whole, shortened or misspelt.

Takes the catalogue's entries; gives Mentions to understand. No list of places: what a name's core is shows in the names.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import DamerauLevenshtein

from index.search import STOPWORDS
from index.types import Entry

# Words that say what kind of body it is, not which one. They are cut off a name's ends; a name of nothing else stays whole.
_BODIES = frozenset(
    """
    a an and at authority authorities board borough care centre centres children childrens city college combined committee
    community companies company council councils county crc department district division education family for foundation
    government group health his her home homes hmp hmyoi hospital hospitals house in inspection inspections institution
    justice limited local ltd majesty's metropolitan ministry national nhs nps of office offender offending on partnership
    pdu plc practice prison prisons probation provider region regional rehabilitation royal school schools secure service
    services social society street surgery team teams the their town training trust unit unitary university upon yjs yoi yos
    yot young youth
    """.split()
)
_KINDS = _BODIES - STOPWORDS - {"inspection", "inspections", "provider", "street", "region"}
_BOROUGH = re.compile(r"^(?:the )?london borough of ")
_QUALIFIERS = frozenset(
    "north south east west northern southern eastern western central greater inner outer upper lower mid middle new old great "
    "little saint st high low".split()
)
_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*|&")
_SHARE = 0.25
_ENOUGH = 8

How = Literal["whole", "part", "short", "misspelt"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a question (``start``, ``end``) that means one of the library's names.

    ``name`` is how the library writes it, ``documents`` the ids of what is about it, ``how`` it was recognised.
    """

    start: int
    end: int
    name: str
    core: tuple[str, ...]
    documents: tuple[str, ...]
    how: How


def tokens_of(text: str) -> list[tuple[str, int, int]]:
    """Words, folded so that "B&D", "St." and "Children’s" compare, each with its place."""
    return [(_folded(m[0]), m.start(), m.end()) for m in _WORD.finditer(text)]


def _folded(word: str) -> str:
    word = re.sub(r"['’]s$", "", word.casefold()).replace("’", "'").replace(".", "")
    return "and" if word == "&" else word


class Names:
    """The names of one state of the library. Cheap to make: a pass over the entries."""

    def __init__(self, entries: Sequence[Entry], heads: Callable[[str], str] | None = None) -> None:
        """``heads(document_id)`` gives a document's first page, asked for documents that name no service themselves."""
        named = [(entry, _words(entry.service)) for entry in entries if entry.service]
        common = _common([words for _, words in named])
        cores = {entry.id: _core(words, common) for entry, words in named}
        self._documents: dict[tuple[str, ...], list[str]] = defaultdict(list)
        spellings: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for entry, _ in named:
            if core := cores[entry.id]:
                self._documents[core].append(entry.id)
                spellings[core][_spelling(entry.service, core)] += 1
        self._names = {core: found.most_common(1)[0][0] for core, found in spellings.items()}
        self._begins: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        self._by_letter: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for core in self._names:
            self._by_letter[core[0][0]].append(core)
        for core in sorted(self._names, key=len, reverse=True):
            self._begins[core[0]].append(core)
        self._guessed: set[str] = set()
        """Documents whose name is only a guess from their first page: good enough to search in, not to count by."""
        for entry in entries:
            if not cores.get(entry.id):
                told, guessed = self._told_by(entry, heads)
                self._guessed |= {entry.id} if guessed else set()
                for core in told:
                    self._documents[core].append(entry.id)
        self._parts = self._distinctive()
        self._with_word: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        self._core_of = {id: core for core, ids in self._documents.items() for id in ids}

    def _told_by(self, entry: Entry, heads: Callable[[str], str] | None) -> tuple[list[tuple[str, ...]], bool]:
        """Whom a document without a service of its own is about: named in its title, else, alone, on its first page.

        With whether that is only a guess.
        """
        if not self._names:
            return [], False
        found = self._inside(entry.title)
        if found or heads is None:
            return found, len(found) != 1
        first = self._inside(heads(entry.id))
        return (first, True) if len(first) == 1 else ([], False)

    def _inside(self, text: str) -> list[tuple[str, ...]]:
        """The names that stand in the text whole, none inside a longer one."""
        words = [word for word, _, _ in tokens_of(text)]
        found: list[tuple[str, ...]] = []
        at = 0
        while at < len(words):
            here = self._begins.get(words[at], ())  # the longest first
            best = next((core for core in here if tuple(words[at : at + len(core)]) == core), ())
            if best and best not in found:
                found.append(best)
            at += max(1, len(best))
        return found

    def _distinctive(self) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
        """Beginnings and single words of longer names, each with the names that have it."""
        parts: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
        for core in self._names:
            pieces = {core[a:b] for a in range(len(core)) for b in range(a + 1, len(core) + 1) if b - a < len(core)}
            for piece in pieces:
                # Lindsay is no part of North Lindsay: it is another place.
                if not _weak(piece) and not any(word in _QUALIFIERS for word in core if word not in piece):
                    parts[piece].append(core)
        return parts

    def name_of(self, document_id: str) -> str:
        """The name that a document goes by; empty when it has none."""
        core = self._core_of.get(document_id)
        return self._names.get(core, "") if core else ""

    def whole_name_of(self, document_id: str) -> str:
        """The same in its longest form: "Kingsholm upon Hurr" also for a document that says only "Hurr"; never a guess."""
        core = self._core_of.get(document_id)
        if not core or document_id in self._guessed:
            return ""
        longer = [other for other in self._having(core) if _form_of(core, other, self._names)]
        return self._names[max(longer, key=len, default=core)]

    def _having(self, core: tuple[str, ...]) -> list[tuple[str, ...]]:
        """The other names that have a name's first word."""
        if not self._with_word:
            for name in self._names:
                for word in set(name):
                    self._with_word[word].append(name)
        return [name for name in self._with_word[core[0]] if name != core]

    def documents_of(self, name: str) -> tuple[str, ...]:
        """The documents of one of the names, as ``name_of`` gives it."""
        return tuple(dict.fromkeys(id for core, known in self._names.items() if known == name for id in self._about(core)))

    def is_guess(self, document_id: str) -> bool:
        """Whether whom a document is about was only guessed from its first page."""
        return document_id in self._guessed

    def all(self) -> list[str]:
        """All names, in alphabetical order."""
        return sorted(set(self._names.values()))

    def _about(self, core: tuple[str, ...]) -> tuple[str, ...]:
        """A name's documents, with those under a form of it that lacks a word ("Hurr" of "Kingsholm upon Hurr")."""
        ids = list(self._documents[core])
        for other in self._names:
            if other != core and (_form_of(other, core, self._names) or _form_of(core, other, self._names)):
                ids += self._documents[other]
        return tuple(dict.fromkeys(ids))

    def mentions(self, question: str, known: Callable[[str], int]) -> list[Mention]:
        """The names in a question, in order, the longest wording first. ``known`` counts the passages that have a word."""
        tokens = tokens_of(question)
        words = [word for word, _, _ in tokens]
        taken = [False] * len(words)
        found: list[Mention] = []
        for length in range(min(8, len(words)), 0, -1):
            for at in range(len(words) - length + 1):
                if any(taken[at : at + length]):
                    continue
                piece = tuple(words[at : at + length])
                shown = question[tokens[at][1] : tokens[at + length - 1][2]]
                meant = self._means(piece, shown, known)
                if not meant:
                    continue
                # "Harbour Lane children's services" is one wording: what kind of body it is belongs to it.
                first, last = at, at + length
                while first and not taken[first - 1] and words[first - 1] in _KINDS:
                    first -= 1
                while last < len(words) and not taken[last] and words[last] in _KINDS:
                    last += 1
                taken[first:last] = [True] * (last - first)
                for core, how in meant:
                    found.append(Mention(tokens[first][1], tokens[last - 1][2], self._names[core], core, self._about(core), how))
        return sorted(found, key=lambda mention: mention.start)

    def _means(self, piece: tuple[str, ...], shown: str, known: Callable[[str], int]) -> list[tuple[tuple[str, ...], How]]:
        if piece in self._names:
            return [(piece, "whole")]
        capital = shown[:1].isupper()
        if piece in self._parts and (capital or len(piece) > 1):
            return [(core, "part") for core in self._parts[piece]]
        if len(piece) > 3 or piece[0] in _BODIES or piece[-1] in _BODIES:
            return []
        clipped = len(piece) == 1 and capital and piece[0].endswith("s") and known(piece[0]) < 3
        if clipped or "&" in shown or shown.isupper():
            short = [core for core in self._names if _abbreviates(shown, piece, core)]
            if short:
                return [(core, "short") for core in short] if len(short) == 1 else []
        alike = self._by_letter.get(piece[0][0], ())
        near = [core for core in alike if _misspells(piece, core)] if not all(known(word) for word in piece) else []
        return [(near[0], "misspelt")] if len(near) == 1 else []


def _words(name: str) -> list[str]:
    return [word for word, _, _ in tokens_of(_BOROUGH.sub("", re.sub(r"\s+", " ", name.casefold())))]


def _common(names: Sequence[Sequence[str]]) -> frozenset[str]:
    """Words in a quarter of all different names or more: they tell nobody apart."""
    different = {tuple(name) for name in names}
    if len(different) < _ENOUGH:
        return frozenset()
    # Different names, not documents: a body with many reports must not make its own name look common.
    counts: Counter[str] = Counter(word for name in different for word in set(name))
    return frozenset(word for word, n in counts.items() if n >= _SHARE * len(different))


def _core(words: Sequence[str], common: frozenset[str]) -> tuple[str, ...]:
    """The name without what every body is called, cut from both ends; whole when nothing else is left."""
    start, end = 0, len(words)
    while start < end and (words[start] in _BODIES or words[start] in common):
        start += 1
    while end > start and (words[end - 1] in _BODIES or words[end - 1] in common):
        end -= 1
    return tuple(words[start:end])


def _spelling(name: str, core: tuple[str, ...]) -> str:
    """The core as the name writes it."""
    tokens = tokens_of(name)
    words = [word for word, _, _ in tokens]
    for at in range(len(words) - len(core) + 1):
        if tuple(words[at : at + len(core)]) == core:
            return name[tokens[at][1] : tokens[at + len(core) - 1][2]]
    return name


def _weak(piece: tuple[str, ...]) -> bool:
    return all(word in _QUALIFIERS or word in _BODIES or len(word) < 4 for word in piece) or piece[0] in ("and", "upon", "on", "of") \
        or piece[-1] in ("and", "upon", "on", "of")  # fmt: skip


def _form_of(short: tuple[str, ...], long: tuple[str, ...], names: dict[tuple[str, ...], str]) -> bool:
    """Whether ``short`` is ``long`` with words left out, as a town goes by part of its name.

    Not where what is left out tells places apart (North, Greater), nor where two longer names have the same part.
    """
    if len(short) >= len(long) or not any(long[at : at + len(short)] == short for at in range(len(long))):
        return False
    left_out = [word for word in long if word not in short]
    if any(word in _QUALIFIERS for word in left_out) or "and" in left_out:
        return False
    return sum(any(other[at : at + len(short)] == short for at in range(len(other))) for other in names if other != short) == 1


def _abbreviates(shown: str, piece: tuple[str, ...], core: tuple[str, ...]) -> bool:
    """"Saltings" cut to its beginning and an s ("Salts"), or the heads of a longer name ("E&S", "ES")."""
    letters = "".join(word if word != "and" else "&" for word in piece).replace("&", "")
    heads = "".join(word[0] for word in core if word not in ("and", "of", "the", "upon", "on"))
    if len(heads) >= 2 and letters == heads and (shown.isupper() or "&" in shown):
        return True
    if len(piece) != 1 or len(core[0]) < 6 or not 4 <= len(letters) < len(core[0]) or not shown[:1].isupper():
        return False
    tail = iter(core[0])
    return letters[:2] == core[0][:2] and letters.endswith("s") and all(letter in tail for letter in letters[:-1])


def _misspells(piece: tuple[str, ...], core: tuple[str, ...]) -> bool:
    """One slip in five letters, two in nine or more (Damerau-Levenshtein); the first letter has to be right.

    In a short name one letter for another makes another place (Bilton, Bolton): there only a letter left out, doubled or
    swapped with its neighbour is a slip.
    """
    one, other = " ".join(piece), " ".join(core)
    allowed = 2 if len(other) >= 9 else 1 if len(other) >= 5 else 0
    if len(other) < 9 and len(one) == len(other) and sorted(one) != sorted(other):
        return False
    return bool(allowed) and one[0] == other[0] and DamerauLevenshtein.distance(one, other, score_cutoff=allowed) <= allowed
