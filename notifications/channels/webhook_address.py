"""Taking a participant's webhook address apart, and refusing what an address must not hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

_VISIBLE = re.compile(r"[^\x00-\x20\x7f\\]+")
_LONGEST = 2000
#: What may stand in a path and query as it is; the rest is written in percent signs.
_SAFE = "/:?#[]@!$&'()*+,;=%-._~"


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """Where to post: ``host`` in ASCII, ``path`` with its query."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the ``Host`` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


def target(url: str) -> WebhookTarget:
    """The target of an http or https URL without user, password and fragment; ``ValueError`` says what is wrong."""
    if len(url) > _LONGEST or not _VISIBLE.fullmatch(url):
        raise ValueError("spaces, control characters, backslashes or too long")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise ValueError("neither http nor https")
    if parts.username is not None or parts.password is not None:
        raise ValueError("holds a user name")
    if not parts.hostname or "%" in parts.hostname:
        raise ValueError("no host name")
    secure = parts.scheme == "https"
    port = (443 if secure else 80) if parts.port is None else parts.port
    if port == 0:
        raise ValueError("port 0")
    path = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
    return WebhookTarget(secure, _ascii(parts.hostname), port, path)


def _ascii(host: str) -> str:
    if ":" in host:
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError("no host name") from error
