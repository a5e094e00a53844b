"""How sure, how much and which way: modality, quantity and polarity of a sentence.

Takes text; gives what grounds compares between a statement and the sentence it rests on. "Should be trained" is no ground
for "are trained", nor "ineffective" for "effective".
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.items import even
from assistant.quotes import stem
from index.search import STOPWORDS

_MODES = (
    (
        "should",
        (
            r"should(?! have)|ought to|(?:is|are|was|were|been) (?:required|told|asked|urged|advised|instructed|called upon) to|"
            r"must|(?:has|have|had|needs?|needed) to (?:be|ensure|improve|make|take|do|develop|strengthen|increase|reduce|address|"
            r"review)|recommend(?:s|ed|ations?)?|priority actions?|areas? for improvement|it is (?:essential|important|"
            r"vital) (?:that|to)"
        ),
    ),
    (
        "plan",
        (
            r"(?:is|are|was|were|has|have|had|now|also|further|and|but|it|they|leaders|council|authority|service|"
            r"board) (?:plan(?:s|ned|ning)?|intend(?:s|ed|ing)?|aim(?:s|ed|ing)?|hop(?:es?|ed|ing)|propos(?:es?|ed|ing)|"
            r"expect(?:s|ed|ing)?) to|there are plans|aims? (?:is|are|was|were) to|plans? (?:are |is )?(?:under ?way|in place) to|"
            r"ha(?:s|ve|d) (?:\w+ )?plans? to|(?:are|is|was|were) planned|intention(?:s)? to|will|going to|due to (?:be|begin|"
            r"start|open|launch|take|move|complete)|set to|forthcoming|scheduled (?:to|for)|about to|under development|"
            r"in development|in the process of|being developed|expected to|proposed|proposals?|seeks? to|committed to (?:recruit|"
            r"introduc|increas|develop)\w*"
        ),
    ),
    (
        "may",
        (
            r"may|might|could|perhaps|possibl[ey]|potential(?:ly)?|appears?|appeared|seems?|seemed|likely|unlikely|suggests?|"
            r"unclear|uncertain"
        ),
    ),
)
_MODE = [(mode, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for mode, words in _MODES]
_DEMAND = re.compile(
    r"\W*(?:\d+[.)]?\W+)?(?:ensure|improve|strengthen|accelerate|develop|review|take|increase|reduce|implement|establish|make|monitor|"
    r"provide|carry|consider|use|evaluate|clarify|consolidate|complete|continue|build|address|agree|introduce|promote|raise|secure|"
    r"undertake|embed|extend|put|set|share|identify|enable|update|produce|publish|prioritise|revise|refresh|train|recruit|create|"
    r"deliver|engage|expand|explore|enhance|maintain|audit|assess|appoint|adopt|apply|analyse|refocus|reinforce|require|resolve|stop)\s+"
    r"(?!(?:(?!(?:that|how|whether|which|who|to)\b)[\w'’-]+\s+){0,7}?(?:is|are|was|were|has|have|had)\b)[a-z]",
    re.IGNORECASE,
)
"""How a demand of a list begins."""
_MANY = (
    (
        4,
        (
            r"all|(?:every|each)(?! (?:year|month|week|quarter|day|time|other)\b)|always|entire(?:ly)?|completely|fully|"
            r"universally|invariably|without exception|in every case|only"
        ),
    ),
    (
        3,
        (
            r"most|majority|usually|generally|mostly|largely|vast|typically|predominantly|overwhelming(?:ly)?|almost all|"
            r"nearly all|nearly every"
        ),
    ),
    (2, r"many|often|frequently|regularly|much|widespread|commonly|numerous"),
    (1, r"some|sometimes|a number of|several|in places|certain|a proportion|various"),
    (
        0,
        (
            r"few|small number|small minority|minority|rarely|seldom|occasional(?:ly)?|hardly|isolated|tiny|handful|little|low|"
            r"limited|minimal|scarce"
        ),
    ),
)
_MUCH = [(level, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for level, words in _MANY]
_NOT = frozenset("not no never none neither nor without cannot nobody nothing nowhere hardly rarely seldom".split())
_LACKING = re.compile(
    (
        r"n't\b|\b(?:not|no|never|none|neither|nor|without|cannot|nobody|nothing|lack\w*|fail\w*|unable|absen\w+|miss(?:ed|ing)|"
        r"insufficient\w*|inadequate\w*|weak\w*|poor\w*|rarely|seldom|hardly|few|fewer|little|limited|delay\w*|too|yet to|"
        r"short(?:age|fall)\w*|un\w{4,}|in(?:effective|consisten|appropriate|complete|accurate|accessib|frequent)\w*|ir\w{5,}|"
        r"concern\w*|gap\w*|below|ceased|stopped|ended|struggl\w*|absence|apart from|except|excluding|other than|excluded?|less|"
        r"prevent\w*|avoid\w*|refus\w*|den(?:y|ied)|reject\w*|drift|outstanding issues?|overdue|underdeveloped|deteriorat\w*|"
        r"declin\w*)\b"
    ),
    re.IGNORECASE,
)
_WORSE = re.compile(
    r"n't\b|\b(?:not|no|never|none|neither|without|cannot|lack\w*|fail(?:s|ed|ing|ure)?|unable|struggl\w*|little to|"
    r"insufficient\w*|inadequate\w*|weak\w*|poor\w*|rarely|seldom|ineffective\w*|deteriorat\w*|worsen\w*)\b",
    re.IGNORECASE,
)
_BEING = frozenset("is are was were be been being remain remains remained too very".split())
_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non", "mis")
_PAIRS = """
increas:decreas increas:reduc increas:fell increas:fall increas:declin increas:drop rise:fall rose:fell grown:reduc grew:shrank
grow:shrink high:low strong:weak strong:poor good:poor good:weak good:inadequate better:worse best:worst improv:deteriorat
improv:declin improv:worsen improv:weaken strengthen:weaken more:less more:fewer before:after early:late always:never all:none
most:few above:below over:under success:failur succeed:fail quick:slow prompt:delay promptly:late manageabl:unmanageabl
easy:difficult easily:struggl easily:difficult start:end begin:end opened:closed open:clos positive:negative positiv:negativ
safe:risk include:exclud includ:exclud accept:reject accept:refus present:absent present:miss robust:weak effectiv:weak
effectiv:poor clear:unclear many:few frequent:rar often:rar often:seldom well:poor well:badly comprehensiv:limit wide:narrow
long:short large:small larg:small major:minor stabl:unstabl permanent:temporar remain:left retain:lost gain:lost win:lose
inside:outside internal:external former:current current:previous first:last up:down sufficient:insufficient satisf:dissatisf
agre:disagre timely:delay timely:late swift:slow confident:unsur low:high maximum:minimum exceed:miss met:miss meet:miss pass:fail
kept:broken continu:ceas continu:stop encourag:discourag support:oppos praise:criticis prais:criticis strength:weakness
strength:concern over:below shorter:longer lower:higher fewer:more less:more reduc:grow reduc:rise reduc:rose thorough:superficial
detail:brief consistent:variabl consist:variabl consist:inconsist
""".split()
_STRONG = (
    (
        3,
        (
            r"outstanding(?! issues| actions)|excellent|exceptional(?:ly)?|exemplary|very (?:good|well|strong|effective)|"
            r"impressive|highly (?:effective|skilled)|superb|exceptionally well"
        ),
    ),
    (
        2,
        (
            r"(?<!very )good|(?<!very )strong(?:ly)?|(?<!very )(?<!exceptionally )well(?!-being|being)|effective(?:ly)?|robust|"
            r"positive|thorough"
        ),
    ),
    (1, r"adequate(?:ly)?|satisfactor(?:y|ily)|sufficient(?:ly)?|reasonabl[ey]|acceptable|acceptably"),
    (0, r"weak(?:ly)?|poor(?:ly)?|inadequate(?:ly)?|insufficient(?:ly)?|ineffective(?:ly)?"),
)
_STRENGTH = [(level, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for level, words in _STRONG]
_SIZES = (
    ("minor", r"minor|slight(?:ly)?|marginal(?:ly)?|modest(?:ly)?|small|trivial|limited"),
    (
        "major",
        (
            r"major|serious(?:ly)?|substantial(?:ly)?|significant(?:ly)?|considerabl[ey]|severe(?:ly)?|sharp(?:ly)?|"
            r"dramatic(?:ally)?|marked(?:ly)?|widespread|fundamental"
        ),
    ),
)
_SIZE = [(size, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for size, words in _SIZES]


def root(word: str) -> str:
    """A word's stem, adverbs made adjectives: "consistently" and "consistent" are one."""
    return stem(word.removesuffix("ly") if len(word) > 5 else word)


def demands(sentence: str) -> bool:
    """Whether a sentence begins as a demand of a list does: "12. Develop a system to …"."""
    return bool(_DEMAND.match(sentence))


def modes_of(text: str) -> frozenset[str]:
    """ "should" (a demand), "plan" (an intention), "may" (a possibility): what a text says is not yet so."""
    found = {mode for mode, pattern in _MODE if pattern.search(text)}
    return frozenset(found | {"should"} if demands(text) else found)


def amounts_of(text: str) -> frozenset[int]:
    """How much a text speaks of, by its words: 4 all · 3 most · 2 many · 1 some · 0 few."""
    found: set[int] = set()
    left = re.sub(r"\b(?:but )?not (?:quite )?(?:all|every|always|each)\b", "most", even(text), flags=re.IGNORECASE)
    for level, pattern in _MUCH:
        if pattern.search(left):
            found.add(level)
            left = pattern.sub(" ", left)
    return frozenset(found)


_TWICE = re.compile(r"\bnot (?:un(?!der|til|less|i)|in(?=(?:frequent|significant|consider)))(\w{4,})", re.IGNORECASE)


_AT_ONCE = re.compile(r"\b(?:without|no) (?:\w+ )?delays?\b", re.IGNORECASE)


def _plain(text: str) -> str:
    """Evened out, and what is denied twice as what it says: "not uncommon" is common, "without delay" prompt."""
    return _AT_ONCE.sub("promptly", _TWICE.sub(r"\1", even(text)))


def lacking(text: str) -> bool:
    """Whether a text has a word that denies something or finds it wanting."""
    return bool(_LACKING.search(_plain(text)))


def worse(text: str) -> bool:
    """Whether a text plainly denies something or finds it wanting."""
    return bool(_WORSE.search(_plain(text)))


def strengths_of(text: str) -> frozenset[int]:
    """How good a text finds something, by its words: 3 outstanding · 2 good · 1 adequate · 0 weak."""
    return frozenset(level for level, pattern in _STRENGTH if pattern.search(even(text)))


def sizes_of(text: str) -> frozenset[str]:
    """Whether a text calls something minor or major."""
    return frozenset(size for size, pattern in _SIZE if pattern.search(even(text)))


_TOO_SOON = re.compile(r"\b(?:too (?:soon|early)|(?:has|have|had|is|are) yet to|not yet)\b", re.IGNORECASE)


def too_soon(text: str) -> bool:
    """Whether a text says that something has not come about so far."""
    return bool(_TOO_SOON.search(text))


_DENIES = re.compile(r"\b(?:not|never|no)\b(?! only| just| longer)|n't\b", re.IGNORECASE)


def denies(text: str) -> bool:
    """Whether a text has a negator, other than in "not only" and the like."""
    return bool(_DENIES.search(_plain(text)))


def wanting(text: str) -> frozenset[str]:
    """Stems within four words of one that denies something or finds it wanting."""
    text = _plain(text).casefold()
    found: set[str] = set()
    for match in _LACKING.finditer(text):
        behind = re.findall(r"[^\W_]+", text[: match.start()])[-4:]
        words = (behind if behind and behind[-1] in _BEING else []) + re.findall(r"[^\W_]+", text[match.start() :])[:7]
        found |= {root(word) for word in words if word not in STOPWORDS}
    return frozenset(found)


def denied(text: str) -> frozenset[str]:
    """Stems of the words that a negator in a text reaches: up to five after it, not over a comma."""
    found: set[str] = set()
    text = re.sub(r"\b(?:rather than|instead of)\b", "not", _plain(text), flags=re.IGNORECASE)
    for piece in re.split(r"[,;:.()–—]|\b(?:but|although|though|while|whereas|because)\b", text.casefold()):
        words = re.findall(r"[^\W_]+(?:'[^\W_]+)?", piece)
        for place, word in enumerate(words):
            if word in _NOT or word.endswith("n't"):
                found |= {root(other) for other in words[place + 1 : place + 6] if other not in STOPWORDS}
    return frozenset(found)


_UP = frozenset("increas ris rise rose risen grow grew grown climb higher expand doubl".split())
_DOWN = frozenset("decreas reduc fall fell fallen declin drop shrink shrunk lower fewer less halv".split())


def turned_round(roots: frozenset[str], others: frozenset[str]) -> bool:
    """Whether the one text speaks only of growing and the other only of shrinking."""
    one, other = (bool(roots & _UP), bool(roots & _DOWN)), (bool(others & _UP), bool(others & _DOWN))
    return one[0] != one[1] and other == (one[1], one[0])


@lru_cache(maxsize=1)
def _opposites() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for pair in _PAIRS:
        one, other = (root(word) for word in pair.split(":"))
        table.setdefault(one, set()).add(other)
        table.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in table.items()}


def opposed(stems: frozenset[str], others: frozenset[str]) -> list[tuple[str, str]]:
    """Pairs of a word of the one text and its opposite in the other, where neither text has both."""
    found = []
    for word in stems - others:
        known = _opposites().get(word, frozenset())
        for other in others - stems:
            if other in known or _negated(word, other) or _negated(other, word):
                found.append((word, other))
    return found


def _negated(word: str, other: str) -> bool:
    return len(word) >= 3 and other.endswith(word) and any(other == prefix + word for prefix in _PREFIXES)
