"""A limit to the memory of processes that open files nobody vouches for. Used by pool and studio."""

from __future__ import annotations

import contextlib

_MOST = 6 << 30


def cap_memory() -> None:
    """Keeps this process from taking all memory, where the system can do so."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # not every system has resource limits
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = _MOST if hard == resource.RLIM_INFINITY else min(_MOST, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
