"""What is counted in the rail of staff and in the menus of all others: of each way the rows to which it leads, by the words of its own address."""

from __future__ import annotations

from datetime import datetime

from definitions.text import Said
from huying.access.viewer import Look, Viewer
from huying.house.house import House
from huying.inbound.view import tray_count
from huying.issues.views.filter import Filter
from huying.issues.views.tasks import number_of_tasks
from huying.workbench.counts import counts
from huying.workbench.query import read_query
from huying.workbench.saved_views import SavedView, saved_views_of
from portal.frame.places import Signpost, Tallies, rail_of

_LIST = "/issues?"


def tally(house: House, person: Viewer, now: datetime) -> Tallies:
    """What this person's rail counts, and the lists that they keep at hand."""
    me = person.participant_id
    if not person.staff:
        return Tallies({"mine": number_of_tasks(house, person.actor, me)} if person.kind != "citizen" else {})
    views = saved_views_of(house, me)
    lists = {way.count: _filter(way) for group in rail_of(house, person, now) for way in group.places if way.count}
    known = {name: wanted for name, wanted in lists.items() if wanted is not None}
    kept = {_name(view): read_query(view.query) for view in views}
    # a search is not made anew on every page: it takes its time, and is written down
    of_views = {name: wanted for name, wanted in kept.items() if not wanted.words}
    found = counts(house, known | of_views, person, Look(me, person.language, now))
    if person.may("keep tray", now):
        found = {**found, "tray": tray_count(house, person)}
    return Tallies(found, tuple(_way(view) for view in views))


def _filter(way: Signpost) -> Filter | None:
    """The list to which a way leads, if it leads to one."""
    return read_query(way.address.removeprefix(_LIST)) if way.address.startswith(_LIST) else None


def _name(view: SavedView) -> str:
    return f"view-{view.id}"


def _way(view: SavedView) -> Signpost:
    """A list under the name that somebody gave it, in whatever language."""
    return Signpost(f"{_LIST}{view.query}", Said(view.title, view.title), "bookmark", count=_name(view))
