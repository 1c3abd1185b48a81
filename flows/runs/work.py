"""Work runs: effects carried out as tasks of a flow run, so that staff see each of them, its log and its failure.

Whatever Prefect does, every effect given here is tried: what a run did not get to is carried out without it.
"""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import FlowRun, State
from prefect.exceptions import Abort, Pause, PrefectException
from prefect.flow_engine import run_flow
from prefect.flows import Flow
from prefect.states import Completed, Failed

from flows.gateway.api import PrefectApi, PrefectAway, PrefectError
from flows.ports import Perform, ShownEffect

log = logging.getLogger("huying.flows")

WORK = "work 办理"
# what the engine puts before an exception's name; staff read the reason by itself
_PREFIX = "Task run encountered an exception "

# what the engine raises when the server is gone, confused, or staff ended the run from its page
ENGINE_ERRORS = (PrefectError, httpx.HTTPError, PrefectException, OSError, RuntimeError)

# a run that gets nothing done for so many seconds is left behind; well below the effects' lease
PATIENCE = 8.0
_left_behind: set["asyncio.Task[Any]"] = set()
Ended = TypeVar("Ended")


@dataclass
class WorkLedger:
    """What has become of the effects of one work run so far."""

    done: set[int] = field(default_factory=set)
    failed: dict[int, str] = field(default_factory=dict)
    seen: bool = True

    def tried(self) -> int:
        """How many effects were tried."""
        return len(self.done) + len(self.failed)

    def left(self, effects: Sequence[ShownEffect]) -> list[ShownEffect]:
        """The effects that nobody has tried."""
        return [effect for effect in effects if effect.id not in self.done and effect.id not in self.failed]


@task(name="effect 事项", task_run_name="{words}", retries=2, retry_delay_seconds=[1, 3], cache_policy=NO_CACHE)
async def carry(words: str, effect: ShownEffect, perform: Perform) -> None:
    """Carry out one effect on a thread."""
    get_run_logger().info("%s %s", effect.number, effect.words)
    await asyncio.to_thread(perform, effect)


@flow(name=WORK, validate_parameters=False)
async def work(effects: Sequence[ShownEffect], perform: Perform, ledger: WorkLedger) -> State[Any]:
    """One task per effect, in order."""
    for effect in effects:
        if effect.id in ledger.done:
            continue
        # Prefect's types say that a state is given at once; of an async task it is awaited
        state: State[Any] = await carry(effect.words, effect, perform, return_state=True)  # type: ignore[misc]
        if state.is_completed():
            ledger.done.add(effect.id)
        else:
            ledger.failed[effect.id] = (state.message or "失败").removeprefix(_PREFIX)
    return ending(ledger)


def ending(ledger: WorkLedger) -> State[Any]:
    """The state in which a run with that ledger ends."""
    if ledger.failed:
        return Failed(
            name="未办成", message=f"{len(ledger.failed)} 项未办成，稍后重试：{next(iter(ledger.failed.values()))}"
        )
    return Completed(name="已办", message=f"{len(ledger.done)} 项")


@dataclass(frozen=True)
class WorkRun:
    """A run of work that is to be made: what it is called, what makes it once however often it is asked for, and its tags."""

    name: str
    key: str
    tags: tuple[str, ...]


async def carry_out(
    api: PrefectApi, issue_run_id: UUID, as_run: WorkRun, effects: Sequence[ShownEffect], perform: Perform
) -> WorkLedger:
    """Carry out the effects of one step of an issue in a run under the issue's run; never raises but for cancellation.

    `seen` of the answer is false when some of it had to be done without Prefect.
    """
    ledger, began = WorkLedger(), Began()
    try:
        began.parent = await api.create_task_run(issue_run_id, as_run.key, as_run.name)
        began.run = await fresh_run(api, as_run.name, as_run.key, as_run.tags, began.parent)
        given = {"effects": effects, "perform": perform, "ledger": ledger}
        began.state = await patiently(engage(work, began.run, given), ledger)
    except (Abort, Pause) as signal:
        log.info("办理 %s 在 Prefect 中被中止：%s", as_run.name, signal)
        ledger.seen, began.left = False, True
    except ENGINE_ERRORS as error:
        went_without(as_run.name, error)
        ledger.seen, began.left = False, isinstance(error, PrefectAway)
    await carry_out_directly(effects, perform, ledger)
    await tell_ending(api, began, ledger)
    return ledger


@dataclass
class Began:
    """What has come of a run of work so far: it, the task run over it, the state in which the engine ended it, and whether it is left as it is."""

    run: dict[str, Any] | None = None
    parent: str | None = None
    state: State[Any] | None = None
    left: bool = False


async def tell_ending(api: PrefectApi, began: Began, ledger: WorkLedger) -> None:
    """Have a run end as its work did, also where the engine gave up because the server did not answer it once; never raises but for cancellation.

    What staff ended stays ended, and a run that was left behind ends by itself.
    """
    if began.run is None or began.left:
        return
    ended = ending(ledger)
    try:
        if began.state is None or began.state.type != ended.type:
            told = {"type": ended.type.value, "name": ended.name, "message": ended.message}
            await api.set_flow_run_state(UUID(began.run["id"]), told)
        if began.parent is not None:
            await api.set_task_run_state(began.parent, mirror(ledger, began.run["id"]))
    except PrefectError as error:
        ledger.seen = False
        went_without(began.run["name"], error)


async def carry_out_directly(
    effects: Sequence[ShownEffect], perform: Perform, ledger: WorkLedger | None = None
) -> WorkLedger:
    """Carry out what the ledger does not know of, without any run."""
    ledger = ledger or WorkLedger(seen=False)
    for effect in ledger.left(effects):
        try:
            await asyncio.to_thread(perform, effect)
            ledger.done.add(effect.id)
        # no flow code here: a port of the house, whose every failure is to be noted and tried again later
        except Exception as error:
            ledger.failed[effect.id] = f"{type(error).__name__}: {error}"
    return ledger


async def patiently(run: Coroutine[Any, Any, Ended], ledger: WorkLedger) -> Ended:
    """What a run gives, waited for while it gets on; one that stalls is left behind, for the server it waits for may be dead.

    Errors: PrefectAway when it was left, and those of the run.
    """
    ahead = asyncio.create_task(run)
    tried = -1
    while not ahead.done():
        await asyncio.wait({ahead}, timeout=PATIENCE)
        if not ahead.done() and ledger.tried() == tried:
            _left_behind.add(ahead)
            ahead.add_done_callback(_forget)
            raise PrefectAway("stalled")
        tried = ledger.tried()
    return await ahead


def _forget(run: "asyncio.Task[Any]") -> None:
    _left_behind.discard(run)
    if not run.cancelled() and run.exception() is not None:
        log.info("迟到的运行结束：%s", type(run.exception()).__name__)


async def engage(run_of: Flow[..., Any], run: dict[str, Any], parameters: dict[str, Any]) -> State[Any]:
    """Run a flow in this process as that flow run, and give its last state."""
    state = await run_flow(run_of, FlowRun.model_validate(run), parameters, return_type="state")  # type: ignore[misc]
    return state  # type: ignore[no-any-return]


def pending() -> dict[str, Any]:
    """The state in which a run is made."""
    return {"type": "PENDING", "name": "Pending"}


async def fresh_run(
    api: PrefectApi, name: str, key: str, tags: tuple[str, ...], parent: str | None = None
) -> dict[str, Any]:
    """A run of work that has not begun yet. Errors: PrefectError."""
    run = await api.create_run(WORK, name, key, pending(), tags, parent)
    if run["state"]["type"] != "PENDING":
        # an earlier try of the same work got this far and ended: its run tells its own story, this one is another
        run = await api.create_run(WORK, name, f"{key}:{uuid4()}", pending(), tags, parent)
    return run


def mirror(ledger: WorkLedger, run_id: str) -> dict[str, Any]:
    """The state of the task run under which a run with that ledger stands."""
    details = {"child_flow_run_id": run_id}
    if ledger.failed:
        return {"type": "FAILED", "name": "未办成", "state_details": details}
    return {"type": "COMPLETED", "name": "已办", "state_details": details}


def went_without(name: str, error: BaseException) -> None:
    """Say that something was carried out without Prefect, or some of it."""
    level = logging.INFO if isinstance(error, PrefectAway | httpx.TransportError) else logging.WARNING
    log.log(level, "%s：Prefect 没有配合（%s），余下的直接办理", name, type(error).__name__)
