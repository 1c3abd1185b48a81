"""The brakes of a request: bounds by the caller's network, for whoever is not signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import HTTPConnection

from engine.refusal import Refusal
from huying.access.throttle import TooOften
from huying.issues.record import whose_by_code
from portal.frame.here import portal
from portal.frame.network import network_of

_MEGABYTE = 1_000_000


@contextmanager
def reporting(request: HTTPConnection, *, guest: bool) -> Iterator[None]:
    """What opens an issue within counts as one report of a guest; what is refused counts apart, with a wider bound, so that somebody who
    mends a form can still send it. ``TooOften`` beyond either.
    """
    network = network_of(request) if guest else None
    if network is None:
        yield
        return
    throttle = portal(request).throttle
    throttle.check("report-refused", network)
    try:
        with throttle.counted("report", network):
            yield
    except TooOften:
        raise
    except Refusal:
        throttle.count("report-refused", network)
        raise


def uploading(request: HTTPConnection, size: int) -> None:
    """Count a guest's file, and its ``size`` in bytes; ``TooOften`` beyond the bounds."""
    network = network_of(request)
    if network is not None:
        throttle = portal(request).throttle
        throttle.take("upload", network)
        throttle.take("upload-megabytes", network, -(-size // _MEGABYTE))


def check_uploads(request: HTTPConnection) -> None:
    """``TooOften`` if a guest has sent as many files, or as much, as they may."""
    network = network_of(request)
    if network is not None:
        throttle = portal(request).throttle
        throttle.check("upload", network)
        throttle.check("upload-megabytes", network)


def check_codes(request: HTTPConnection) -> str | None:
    """The network whose wrong codes are counted; ``TooOften`` if there were too many."""
    network = network_of(request)
    if network is not None:
        portal(request).throttle.check("code", network)
    return network


def wrong_code(request: HTTPConnection, network: str | None) -> None:
    """Count a wrong code."""
    if network is not None:
        portal(request).throttle.count("code", network)


def whose_code(request: HTTPConnection, issue_id: int, code: str) -> int | None:
    """Whose code of an issue this is; a wrong one counts, and ``TooOften`` if there were too many."""
    network = check_codes(request)
    person = whose_by_code(portal(request).house, issue_id, code)
    if person is None:
        wrong_code(request, network)
    return person
