"""The client of Prefect's API, against servers that refuse, and that end connections."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from flows.gateway.api import PrefectApi, PrefectAway

_REFUSED = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\n{}"
_DONE = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"id": "7"}'


@asynccontextmanager
async def _serving(answers: list[bytes]) -> AsyncIterator[str]:
    """A server that gives each request the next answer; after one of refusal, or for none, it ends the connection at the next request."""

    ended = asyncio.Queue[None]()
    begun = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal begun
        begun, answer = begun + 1, b""
        while answer != _REFUSED and await _request(reader):
            answer = answers.pop(0)
            if not answer:
                break
            writer.write(answer)
        if answer == _REFUSED:
            await _request(reader)
        writer.close()
        await writer.wait_closed()
        ended.put_nowait(None)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api"
        for _ in range(begun):
            await ended.get()


async def _request(reader: asyncio.StreamReader) -> bool:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return False
    length = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
    await reader.readexactly(int(length[0]) if length else 0)
    return True


def test_a_call_after_a_refusal_survives_that_the_server_ended_the_connection_with_it() -> None:
    async def story() -> str:
        async with _serving([_REFUSED, _DONE]) as url, PrefectApi(url) as api:
            return await api.flow_id("work 办理")

    assert asyncio.run(story()) == "7"


def test_a_server_that_ends_the_connection_unasked_is_away() -> None:
    async def story() -> None:
        async with _serving([_DONE, b""]) as url, PrefectApi(url) as api:
            await api.flow_id("work 办理")
            with pytest.raises(PrefectAway):
                await api.flow_id("deliver 发送通知")

    asyncio.run(story())
