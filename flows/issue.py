"""The projection: one Prefect flow run per issue, moved by the API alone; it is never read for a decision and may be lost at any time."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flows.api import PrefectApi, PrefectUnknown
from flows.card import IssueCard, Moment, Standing, artifact_key, flow_name, log_line, markdown, run_name, state, tags

_LOGGER = "经过 "

__all__ = ["IssueCard", "Moment", "Standing", "show"]


async def show(client: PrefectApi, card: IssueCard, run_id: UUID | None) -> UUID:
    """Make the issue's run say what the card says, and give its id; a run that is missing or unknown is made, once.

    Errors: PrefectAway, when the server does not answer; showing the same card again later is harmless.
    """
    if run_id is not None:
        try:
            now = await client.call("GET", f"/flow_runs/{run_id}")
            return await _move(client, card, now)
        except PrefectUnknown:
            client.forget()
    now = await client.create_run(flow_name(card), run_name(card), f"issue:{card.number}", state(card), tags(card))
    return await _move(client, card, now)


async def _move(client: PrefectApi, card: IssueCard, now: dict[str, Any]) -> UUID:
    """Change what differs: a move that changes nothing would still be a write, and one more line in the run's history."""
    run_id = UUID(now["id"])
    if now["name"] != run_name(card) or set(now["tags"]) != set(tags(card)):
        await client.call("PATCH", f"/flow_runs/{run_id}", {"name": run_name(card), "tags": list(tags(card))})
    wanted, shown = state(card), now.get("state") or {}
    if (shown.get("type"), shown.get("name")) != (wanted["type"], wanted["name"]):
        await client.set_flow_run_state(run_id, wanted)
    await _show_artifacts(client, card, run_id)
    await _tell(client, card, run_id)
    return run_id


async def _tell(client: PrefectApi, card: IssueCard, run_id: UUID) -> None:
    """Write what is new of the timeline into the run's log, which is what its page opens with.

    A log can only be added to: each line's logger bears its place in the timeline, so that the last one tells where to go on.
    """
    if not card.timeline:
        return
    told = (await client.last_log_name(run_id)).removeprefix(_LOGGER)
    begin = int(told) if told.isdecimal() else 0
    lines = [(f"{_LOGGER}{n}", log_line(moment)) for n, moment in enumerate(card.timeline, 1) if n > begin]
    if lines:
        await client.add_logs(run_id, lines, datetime.now(UTC))


async def _show_artifacts(client: PrefectApi, card: IssueCard, run_id: UUID) -> None:
    there = await client.artifacts(run_id)
    card_key, link_key = artifact_key(card.number, "card"), artifact_key(card.number, "link")
    if card_key in there:
        await client.rewrite_artifact(there[card_key], markdown(card))
    else:
        await client.create_artifact(run_id, card_key, "markdown", markdown(card), "办理卡片与经过")
    if card.portal_url and link_key not in there:
        link = f"[在呼应中打开 {card.number}]({card.portal_url})"
        await client.create_artifact(run_id, link_key, "markdown", link, "在呼应中打开")
