"""Where a server is: its URL fit to show, and the name and password that stood in it. Used by settings and chat_model."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Address:
    """An OpenAI-compatible server. ``url`` has no credentials and no slash at its end."""

    url: str
    login: str | None = field(default=None, repr=False)
    """The Authorization header that the name and password of the URL mean."""

    @classmethod
    def of(cls, url: str) -> Address:
        """A URL without a path means its ``/v1``. Raises ValueError."""
        parts = urlsplit(url.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.port == 0:
            raise ValueError("it must be like http://127.0.0.1:8080/v1")
        login = None
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            login = "Basic " + base64.b64encode(pair.encode()).decode()
        path = parts.path.rstrip("/") or "/v1"
        return cls(parts._replace(netloc=parts.netloc.rpartition("@")[2], path=path).geturl(), login)

    @property
    def root(self) -> str:
        """Above ``/v1``, where servers have what is not OpenAI's."""
        return self.url.removesuffix("/v1")

    @property
    def here(self) -> bool:
        """Whether it is on this machine, where no proxy leads."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"
