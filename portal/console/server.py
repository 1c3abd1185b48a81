"""Prefect's server as the way through sees it: asked with the house's password, its answers streamed on as they come, a few at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
from starlette.datastructures import Headers
from starlette.responses import Response, StreamingResponse
from starlette.types import Send

from engine.refusal import Refusal
from huying.console.address import BASE

_log = logging.getLogger("huying.portal")
_MOST = 50
_SECONDS = httpx.Timeout(60, connect=4, pool=10)
#: What is passed on of a request: nothing that tells who asks, or from where.
_ASKED = frozenset({"accept", "accept-encoding", "content-type", "if-none-match", "if-modified-since", "x-prefect-ui"})
#: What is passed back of an answer.
_TOLD = frozenset(
    {"content-type", "content-encoding", "content-disposition", "content-length", "etag", "last-modified", "vary"}
)


class PrefectSilent(Refusal):
    """Prefect does not answer."""

    code = "away"

    def __init__(self) -> None:
        super().__init__(
            "Prefect 暂时没有应答。事项照常办理，可在“全部在办”里查看；过一会儿再打开这一页。",
            "Prefect does not answer at the moment. Issues go on as usual, and are found under “Issues”; open this page again in a while.",
        )


class Unlike(Refusal):
    """Prefect is there, but not as the way through needs it: another password, or its pages under another path."""

    code = "away"

    def __init__(self) -> None:
        super().__init__(
            "连上了 Prefect，但口令不对，或它的页面不在 /prefect 下；请系统管理员核对 HUYING_PREFECT_AUTH 和 PREFECT_UI_SERVE_BASE。",
            "Prefect answers, but wants another password, or has its pages elsewhere than under /prefect; an administrator should look at "
            "HUYING_PREFECT_AUTH and PREFECT_UI_SERVE_BASE.",
        )


class PassedAnswer(StreamingResponse):
    """An answer on its way through. If Prefect breaks it off it is left unfinished, so that the server cuts the connection and nobody takes half for
    the whole; what happened is one line, and no fault of ours.
    """

    async def stream_response(self, send: Send) -> None:
        """Send on what comes in."""
        try:
            await super().stream_response(send)
        except httpx.HTTPError as broken:
            _log.warning("控制台 Prefect 的应答中断：%s", type(broken).__name__)


class Prefect:
    """One server, or the balancer before several."""

    def __init__(self, api_url: str, auth: str | None) -> None:
        self._root = api_url.removesuffix("/api")
        user, _, password = (auth or "").partition(":")
        self._auth = httpx.BasicAuth(user, password) if auth else None
        self._made: tuple[asyncio.AbstractEventLoop, httpx.AsyncClient] | None = None

    async def told(self, address: str) -> Any:
        """The decoded answer to a question of our own, ``None`` if there is no such thing. Errors: ``PrefectSilent``, ``Unlike``."""
        answer = await self._send("GET", address, Headers(), b"", "")
        try:
            await answer.aread()
            return answer.json() if answer.status_code == 200 else None
        except (httpx.HTTPError, ValueError):
            raise Unlike from None
        finally:
            await answer.aclose()

    async def passed(self, method: str, path: str, headers: Headers, body: bytes = b"", query: str = "") -> Response:
        """Its answer to what a page asked, as it comes in. Errors: ``PrefectSilent``, ``Unlike``."""
        address = path if path.startswith("/api/") else f"{BASE}{path}"
        answer = await self._send(method, address, headers, body, query)
        if answer.is_redirect:
            # it would tell addresses that nobody outside can open
            await answer.aclose()
            return Response(status_code=404)
        back = {name: value for name, value in answer.headers.items() if name in _TOLD}
        return PassedAnswer(_pieces(answer), answer.status_code, back)

    async def _send(self, method: str, address: str, headers: Headers, body: bytes, query: str) -> httpx.Response:
        asked: Mapping[str, str] = {name: value for name, value in headers.items() if name in _ASKED}
        client = self._client()
        request = client.build_request(
            method,
            f"{self._root}{address}",
            params=query or None,
            headers={"accept-encoding": "", **asked},
            content=body,
        )
        try:
            answer = await client.send(request, stream=True, auth=self._auth)
        except httpx.HTTPError:
            raise PrefectSilent from None
        if answer.status_code == 401:
            await answer.aclose()
            raise Unlike
        return answer

    def _client(self) -> httpx.AsyncClient:
        """The client of this loop: connections belong to the loop that made them, and a server has but one."""
        loop = asyncio.get_running_loop()
        if self._made is None or self._made[0] is not loop:
            # none is kept: after a 503 the server closes its connection and does not say so
            limits = httpx.Limits(max_connections=_MOST, max_keepalive_connections=0)
            self._made = loop, httpx.AsyncClient(timeout=_SECONDS, limits=limits, trust_env=False)
        return self._made[1]


async def _pieces(answer: httpx.Response) -> AsyncIterator[bytes]:
    """What comes in, as it is: packed stays packed."""
    try:
        async for piece in answer.aiter_raw():
            yield piece
    finally:
        await answer.aclose()
