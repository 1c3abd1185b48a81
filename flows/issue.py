"""The projection: one Prefect flow run per issue, moved by the API alone; it is never read for a decision and may be lost at any time."""

from uuid import UUID

from flows.api import PrefectApi, PrefectUnknown
from flows.card import IssueCard, Moment, Standing, artifact_key, flow_name, markdown, run_name, state, tags

__all__ = ["IssueCard", "Moment", "Standing", "show"]


async def show(client: PrefectApi, card: IssueCard, run_id: UUID | None) -> UUID:
    """Make the issue's run say what the card says, and give its id; a run that is missing or unknown is made, once.

    Errors: PrefectAway, when the server does not answer; showing the same card again later is harmless.
    """
    if run_id is not None:
        try:
            return await _move(client, card, run_id)
        except PrefectUnknown:
            client.forget()
    run = await client.create_run(flow_name(card), run_name(card), f"issue:{card.number}", state(card), tags(card))
    return await _move(client, card, UUID(run["id"]))


async def _move(client: PrefectApi, card: IssueCard, run_id: UUID) -> UUID:
    await client.call("PATCH", f"/flow_runs/{run_id}", {"name": run_name(card), "tags": list(tags(card))})
    now = await client.call("GET", f"/flow_runs/{run_id}")
    wanted = state(card)
    shown = now.get("state") or {}
    # a move that changes nothing would still be one more line in the run's history
    if (shown.get("type"), shown.get("name")) != (wanted["type"], wanted["name"]):
        await client.set_flow_run_state(run_id, wanted)
    await client.put_artifact(run_id, artifact_key(card.number, "card"), "markdown", markdown(card), "办理卡片与经过")
    if card.portal_url:
        link = f"[{card.number} {card.portal_url}]({card.portal_url})"
        await client.put_artifact(run_id, artifact_key(card.number, "link"), "markdown", link, "在呼应中打开")
    return run_id
