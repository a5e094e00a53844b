"""Settings become an Assistant. The only place where the parts are put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence

from assistant.address import Address
from assistant.chat_model import load_model
from assistant.findings import Findings
from assistant.model import ChatModel
from assistant.pipeline import Query, pipeline
from assistant.scope import Filters
from assistant.settings import Settings
from assistant.state import State
from assistant.types import Answer
from assistant.write import Writer
from corpus.read import Limits
from index.embed import Embedder, load_embedder
from index.entail import load_entailment
from index.library import Library
from index.reader import CosineReader, Reader, load_reader
from index.rerank import Reranker, load_reranker
from index.types import Hit

NONE = Filters()
"""Filters that restrict nothing."""


class Assistant:
    """A library and the way to answers from it. Safe to use from several threads."""

    def __init__(
        self, library: Library, settings: Settings, reranker: Reranker | None = None, writer: Writer | None = None,
        reader: Reader | None = None,
    ) -> None:  # fmt: skip
        """``reader`` reads windows for a question; without one the library's embedder compares them."""
        self.library, self.settings = library, settings
        self._state = State(library)
        self._writer = writer
        windows = reader or CosineReader(library.embedder)
        self._pipeline = pipeline(library, self._state, settings.sureness, windows, reranker, writer=writer)

    @property
    def model(self) -> str:
        """What gets the questions and the passages found for them, as the settings name it; "" when answers are quotes."""
        return (self.settings.model or _shown(self.settings) or self._writer.model.name) if self._writer else ""

    def stream(
        self, question: str, history: Sequence[Answer] = (), *, everywhere: bool = False, quotes: bool = False,
        filters: Filters = NONE, lifted: frozenset[str] = frozenset(),
    ) -> Generator[Answer, None, None]:  # fmt: skip
        """Pieces that add up to the answer; the last has the final status and ``ms["total"]``. Closing it stops a chat model.

        ``history`` holds the conversation's whole answers so far, oldest first. ``everywhere`` lifts the restriction to
        the documents that the question is understood to be about, ``lifted`` only those restrictions (``Restriction.key``).
        ``quotes`` leaves the chat model out; ``filters`` let only a part of the library answer.
        """
        yield from self._pipeline.stream(Query(question, tuple(history), everywhere, quotes, filters, lifted))

    def ask(
        self, question: str, history: Sequence[Answer] = (), *, everywhere: bool = False, quotes: bool = False,
        filters: Filters = NONE, lifted: frozenset[str] = frozenset(),
    ) -> Answer:  # fmt: skip
        """The whole answer."""
        return self._pipeline.invoke(Query(question, tuple(history), everywhere, quotes, filters, lifted))

    def services(self) -> list[str]:
        """The names of the services in the library, in alphabetical order: what ``filters`` go by."""
        return self._state.reader().names.all()

    def services_of(self, document_ids: Iterable[str]) -> dict[str, str]:
        """The service that each of these documents is on, by its name in ``services()``; empty where it has none."""
        names = self._state.reader().names
        return {id: names.name_of(id) for id in document_ids}

    def search(self, words: str, limit: int = 10, filters: Filters = NONE) -> list[Hit]:
        """The passages that fit best, of those that the filters let through."""
        within = self.within(filters)
        return self.library.search(words, limit, within) if within is None or within else []

    def within(self, filters: Filters) -> tuple[str, ...] | None:
        """The ids of the documents that the filters let through; None for all."""
        scope = self._state.narrowed(filters)[0].scope
        return None if scope is None else tuple(sorted(scope.documents))

    def findings(self) -> Findings:
        """The inspections that the library knows of, with how they were judged; only what readers may see."""
        return self._state.findings()

    def examples(self) -> list[str]:
        """Up to four questions about services that the library holds; none when it is empty."""
        forms = ("What did inspectors find at {}?", "What was {} rated?", "What should {} improve?")
        entries = self.library.documents()
        services = list(dict.fromkeys(entry.service for entry in entries if entry.service))
        asked = [form.format(name) for form, name in zip(forms, services, strict=False)]
        grades = Counter(fact.value for one in self.findings().inspections if (fact := one.judged()))
        asked += [f"Which services were rated {grade}?" for grade, _ in grades.most_common(1)]
        titled = [f"What does “{entry.title}” say?" for entry in entries if not entry.service]
        return asked + titled[: max(0, 4 - len(asked))]


def embedder_for(settings: Settings) -> Embedder:
    """The embedder that the settings name. Raises EmbedderUnavailable."""
    return load_embedder(settings.embedder, settings.cache, settings.threads, precision=settings.precision)


def model_for(settings: Settings) -> ChatModel | None:
    """The chat model that the settings name, None when they name none. Raises BadSetting; nothing is asked of it yet."""
    if not (settings.model or settings.model_url):
        return None
    return load_model(
        settings.model, url=settings.model_url, key=settings.model_key, key_file=settings.model_key_file,
        window=settings.model_window, timeout=settings.model_timeout, threads=settings.threads,
    )  # fmt: skip


def _shown(settings: Settings) -> str:
    """The server of the settings, without credentials."""
    return Address.of(settings.model_url).url if settings.model_url else ""


def writer_for(settings: Settings) -> Writer | None:
    """What writes answers; None where they are quotes. Raises BadSetting, RerankerUnavailable."""
    model = model_for(settings) if settings.answers == "written" else None
    if model is None:
        return None
    entails = load_entailment(settings.entailment) if settings.entailment else None
    return Writer(model, settings.model_tokens, settings.unsupported == "mark", entails)


def open_assistant(settings: Settings, tell: Callable[[int, int], None] | None = None) -> Assistant:
    """Opens (or makes) the library of the settings; ``tell`` as for Library. Raises BadSetting, LibraryError, BadProfile."""
    writer = writer_for(settings)
    limits, hold = Limits(max_file_mb=settings.max_file_mb), settings.embargo == "hold"
    library = Library(settings.home, embedder_for(settings), limits, embargo=hold, tell=tell)
    reranker = load_reranker(settings.reranker) if settings.reranker else None
    reader = load_reader(settings.reader, library.embedder, settings.threads)
    return Assistant(library, settings, reranker, writer, reader)
