"""Work under load: one run for the effects of many issues, a task for each portion of them, each portion in few transactions.

What fails is named in its portion's log and is tried again later: mostly when it is quiet again, in a run and a task of its own.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.exceptions import Abort, Pause
from prefect.states import Completed, Failed

from flows.gateway.api import PrefectApi, PrefectAway
from flows.ports import PerformMany, ShownEffect
from flows.runs.pace import Pace
from flows.runs.work import (
    ENGINE_ERRORS,
    WORK,
    Began,
    WorkLedger,
    ending,
    engage,
    fresh_run,
    log,
    patiently,
    tell_ending,
    went_without,
)

# a task costs as much as some five effects: among so many it does not show, and a portion is still soon done
PORTION = 50


@task(name="effects 批量", task_run_name="{words}", cache_policy=NO_CACHE)
async def carry_portion(
    words: str, effects: Sequence[ShownEffect], perform: PerformMany, ledger: WorkLedger
) -> State[Any]:
    """Carry out a portion on a thread, and say what was done and what was not."""
    failures = await _carry(effects, perform, ledger)
    run_log = get_run_logger()
    done = "\n".join(f"{effect.number} {effect.words}" for effect in effects if effect.id not in failures)
    if done:
        run_log.info("已办：\n%s", done)
    for effect in effects:
        if effect.id in failures:
            run_log.warning("未办成：%s %s：%s", effect.number, effect.words, failures[effect.id])
    if failures:
        return Failed(name="部分未办成", message=f"{len(failures)} 项未办成，稍后重试")
    return Completed(name="已办", message=f"{len(effects)} 项")


@flow(name=WORK, validate_parameters=False)
async def work_many(effects: Sequence[ShownEffect], perform: PerformMany, ledger: WorkLedger, pace: Pace) -> State[Any]:
    """One task per portion, in order."""
    for portion in portions(ledger.left(effects)):
        begun = time.monotonic()
        # Prefect's types say that a state is given at once; of an async task it is awaited
        await carry_portion(_words(portion), portion, perform, ledger, return_state=True)  # type: ignore[misc]
        pace.carried(len(portion), time.monotonic() - begun)
    return ending(ledger)


async def carry_out_batch(
    api: PrefectApi, effects: Sequence[ShownEffect], perform: PerformMany, pace: Pace
) -> WorkLedger:
    """Carry out the effects of many issues in one run; never raises but for cancellation."""
    ledger, began = WorkLedger(), Began()
    name = f"work 批量办理 {_words(effects)}"
    try:
        began.run = await fresh_run(api, name, f"batch:{uuid4()}", ("办理", "批量"))
        given = {"effects": effects, "perform": perform, "ledger": ledger, "pace": pace}
        began.state = await patiently(engage(work_many, began.run, given), ledger)
    except (Abort, Pause) as signal:
        log.info("%s 在 Prefect 中被中止：%s", name, signal)
        ledger.seen, began.left = False, True
    except ENGINE_ERRORS as error:
        went_without(name, error)
        ledger.seen, began.left = False, isinstance(error, PrefectAway)
    await carry_out_without(effects, perform, ledger)
    await tell_ending(api, began, ledger)
    return ledger


async def carry_out_without(
    effects: Sequence[ShownEffect], perform: PerformMany, ledger: WorkLedger | None = None
) -> WorkLedger:
    """Carry out what the ledger does not know of, without any run."""
    ledger = ledger or WorkLedger(seen=False)
    for portion in portions(ledger.left(effects)):
        await _carry(portion, perform, ledger)
    return ledger


def portions(effects: Sequence[ShownEffect]) -> Iterator[Sequence[ShownEffect]]:
    """The effects, so many at a time."""
    for begin in range(0, len(effects), PORTION):
        yield effects[begin : begin + PORTION]


async def _carry(effects: Sequence[ShownEffect], perform: PerformMany, ledger: WorkLedger) -> Mapping[int, str]:
    try:
        failures = await asyncio.to_thread(perform, effects)
    # no flow code here: a port of the house, whose every failure is to be noted and tried again later
    except Exception as error:
        failures = {effect.id: f"{type(error).__name__}: {error}" for effect in effects}
    ledger.failed |= failures
    ledger.done |= {effect.id for effect in effects} - failures.keys()
    return failures


def _words(effects: Sequence[ShownEffect]) -> str:
    numbers = list(dict.fromkeys(effect.number for effect in effects))
    return (
        f"{numbers[0]} 等 {len(numbers)} 件 {len(effects)} 项"
        if len(numbers) > 1
        else f"{numbers[0]} {len(effects)} 项"
    )
