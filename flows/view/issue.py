"""The projection: one Prefect flow run per issue, moved by the API alone; it is never read for a decision and may be lost at any time."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flows.gateway.api import PrefectApi, PrefectUnknown
from flows.view.card import ISSUE, CardMoment, IssueCard, Standing, flow_name, log_line, markdown, run_name, state, tags
from flows.view.shown import Shown, digest

_LOGGER = "经过 "
_INCIDENT = "受阻"
#: The key of an issue's run, and so the way back from the run to the issue.
KEY = "issue:"
#: What staff answered with a form, by the number of its pause.
ANSWER = "answer-"
_FORM = "form-"
# without keys: the page of all artifacts lists the ledger, and not two for each issue
_CARD, _LINK = "办理卡片与经过 Card and history", "在呼应中打开 Open in the portal"

__all__ = [
    "ANSWER",
    "KEY",
    "CardMoment",
    "IssueCard",
    "LogLine",
    "Standing",
    "issue_deployment",
    "lines",
    "make",
    "show",
    "tell",
    "told",
]


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """One line for a run's log: by which logger, what, and whether it is a warning."""

    run_id: str
    name: str
    text: str
    warning: bool = False


async def show(client: PrefectApi, card: IssueCard, known: Shown | None, *, again: bool = False) -> Shown:
    """Make the issue's run say what the card says; a run that is missing or unknown is made, once. `again`: even if nothing has changed.

    What is new of the timeline is left to `tell`. Errors: PrefectAway, when the server does not answer; showing the same card again later is
    harmless.
    """
    if known is not None:
        try:
            return await _move(client, card, replace(known, state="") if again else known)
        except PrefectUnknown:
            client.forget()
    return await _move(client, card, await make(client, card))


def lines(card: IssueCard, shown: Shown) -> list[LogLine]:
    """What is new: of the timeline, and what went wrong. A log can only be added to: the logger of a line of the timeline bears its place."""
    wrong = [] if shown.wrong == incidents(card) else [f"受阻：{one}" for one in card.incidents]
    return [
        LogLine(run_id=shown.run, name=f"{_LOGGER}{n}", text=log_line(moment))
        for n, moment in enumerate(card.timeline, 1)
        if n > shown.told
    ] + [LogLine(run_id=shown.run, name=_INCIDENT, text=text, warning=True) for text in wrong]


def told(card: IssueCard, shown: Shown) -> Shown:
    """What to remember once `lines` were written."""
    return replace(shown, told=max(shown.told, len(card.timeline)), wrong=incidents(card))


def incidents(card: IssueCard) -> str:
    """A short name of what went wrong; empty when nothing did."""
    return digest(card.incidents) if card.incidents else ""


async def tell(client: PrefectApi, new: Sequence[LogLine], at: datetime | None = None) -> None:
    """Write lines into the logs of their runs, all in one call; a run's page opens with its log."""
    if new:
        await client.add_lines(
            [(one.run_id, one.name, one.text, 30 if one.warning else 20) for one in new], at or _now()
        )


async def issue_deployment(client: PrefectApi, flow: str) -> str:
    """The id of the flow's deployment. It has no schedule and nothing runs it: without one, Prefect's page offers neither Cancel nor Retry."""
    return await client.deployment_id(flow, "事项 issues", "每件事项一条运行记录；新事项请在门户登记。", (ISSUE,))


def _now() -> datetime:
    return datetime.now(UTC)


async def make(client: PrefectApi, card: IssueCard) -> Shown:
    """A run in the state that the card says, with nothing in it yet; one that is there already is taken over, with what it shows.

    Errors: PrefectAway, PrefectRefused; PrefectUnknown when the run was deleted meanwhile.
    """
    for _ in range(2):
        body = {
            "flow_id": await client.flow_id(flow_name(card)),
            "deployment_id": await issue_deployment(client, flow_name(card)),
            "name": run_name(card),
            "idempotency_key": f"{KEY}{card.number}",
            "state": _first(card),
            "tags": list(tags(card)),
        }
        run, new = await client.create("/flow_runs/", body)
        if new:
            paused = state(card)["type"] == "PAUSED"
            return Shown(run=run["id"], marks=_marks(card), state="" if paused else _said(card))
        if run["deployment_id"] is not None:
            return await _taken_over(client, run)
        # one of an earlier version of this program: nobody could cancel or retry it on its page
        await client.call("DELETE", f"/flow_runs/{run['id']}")
    raise PrefectUnknown(card.number)


async def _taken_over(client: PrefectApi, run: dict[str, Any]) -> Shown:
    there = await client.artifacts(UUID(run["id"]))
    last = max((int(n) for n in await client.log_names(UUID(run["id"]), _LOGGER) if n.isdecimal()), default=0)
    # whatever was answered to a form before is answered: the pauses to come get other numbers
    pause = int(_now().timestamp())
    return Shown(run=run["id"], card=there.get(_CARD, ""), link=there.get(_LINK, ""), told=last, pause=pause)


async def _move(client: PrefectApi, card: IssueCard, now: Shown) -> Shown:
    """Change what differs: a move that changes nothing would still be a write, and one more line in the run's history."""
    if now.marks != (marks := _marks(card)):
        await client.call("PATCH", f"/flow_runs/{now.run}", {"name": run_name(card), "tags": list(tags(card))})
        now = replace(now, marks=marks)
    if now.state != (said := _said(card)):
        now = await _with_form(client, card, replace(now, pause=now.pause + 1))
        await client.set_flow_run_state(now.run_id, _state(card, now.pause))
        now = replace(now, state=said)
    return await _with_artifacts(client, card, now)


async def _with_form(client: PrefectApi, card: IssueCard, now: Shown) -> Shown:
    """Leave the form where Prefect's page looks for it, unless it is there."""
    if card.form is None or now.form == (form := digest(card.form)):
        return now
    body = {"key": f"{_FORM}{form}", "value": json.dumps(card.form, ensure_ascii=False)}
    await client.put_input(now.run, body)
    return replace(now, form=form)


async def _with_artifacts(client: PrefectApi, card: IssueCard, now: Shown) -> Shown:
    if now.text != (text := digest(markdown(card))):
        now = replace(now, card=await _card(client, card, now), text=text)
    if card.portal_url and not now.link:
        link = f"[在呼应中打开 {card.number}]({card.portal_url})"
        now = replace(now, link=await client.create_artifact(now.run_id, None, "markdown", link, _LINK))
    return now


async def _card(client: PrefectApi, card: IssueCard, now: Shown) -> str:
    if now.card:
        try:
            await client.rewrite_artifact(now.card, markdown(card))
            return now.card
        except PrefectUnknown:
            # somebody deleted it, or the run with it: what follows tells
            pass
    return await client.create_artifact(now.run_id, None, "markdown", markdown(card), _CARD)


def _first(card: IssueCard) -> dict[str, Any]:
    """The state in which a run is made. One that is to stand paused runs first: else its page would call it scheduled, not begun."""
    said = state(card)
    return said if said["type"] != "PAUSED" else {"type": "RUNNING", "name": said["name"]}


def _marks(card: IssueCard) -> str:
    return digest(run_name(card), tags(card))


def _said(card: IssueCard) -> str:
    return digest(state(card), digest(card.form) if card.form is not None else "")


def _state(card: IssueCard, pause: int) -> dict[str, Any]:
    """The state as Prefect is told it. A pause without rescheduling is the only one that its page resumes by setting a state and no more."""
    said = state(card)
    if said["type"] != "PAUSED":
        return said
    details: dict[str, Any] = {"pause_reschedule": False}
    if card.form is not None:
        details["run_input_keyset"] = {"schema": f"{_FORM}{digest(card.form)}", "response": f"{ANSWER}{pause}"}
    return {**said, "state_details": details}
