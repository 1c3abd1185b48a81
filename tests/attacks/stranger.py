"""Somebody who tries to get in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from httpx import Response

from tests.portal.visitor import Visitor


class Stranger(Visitor):
    """A browser at an address, or a program, that keeps what it is told."""

    def __init__(self, app: FastAPI, address: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(app, address=address)
        self.http.headers.update(headers or {})

    def guess(self, login: str, passphrase: str) -> Response:
        """Try a passphrase on the page of the log-in."""
        data = {**self.hidden("/login", "/login"), "login": login, "passphrase": passphrase}
        return self._post("/login", data=data)

    def guess_by_api(self, login: str, passphrase: str) -> Response:
        """Try a passphrase by the API."""
        return self._post("/api/v1/sessions", json={"login": login, "passphrase": passphrase})

    def guess_code(self, number: str, code: str) -> Response:
        """Try a code on the page where issues are followed."""
        return self._post("/follow", data={**self.hidden("/follow", "/follow"), "number": number, "code": code})

    def _post(self, path: str, **sent: Any) -> Response:
        answer: Response = self.http.post(path, follow_redirects=False, **sent)
        return answer
