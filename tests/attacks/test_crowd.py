"""Many log in at once: pages go on, and whoever finds the queue full hears so at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from huying.errors import Later
from portal.frame import login
from portal.frame.passphrase_queue import Busy, PassphraseQueue
from tests.attacks.conftest import GuardedTown


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
