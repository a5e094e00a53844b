"""What is left of a question when the parts that were understood are taken out of it. Takes words and places; knows no meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.types import Understood


def blanked(text: str, places: Iterable[tuple[int, int]]) -> str:
    """The text with blanks at these places (``[start, end)``): what stands elsewhere keeps its place."""
    left = list(text)
    for start, end in places:
        left[start:end] = " " * (end - start)
    return "".join(left)


def named_in(understood: Understood) -> list[tuple[int, int]]:
    """Where the complete question names its services, in its own wording of them or in the library's."""
    names = (*understood.named, *understood.services)
    return [match.span() for name in names for match in re.finditer(re.escape(name), understood.question, re.IGNORECASE)]
