"""Settings become an Assistant. The only place where the parts are put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from assistant.findings import Findings
from assistant.pipeline import Query, State, pipeline
from assistant.settings import Settings
from assistant.types import Answer
from corpus.read import Limits
from index.embed import Embedder, load_embedder
from index.library import Library
from index.rerank import Reranker, load_reranker


class Assistant:
    """A library and the way to answers from it. Safe to use from several threads."""

    def __init__(self, library: Library, settings: Settings, reranker: Reranker | None = None) -> None:
        self.library, self.settings = library, settings
        self._state = State(library)
        self._pipeline = pipeline(library, self._state, sureness=settings.sureness, reranker=reranker)

    def stream(self, question: str, history: Sequence[Answer] = (), *, everywhere: bool = False) -> Iterator[Answer]:
        """Pieces that add up to the answer; the last has the final status and ``ms["total"]``.

        ``history`` holds the conversation's whole answers so far, oldest first. ``everywhere`` lifts the restriction to
        the documents that the question is understood to be about.
        """
        return self._pipeline.stream(Query(question, tuple(history), everywhere))

    def ask(self, question: str, history: Sequence[Answer] = (), *, everywhere: bool = False) -> Answer:
        """The whole answer."""
        return self._pipeline.invoke(Query(question, tuple(history), everywhere))

    def findings(self) -> Findings:
        """The inspections that the library knows of, with how they were judged; only what readers may see."""
        return self._state.findings()

    def examples(self) -> list[str]:
        """Up to four questions about services that the library holds; none when it is empty."""
        forms = (
            "What did inspectors find at {}?",
            "What was {} rated?",
            "What should {} improve?",
            "What did inspectors say about staff at {}?",
        )
        entries = self.library.documents()
        services = list(dict.fromkeys(entry.service for entry in entries if entry.service))
        titled = [f"What does “{entry.title}” say?" for entry in entries if not entry.service]
        return [form.format(name) for form, name in zip(forms, services, strict=False)] + titled[: max(0, 4 - len(services))]


def embedder_for(settings: Settings) -> Embedder:
    """The embedder that the settings name. Raises EmbedderUnavailable."""
    return load_embedder(settings.embedder, settings.cache, settings.threads, precision=settings.precision)


def open_assistant(settings: Settings, tell: Callable[[int, int], None] | None = None) -> Assistant:
    """Opens (or makes) the library of the settings; ``tell`` as for Library. Raises LibraryError, BadProfile."""
    limits, hold = Limits(max_file_mb=settings.max_file_mb), settings.embargo == "hold"
    library = Library(settings.home, embedder_for(settings), limits, embargo=hold, tell=tell)
    return Assistant(library, settings, load_reranker(settings.reranker) if settings.reranker else None)
