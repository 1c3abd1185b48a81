"""A stand-in for an S3-compatible store, by the published interface: it checks each signature (SigV4) and digest by itself."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, urlsplit

ID, SECRET, REGION = "huying-test", "geheim/+secret", "cn-xiamen"


@dataclass
class Shop:
    """What lies in the bucket ``office``, with when it was last new; ``busy`` answers are refused first. ``page``: so many keys a list."""

    objects: dict[str, tuple[bytes, float]] = field(default_factory=dict)
    moment: float = 1_796_000_000.0
    busy: int = 0
    page: int = 1000
    asked: list[str] = field(default_factory=list)


class _Desk(BaseHTTPRequestHandler):
    shop: Shop
    protocol_version = "HTTP/1.1"

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.shop.asked.append(f"{self.command} {self.path}")
        if self.shop.busy:
            self.shop.busy -= 1
            return self._say(503, _error("SlowDown"))
        wrong = self._wrong(body)
        if wrong:
            return self._say(403, _error(wrong))
        parts = urlsplit(self.path)
        bucket, _, key = parts.path.lstrip("/").partition("/")
        if bucket != "office":
            return self._say(404, _error("NoSuchBucket"))
        if not key:
            return self._say(200, self._list(dict(parse_qsl(parts.query))) if self.command == "GET" else b"")
        return self._object(key, body)

    do_GET = do_PUT = do_HEAD = do_DELETE = _handle

    def _object(self, key: str, body: bytes) -> None:
        objects, copied = self.shop.objects, self.headers.get("x-amz-copy-source")
        if self.command == "DELETE":
            objects.pop(key, None)
            return self._say(204, b"")
        if self.command == "PUT" and copied is None:
            objects[key] = (body, self.shop.moment)
            return self._say(200, b"")
        if key not in objects:
            return self._say(404, _error("NoSuchKey"))
        content, since = objects[key]
        if self.command == "PUT":
            objects[key] = (content, self.shop.moment)
            return self._say(200, b"<CopyObjectResult/>")
        if self.headers.get("Range"):
            first, last = self.headers["Range"].removeprefix("bytes=").split("-")
            return self._say(206, content[int(first) : int(last) + 1], since)
        return self._say(200, content, since)

    def _list(self, query: dict[str, str]) -> bytes:
        keys = sorted(key for key in self.shop.objects if key.startswith(query.get("prefix", "")))
        start = int(query.get("continuation-token", "0/+=").partition("/")[0])
        some = keys[start : start + self.shop.page]
        rows = "".join(
            f"<Contents><Key>{key}</Key><LastModified>{datetime.fromtimestamp(self.shop.objects[key][1], UTC):%Y-%m-%dT%H:%M:%S.000Z}"
            "</LastModified></Contents>"
            for key in some
        )
        following = start + len(some)
        more = f"<NextContinuationToken>{following}/+=</NextContinuationToken>" if following < len(keys) else ""
        return f'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{rows}{more}</ListBucketResult>'.encode()

    def _wrong(self, body: bytes) -> str:
        """What is wrong with the signature; nothing if it is right."""
        said = self.headers.get("Authorization", "")
        parts = dict(one.split("=", 1) for one in said.removeprefix("AWS4-HMAC-SHA256 ").split(",") if "=" in one)
        who, _, scope = parts.get("Credential", "").partition("/")
        if who != ID:
            return "InvalidAccessKeyId"
        if self.headers.get("x-amz-content-sha256") != hashlib.sha256(body).hexdigest():
            return "XAmzContentSHA256Mismatch"
        names = parts["SignedHeaders"].split(";")
        if not {"host", "x-amz-date", "x-amz-content-sha256"} <= set(names):
            return "AccessDenied"
        path, _, query = self.path.partition("?")
        asked = "&".join(
            sorted(f"{quote(k, '-_.~')}={quote(v, '-_.~')}" for k, v in parse_qsl(query, keep_blank_values=True))
        )
        lines = "".join(f"{name}:{self.headers[name]}\n" for name in names)
        canonical = "\n".join([self.command, path, asked, lines, ";".join(names), hashlib.sha256(body).hexdigest()])
        text = (
            f"AWS4-HMAC-SHA256\n{self.headers['x-amz-date']}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        )
        key = b"AWS4" + SECRET.encode()
        for part in (self.headers["x-amz-date"][:8], REGION, "s3", "aws4_request"):
            key = hmac.new(key, part.encode(), "sha256").digest()
        right = hmac.new(key, text.encode(), "sha256").hexdigest()
        return "" if parts["Signature"] == right else "SignatureDoesNotMatch"

    def _say(self, status: int, body: bytes, since: float | None = None) -> None:
        self.send_response_only(status)
        self.send_header("Date", formatdate(self.shop.moment, usegmt=True))
        if since is not None:
            self.send_header("Last-Modified", formatdate(since, usegmt=True))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Nothing."""


def _error(code: str) -> bytes:
    return f"<Error><Code>{code}</Code></Error>".encode()


@contextmanager
def opened(shop: Shop) -> Iterator[str]:
    """Its address with the bucket."""
    desk = type("Desk", (_Desk,), {"shop": shop})
    server = ThreadingHTTPServer(("127.0.0.1", 0), desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/office/files"
    server.shutdown()
    server.server_close()
