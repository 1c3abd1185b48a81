"""Many log in at once: pages go on, and whoever finds the queue full hears so at once."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable

import pyotp
import pytest
from pwdlib import PasswordHash

from huying.access import passphrase
from huying.access.credential_links import make_credential_link
from huying.errors import Later
from portal.frame import login
from portal.frame.passphrase_queue import Busy, PassphraseQueue
from tests.attacks.conftest import GuardedTown
from tests.huying.town import PASSPHRASE


class Gate:
    """Work that is done when somebody opens."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self.begun: list[str] = []

    def work(self) -> str:
        self.begun.append(threading.current_thread().name)
        self._open.wait(30)
        return "done"

    def open(self) -> None:
        self._open.set()


async def _crowd(gate: Gate, queue: PassphraseQueue, size: int) -> tuple[list[Busy], list[str]]:
    running = [asyncio.create_task(queue.run(gate.work)) for _ in range(size)]
    while sum(task.done() for task in running) < size - 10:
        await asyncio.sleep(0)
    refused = [task.exception() for task in running if task.done()]
    gate.open()
    kept = [task for task in running if not task.done()]
    return [one for one in refused if isinstance(one, Busy)], list(await asyncio.gather(*kept))


def test_two_are_checked_eight_wait_and_the_next_is_refused_before_a_thread_is_taken() -> None:
    gate, queue = Gate(), PassphraseQueue()
    refused, done = asyncio.run(_crowd(gate, queue, 50))
    assert len(refused) == 40
    assert done == ["done"] * 10
    assert {name.split("_")[0] for name in gate.begun} == {"passphrase"}
    assert len(set(gate.begun)) <= 2


def test_places_are_free_again_afterwards_whatever_became_of_the_check() -> None:
    queue = PassphraseQueue()

    def fails() -> None:
        raise ValueError("no")

    async def run() -> str:
        for _ in range(20):
            with pytest.raises(ValueError, match="no"):
                await queue.run(fails)
        return await queue.run(lambda: "in")

    assert asyncio.run(run()) == "in"


@pytest.mark.parametrize("way", ["guess", "guess_by_api"])
def test_page_and_api_say_busy_with_the_seconds(town: GuardedTown, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    async def full(_check: Callable[[], str]) -> str:
        raise Busy

    monkeypatch.setattr(town.app.state.portal.passphrases, "run", full)
    answer = getattr(town.stranger(), way)("clerk", "correct horse")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
    assert "登录的人太多" in answer.text
    assert issubclass(Busy, Later)
    assert login.DEVICE not in answer.cookies


GOOD = "three hens refuse to lay"


def test_wherever_a_passphrase_is_hashed_or_checked_no_thread_of_pages_waits(
    town: GuardedTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log-in, a link of invitation or reset, and one's own account, page and API."""
    threads: list[str] = []
    hasher = passphrase.hasher

    def noting() -> PasswordHash:
        threads.append(threading.current_thread().name.split("_")[0])
        return hasher()

    monkeypatch.setattr(passphrase, "hasher", noting)
    with town.house.database.writing() as connection:
        made = make_credential_link(connection, town.people["deputy"], "reset", "slip", by=None, now=town.clock())
    deputy, page, own = town.stranger(), f"/account/set/{made.token}", "/account/authenticator"
    done: list[tuple[str, int]] = []

    def sent(address: str, action: str, values: dict[str, str], form: str = "") -> None:
        before = len(threads)
        deputy.http.post(action, data={**deputy.hidden(address, form or action), **values})
        done.append((action, len(threads) - before))

    sent(page, page, {"passphrase": GOOD, "again": GOOD})
    secret = re.findall(r'name="secret" value="(\w+)"', deputy.see(own))[0]
    code = pyotp.TOTP(secret).at(town.clock())
    sent(own, own, {"secret": secret, "code": code, "present": GOOD})
    for word in ("recovery", "off"):
        sent("/account", f"{own}/{word}", {"present": GOOD}, f"{own}/recovery")
    sent("/account", "/account/passphrase", {"present": GOOD, "passphrase": GOOD + "!", "again": GOOD + "!"})
    town.stranger().guess("deputy", GOOD + "!")
    deputy.http.post("/api/v1/sessions", json={"login": "deputy", "passphrase": GOOD + "!"})
    assert all(hashed for _, hashed in done), done
    assert len(threads) >= 8
    assert set(threads) == {"passphrase"}


def test_whoever_sits_at_a_screen_that_was_left_open_cannot_try_passphrases_for_long(town: GuardedTown) -> None:
    thief = town.stranger()
    thief.guess("deputy", PASSPHRASE)
    hidden = thief.hidden("/account", "/account/passphrase")
    wrong = {**hidden, "present": "wrong", "passphrase": GOOD, "again": GOOD}
    answers = [thief.http.post("/account/passphrase", data=wrong).status_code for _ in range(12)]
    assert answers == [422] * 10 + [429] * 2
    own = "/account/authenticator"
    refused = thief.http.post(f"{own}/recovery", data={**hidden, "present": PASSPHRASE})
    assert refused.status_code == 429, "all that asks for the passphrase counts together"
    assert town.stranger().guess("deputy", PASSPHRASE).status_code == 303, "its owner logs in all the same"
    town.clock.move(seconds=7200)
    right = {**hidden, "present": PASSPHRASE, "passphrase": GOOD, "again": GOOD}
    assert thief.http.post("/account/passphrase", data=right).url.params["done"] == "passphrase"
