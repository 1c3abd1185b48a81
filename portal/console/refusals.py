"""Refusals on the way to Prefect: a page for whoever opens one, words for a script that asks."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from engine.refusal import Refusal
from portal.console.entrant import navigates
from portal.frame.errors import STATUS, http_page, left_unfinished, refusal_page
from portal.frame.reader import SignInNeeded, reader
from portal.frame.reception import reception


def install(console: FastAPI) -> None:
    """Have the way through answer refusals so."""
    console.add_exception_handler(Refusal, _refused)
    console.add_exception_handler(HTTPException, _http)
    console.add_exception_handler(ClientDisconnect, left_unfinished)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    if not navigates(request):
        detail = error.message[reader(request).language]
        return JSONResponse({"detail": detail}, STATUS.get(error.code, 400))
    at = reception(request)
    if isinstance(error, SignInNeeded):
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return at.go(f"/login?next={quote(wanted, safe='')}")
    return refusal_page(at, error)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if navigates(request):
        return http_page(request, error)
    return JSONResponse({"detail": error.detail}, error.status_code)
