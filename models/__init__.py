"""The tables: one noun a file. No rules live here, only shapes; ``metadata`` is what migrations compare with."""

from models.absence import AbsenceRow
from models.account import AccountRow, CredentialLinkRow, IdentityRow, SecondFactorRow
from models.api_key import ApiKeyRow
from models.area import AreaNameRow, AreaRow
from models.assignment import AssignmentRow
from models.attention import AttentionRow
from models.audit import AuditOutputRow, AuditRow
from models.base import metadata
from models.blocked_sender import BlockedSenderRow
from models.booking import BookingRow
from models.calendar_feed import CalendarFeedRow
from models.calendar_version import CalendarVersionRow
from models.call import CallRow
from models.channel_version import ChannelVersionRow
from models.code import CodeRow, OrganisationCodeRow, ParticipantCodeRow
from models.connection import ConnectionRow
from models.consent import CollectionNoticeRow, ConsentRow
from models.data_key import DataKeyRow
from models.data_request import DataCodeRow, DataRequestRow
from models.definition_draft import DefinitionDraftRow
from models.definition_override import DefinitionOverrideRow
from models.definition_version import DefinitionVersionRow
from models.delivery import DeliveryRow
from models.duty_swap import DutySwapRow
from models.event_subscription import EventDeliveryRow, EventSubscriptionRow
from models.evidence import EvidenceDueRow, EvidenceExemptionRow, HeadRow, SegmentRow
from models.figure_set import FigureSetRow
from models.file_deed import FileDeedRow
from models.file_entry import FileEntryRow
from models.file_line import FileLineRow
from models.form_draft import FormDraftRow
from models.frozen_report import FrozenReportRow, ReportAmendmentRow
from models.given_number import GivenNumberRow
from models.grant import GrantRow
from models.have_claim import HaveClaimRow
from models.heartbeat import HeartbeatRow
from models.history import HistoryRow
from models.inbound_message import InboundMessageRow
from models.incident import IncidentRow
from models.involvement import InvolvementRow, IssueLinkRow
from models.issue import IssueNumberRow, IssueRow
from models.legacy_import import LegacyImportRow, LegacyMatterRow
from models.link import ActionLinkRow
from models.mail_folder import MailFolderRow
from models.office import OfficeRow
from models.organisation import MandateRow, MembershipRow, NoticedMembershipRow, OrganisationRow
from models.outbox import OutboxRow
from models.paper import PaperRow, PaperTemplateRow
from models.participant import AddressRow, ParticipantRow
from models.passkey import PasskeyChallengeRow, PasskeyRow
from models.person_join import PersonJoinRow
from models.plan import PlanOccurrenceRow, PlanRow, PlanVersionRow
from models.preference import PreferenceRow, QuietHoursRow
from models.process_migration import ProcessMigrationIssueRow, ProcessMigrationRow
from models.promise import PromiseRow
from models.proposal import FourEyesRow, ProposalRow
from models.public_register import PublicRegisterRow
from models.publication import PublicationRow
from models.receipt import ReceiptRow
from models.register_change import RegisterChangeRow, RegisterDeedRow
from models.register_import import RegisterImportRow
from models.restoration import RestorationRow
from models.retention import ErasurePartRow, ErasureRow, HoldRow, RetentionRuleRow
from models.ring_key import RingKeyRow
from models.saved_view import SavedViewRow
from models.score_result import ScoreResultRow
from models.score_version import ScoreVersionRow
from models.search import PrivateSearchRow, SearchDueRow, SearchPartyRow, SearchReaderRow
from models.sender import SenderRow
from models.sender_template import SenderTemplateRow
from models.session import SessionRow
from models.short_link import ShortLinkDayRow, ShortLinkRow
from models.station import DatedDutyRow, DutyRow, StationHaveRow, StationRow
from models.station_standard import StationStandardRow
from models.successor import SuccessorRow
from models.tally import TallyRow
from models.throttle import ThrottleRow
from models.timer import TimerRow
from models.unique_value import UniqueValueRow
from models.work_item import CandidateRow, WorkItemRow

__all__ = [
    "AbsenceRow",
    "AccountRow",
    "ActionLinkRow",
    "AddressRow",
    "ApiKeyRow",
    "AreaNameRow",
    "AreaRow",
    "AssignmentRow",
    "AttentionRow",
    "AuditOutputRow",
    "AuditRow",
    "BlockedSenderRow",
    "BookingRow",
    "CalendarFeedRow",
    "CalendarVersionRow",
    "CallRow",
    "CandidateRow",
    "ChannelVersionRow",
    "CodeRow",
    "CollectionNoticeRow",
    "ConnectionRow",
    "ConsentRow",
    "CredentialLinkRow",
    "DataCodeRow",
    "DataKeyRow",
    "DataRequestRow",
    "DatedDutyRow",
    "DefinitionDraftRow",
    "DefinitionOverrideRow",
    "DefinitionVersionRow",
    "DeliveryRow",
    "DutyRow",
    "DutySwapRow",
    "ErasurePartRow",
    "ErasureRow",
    "EventDeliveryRow",
    "EventSubscriptionRow",
    "EvidenceDueRow",
    "EvidenceExemptionRow",
    "FigureSetRow",
    "FileDeedRow",
    "FileEntryRow",
    "FileLineRow",
    "FormDraftRow",
    "FourEyesRow",
    "FrozenReportRow",
    "GivenNumberRow",
    "GrantRow",
    "HaveClaimRow",
    "HeadRow",
    "HeartbeatRow",
    "HistoryRow",
    "HoldRow",
    "IdentityRow",
    "InboundMessageRow",
    "IncidentRow",
    "InvolvementRow",
    "IssueLinkRow",
    "IssueNumberRow",
    "IssueRow",
    "LegacyImportRow",
    "LegacyMatterRow",
    "MailFolderRow",
    "MandateRow",
    "MembershipRow",
    "NoticedMembershipRow",
    "OfficeRow",
    "OrganisationCodeRow",
    "OrganisationRow",
    "OutboxRow",
    "PaperRow",
    "PaperTemplateRow",
    "ParticipantCodeRow",
    "ParticipantRow",
    "PasskeyChallengeRow",
    "PasskeyRow",
    "PersonJoinRow",
    "PlanOccurrenceRow",
    "PlanRow",
    "PlanVersionRow",
    "PreferenceRow",
    "PrivateSearchRow",
    "ProcessMigrationIssueRow",
    "ProcessMigrationRow",
    "PromiseRow",
    "ProposalRow",
    "PublicRegisterRow",
    "PublicationRow",
    "QuietHoursRow",
    "ReceiptRow",
    "RegisterChangeRow",
    "RegisterDeedRow",
    "RegisterImportRow",
    "ReportAmendmentRow",
    "RestorationRow",
    "RetentionRuleRow",
    "RingKeyRow",
    "SavedViewRow",
    "ScoreResultRow",
    "ScoreVersionRow",
    "SearchDueRow",
    "SearchPartyRow",
    "SearchReaderRow",
    "SecondFactorRow",
    "SegmentRow",
    "SenderRow",
    "SenderTemplateRow",
    "SessionRow",
    "ShortLinkDayRow",
    "ShortLinkRow",
    "StationHaveRow",
    "StationRow",
    "StationStandardRow",
    "SuccessorRow",
    "TallyRow",
    "ThrottleRow",
    "TimerRow",
    "UniqueValueRow",
    "WorkItemRow",
    "metadata",
]
