"""The tables as Core sees them, one name each; statements are built on these."""

from __future__ import annotations

from models import metadata

_t = metadata.tables

absences = _t["absence"]
action_links = _t["action_link"]
addresses = _t["address"]
areas = _t["area"]
assignments = _t["assignment"]
calendar_feeds = _t["calendar_feed"]
calendar_versions = _t["calendar_version"]
candidates = _t["candidate"]
codes = _t["code"]
connections = _t["connection"]
dated_duties = _t["dated_duty"]
definition_overrides = _t["definition_override"]
definition_versions = _t["definition_version"]
deliveries = _t["delivery"]
duties = _t["duty"]
file_entries = _t["file_entry"]
form_drafts = _t["form_draft"]
heartbeats = _t["heartbeat"]
history = _t["history"]
involvements = _t["involvement"]
issue_links = _t["issue_link"]
issue_numbers = _t["issue_number"]
issues = _t["issue"]
memberships = _t["membership"]
organisation_codes = _t["organisation_code"]
organisations = _t["organisation"]
outbox = _t["outbox"]
participant_codes = _t["participant_code"]
participants = _t["participant"]
promises = _t["promise"]
publications = _t["publication"]
sessions = _t["session"]
stations = _t["station"]
timers = _t["timer"]
work_items = _t["work_item"]
