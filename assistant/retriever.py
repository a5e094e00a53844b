"""The library as a LangChain retriever, so that it composes with that ecosystem. Takes questions; gives Documents."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever

from index.library import Library
from index.types import Hit


class LibraryRetriever(BaseRetriever):
    """``invoke(question)`` gives up to ``limit`` LangChain documents, best first.

    ``page_content`` is the passage verbatim; ``metadata`` has document, title, page, start, end, score, and ``hit``,
    the Hit itself.
    """

    library: Any
    limit: int = 10
    within: Any = None
    """Ids of the documents to search; None for all."""
    row: Any = None
    """The question's vector, where it is known already."""

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        library: Library = self.library
        return [as_langchain(hit) for hit in library.search(query, self.limit, self.within, self.row)]


def as_langchain(hit: Hit) -> LangChainDocument:
    """A hit as LangChain carries it."""
    passage = hit.passage
    return LangChainDocument(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "document": hit.entry.name, "document_id": hit.entry.id, "title": hit.entry.title, "page": passage.page,
            "start": passage.start, "end": passage.end, "score": hit.score, "hit": hit,
        },
    )  # fmt: skip
