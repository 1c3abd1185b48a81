"""Under which host names the portal answers: whoever leads people here under another one could have links and cookies made for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from definitions.text import Said

#: This machine's own names: the supervisor asks by them.
_OWN = ("127.0.0.1", "localhost", "[::1]")
#: Machines ask these by whatever number they know, and nothing in the answers depends on the name.
_FREE = frozenset({"/livez", "/readyz", "/healthz", "/metrics"})
_NAME = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?")
_REFUSED = Said(
    "本门户不以这个主机名对外。网址以 HUYING_PORTAL_URL 为准；还有别的主机名，请加入 HUYING_ALLOWED_HOSTS。",
    "The portal does not answer under this host name. Its address is HUYING_PORTAL_URL; other names belong into HUYING_ALLOWED_HOSTS.",
)


class KnownHosts:
    """Wraps the application; what comes under a name that is not ours is refused before anything is read."""

    def __init__(self, app: ASGIApp, portal_url: str, others: Sequence[str] = ()) -> None:
        self._app = app
        own = urlsplit(portal_url).hostname or ""
        self._names = frozenset({*_OWN, f"[{own}]" if ":" in own else own, *(one for one in others if one[0] != "*")})
        #: ``*.huying.example`` stands for all below it.
        self._below = tuple(one[1:] for one in others if one[0] == "*")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes under a known name."""
        if scope["type"] not in ("http", "websocket") or scope["path"] in _FREE or self._knows(scope):
            await self._app(scope, receive, send)
            return
        await PlainTextResponse(f"{_REFUSED.zh}\n{_REFUSED.en}\n", 400)(scope, receive, send)

    def _knows(self, scope: Scope) -> bool:
        found = _NAME.fullmatch(Headers(scope=scope).get("host", "").lower())
        return found is not None and (found[1] in self._names or found[1].endswith(self._below))
