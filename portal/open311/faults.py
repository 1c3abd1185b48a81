"""Refusals as the standard writes them: 403 for the key, 404 for what is not there, 400 for everything else that the caller can mend."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from definitions.text import words
from engine.refusal import Invalid, Refusal
from portal.api.caller import language
from portal.frame.errors import STATUS, left_unfinished, title, waiting
from portal.frame.reader import SignInNeeded
from portal.frame.watch import route_of
from portal.open311.answer import Format, answer

_log = logging.getLogger("huying.portal")
#: What the standard has a number for, and what says that somebody may try again; the rest is 400.
_KEPT = frozenset({403, 404, 413, 429, 503})
_NO_KEY = {"zh": "没有 api_key，或已失效。", "en": "api_key was not provided, or is not valid"}


class NoKey(Refusal):
    """Nobody's key came with what needs one."""

    code = "not-allowed"

    def __init__(self) -> None:
        super().__init__(_NO_KEY["zh"], _NO_KEY["en"])


def install(app: FastAPI) -> None:
    """Have the application answer refusals and faults so."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(ClientDisconnect, left_unfinished)
    app.add_exception_handler(Exception, _fault)


def _errors(request: Request, status: int, *told: str) -> Response:
    form = Format.XML if request.url.path.endswith(".xml") else Format.JSON
    return answer(form, "errors", [{"code": status, "description": one} for one in told], status)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    speaking = language(request)
    if isinstance(error, SignInNeeded):
        return _errors(request, 403, words(_NO_KEY, speaking))
    status = STATUS.get(error.code, 400)
    if isinstance(error, Invalid):
        told = [f"{name}: {words(message, speaking)}" for name, message in error.errors.items()]
        return _errors(request, 400, *told)
    found = _errors(request, status if status in _KEPT else 400, words(error.message, speaking))
    found.headers.update(waiting(error))
    return found


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _errors(request, error.status_code, title(error.status_code, language(request)))


def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if any(one["loc"][0] == "path" for one in error.errors()):
        return _errors(request, 404, title(404, language(request)))
    return _errors(request, 400, *(f"{one['loc'][-1]}: {one['msg']}" for one in error.errors()))


def _fault(request: Request, error: Exception) -> Response:
    _log.error("unexpected fault at %s", route_of(request.scope), exc_info=error)
    return _errors(request, 500, title(500, language(request)))
