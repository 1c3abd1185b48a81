"""What protects every answer and every request: security headers, and bounds on what is sent to us."""

from __future__ import annotations

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from huying.house.kept import LARGEST
from portal.frame.bounds import plain_path, plain_query

#: The largest request that carries files, and the largest that does not.
WITH_FILES = 2 * LARGEST + 1024 * 1024
WITHOUT_FILES = 512 * 1024

_POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
#: For a year.
_ENCRYPTED = {"Strict-Transport-Security": "max-age=31536000"}


class Protection:
    """Wraps the whole application; a header that an answer sets itself stays."""

    def __init__(self, app: ASGIApp, *, encrypted: bool = False) -> None:
        """``encrypted``: people reach the portal by https, and their browsers are told never to try without."""
        self._app = app
        self._headers = {**_HEADERS, **(_ENCRYPTED if encrypted else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its address cleaned and its body counted, and its answer back with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # whoever only asks whether a page is there, such as a mail scanner, is answered as by GET, without its body
        head = scope["method"] == "HEAD"
        address = {"path": plain_path(scope["path"]), "query_string": plain_query(scope["query_string"])}

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send({**message, "body": b""} if head and message["type"] == "http.response.body" else message)

        method = {"method": "GET"} if head else {}
        await self._app({**scope, **address, **method}, _counted(scope, receive), protected)


def _counted(scope: Scope, receive: Receive) -> Receive:
    """The request's body, cut off with 413 as soon as it is larger than allowed, whatever its header says."""
    headers = Headers(scope=scope)
    limit = WITH_FILES if headers.get("content-type", "").startswith("multipart/form-data") else WITHOUT_FILES
    declared = headers.get("content-length", "0")
    # more figures than any number of bytes has are too many, and no number to count with
    declares = declared.isascii() and declared.isdigit()
    so_far = limit + 1 if declares and (len(declared) > 18 or int(declared) > limit) else 0

    async def counted() -> Message:
        nonlocal so_far
        message = await receive() if so_far <= limit else {"type": "http.request", "body": b""}
        so_far += len(message.get("body", b""))
        if so_far > limit:
            raise HTTPException(413)
        return message

    return counted
