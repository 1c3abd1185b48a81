"""The tables: one noun a file. No rules live here, only shapes; ``metadata`` is what migrations compare with."""

from models.absence import Absence
from models.area import Area
from models.assignment import Assignment
from models.base import metadata
from models.calendar_feed import CalendarFeed
from models.calendar_version import CalendarVersion
from models.code import Code, OrganisationCode, ParticipantCode
from models.connection import Connection
from models.definition_draft import DefinitionDraft
from models.definition_override import DefinitionOverride
from models.definition_version import DefinitionVersion
from models.delivery import Delivery
from models.duty_swap import DutySwap
from models.event_subscription import EventDelivery, EventSubscription
from models.file_entry import FileEntry
from models.form_draft import FormDraft
from models.heartbeat import Heartbeat
from models.history import History
from models.incident import Incident
from models.involvement import Involvement, IssueLink
from models.issue import Issue, IssueNumber
from models.link import ActionLink
from models.organisation import Membership, Organisation
from models.outbox import Outbox
from models.participant import Address, Participant
from models.plan import Plan, PlanOccurrence, PlanVersion
from models.process_migration import ProcessMigration, ProcessMigrationIssue
from models.promise import Promise
from models.publication import Publication
from models.session import Session
from models.station import DatedDuty, Duty, Station
from models.timer import Timer
from models.work_item import Candidate, WorkItem

__all__ = [
    "Absence",
    "ActionLink",
    "Address",
    "Area",
    "Assignment",
    "CalendarFeed",
    "CalendarVersion",
    "Candidate",
    "Code",
    "Connection",
    "DatedDuty",
    "DefinitionDraft",
    "DefinitionOverride",
    "DefinitionVersion",
    "Delivery",
    "Duty",
    "DutySwap",
    "EventDelivery",
    "EventSubscription",
    "FileEntry",
    "FormDraft",
    "Heartbeat",
    "History",
    "Incident",
    "Involvement",
    "Issue",
    "IssueLink",
    "IssueNumber",
    "Membership",
    "Organisation",
    "OrganisationCode",
    "Outbox",
    "Participant",
    "ParticipantCode",
    "Plan",
    "PlanOccurrence",
    "PlanVersion",
    "ProcessMigration",
    "ProcessMigrationIssue",
    "Promise",
    "Publication",
    "Session",
    "Station",
    "Timer",
    "WorkItem",
    "metadata",
]
