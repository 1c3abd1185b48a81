"""Another shelf: a bucket of an S3-compatible store, such as MinIO, Ceph or a cloud's. What lies there is sealed before it leaves the house."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
from defusedxml.ElementTree import ParseError, fromstring  # type: ignore[import-untyped]

from huying.errors import Later
from huying.shelf.signature import AccessKey, Unsigned, query_text, signed
from huying.shelf.store import Lying

_NAME = re.compile(r"[0-9a-f]{64}(\.[a-z]+)?", re.ASCII)
#: A store that is busy answers so; everything that is asked here may be asked again.
_BUSY = frozenset({429, 500, 502, 503, 504})
_TRIES = 3
_PATIENCE = httpx.Timeout(20.0, connect=5.0)


class ShelfAway(Later):
    """The store does not answer, or not as it should; ``why`` is for the log."""

    def __init__(self, why: str) -> None:
        super().__init__(60, "附件现在存取不了", "Files cannot be kept or fetched just now")
        self.why = why

    def __str__(self) -> str:
        return f"{super().__str__()} ({self.why})"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Bucket:
    """Objects below an address such as ``https://HOST/BUCKET/PREFIX``, called as files in a folder are; it is asked by path.

    An object is there whole or not at all, and what was written is read from then on: the published interface says so.
    """

    address: str
    key: AccessKey
    clock: Callable[[], datetime] = _now
    pause: float = 0.5
    _client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=_PATIENCE), repr=False)

    def write(self, name: str, content: bytes) -> None:
        """Put it there; the answer comes when it is kept."""
        self._asked("PUT", self._path(name), body=content)

    def read(self, name: str) -> bytes | None:
        """What lies there; ``None`` if nothing does."""
        answer = self._asked("GET", self._path(name), missing=True)
        return None if answer.status_code == 404 else answer.content

    def touch(self, name: str) -> bool:
        """Copy it onto itself: then it is new again."""
        path = self._path(name)
        about = {"x-amz-copy-source": path, "x-amz-metadata-directive": "REPLACE"}
        answer = self._asked("PUT", path, headers=about, missing=True)
        if answer.status_code != 404 and b"<Error>" in answer.content:
            # a copy that fails after it has begun is answered with 200
            raise ShelfAway("the copy failed")
        return answer.status_code != 404

    def lying(self) -> Iterator[Lying]:
        """All objects under names of ours, a thousand at a time, by the store's own clock."""
        bucket, _, prefix = urlsplit(self.address).path.strip("/").partition("/")
        more = {"list-type": "2", "prefix": f"{prefix}/" if prefix else ""}
        while True:
            page = _page(self._asked("GET", f"/{bucket}", query=more).content)
            for key, since in page.found:
                name = key.rsplit("/", 1)[-1]
                if _NAME.fullmatch(name):
                    yield Lying(name, since)
            if not page.token:
                return
            more = {**more, "continuation-token": page.token}

    def now(self) -> float:
        """The moment by the store's clock."""
        bucket = urlsplit(self.address).path.strip("/").partition("/")[0]
        answer = self._asked("HEAD", f"/{bucket}")
        return parsedate_to_datetime(answer.headers["Date"]).timestamp()

    def remove(self, name: str, before: float) -> bool:
        """Take it away unless it is new again. What becomes new between the look and the deletion is lost: some milliseconds, after a week."""
        answer = self._asked("HEAD", self._path(name), missing=True)
        if answer.status_code == 404 or parsedate_to_datetime(answer.headers["Last-Modified"]).timestamp() >= before:
            return False
        self.drop(name)
        return True

    def begins(self, name: str) -> bytes:
        """The first 256 bytes of what lies there; none if nothing does."""
        answer = self._asked("GET", self._path(name), headers={"Range": "bytes=0-255"}, missing=True)
        return b"" if answer.status_code == 404 else answer.content[:256]

    def drop(self, name: str) -> None:
        """Take it away, whenever it was new."""
        self._asked("DELETE", self._path(name), missing=True)

    def mend(self, before: float) -> int:
        """Nothing is ever half done."""
        return 0

    def clear(self) -> None:
        """Take everything away that is ours."""
        for one in list(self.lying()):
            self.drop(one.name)

    def _path(self, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise ValueError(name)
        return f"{urlsplit(self.address).path.rstrip('/')}/{name[:2]}/{name}"

    def _asked(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        missing: bool = False,
    ) -> httpx.Response:
        """The answer; ``ShelfAway`` if there is none after some tries, or a refusal. ``missing``: that there is nothing is an answer, too."""
        parts = urlsplit(self.address)
        asked = Unsigned(method, path, query or {}, {"Host": parts.netloc, **(headers or {})}, body)
        target = f"{parts.scheme}://{parts.netloc}{path}?{query_text(asked.query)}".rstrip("?")
        why = ""
        for turn in range(_TRIES):
            if turn:
                time.sleep(self.pause * turn)
            try:
                answer = self._client.request(
                    method, target, headers=signed(asked, self.key, self.clock()), content=body
                )
            except httpx.TransportError as error:
                why = type(error).__name__
                continue
            if answer.is_success or (missing and answer.status_code == 404 and b"NoSuchBucket" not in answer.content):
                return answer
            why = f"{answer.status_code} {_code(answer.content)}"
            if answer.status_code not in _BUSY:
                break
        raise ShelfAway(why)


@dataclass(frozen=True, slots=True)
class _Page:
    """A part of a list: keys with when they were last new, and by what the next part is asked for."""

    found: list[tuple[str, float]]
    token: str


def _page(content: bytes) -> _Page:
    try:
        root = fromstring(content)
        found = [
            (one.findtext("{*}Key") or "", datetime.fromisoformat(one.findtext("{*}LastModified") or "").timestamp())
            for one in root.findall("{*}Contents")
        ]
        return _Page(found, root.findtext("{*}NextContinuationToken") or "")
    except (ParseError, ValueError):
        raise ShelfAway("its list cannot be read") from None


def _code(content: bytes) -> str:
    found = re.search(rb"<Code>(\w{1,60})</Code>", content)
    return found[1].decode() if found else ""
