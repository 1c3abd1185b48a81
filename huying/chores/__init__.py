"""The chores: all that comes round by itself, a file each. A new one is a file here and a line below."""

from huying.chores.alarm import ALARM
from huying.chores.audit import AUDIT
from huying.chores.backups import BACKUPS
from huying.chores.chore import Chore
from huying.chores.deadlines import DEADLINES
from huying.chores.departures import DEPARTURES
from huying.chores.envelopes import ENVELOPES
from huying.chores.erasures import ERASURES
from huying.chores.events import EVENTS
from huying.chores.evidence import EVIDENCE
from huying.chores.expiry import EXPIRY
from huying.chores.figures import FIGURES
from huying.chores.files import FILES
from huying.chores.grants import GRANTS
from huying.chores.haves import HAVES
from huying.chores.heads import HEADS
from huying.chores.incidents import INCIDENTS
from huying.chores.inquiry import INQUIRY
from huying.chores.letters import LETTERS
from huying.chores.mailbox import MAILBOX
from huying.chores.messages import MESSAGES
from huying.chores.migrations import MIGRATIONS
from huying.chores.plans import PLANS
from huying.chores.retention import RETENTION
from huying.chores.scans import SCANS
from huying.chores.search import SEARCH
from huying.chores.tallies import TALLIES
from huying.chores.timers import TIMERS

CHORES: tuple[Chore, ...] = (
    MESSAGES,
    LETTERS,
    MAILBOX,
    EVENTS,
    TIMERS,
    DEADLINES,
    SEARCH,
    DEPARTURES,
    MIGRATIONS,
    PLANS,
    INCIDENTS,
    GRANTS,
    HAVES,
    INQUIRY,
    EXPIRY,
    FIGURES,
    FILES,
    TALLIES,
    ENVELOPES,
    SCANS,
    EVIDENCE,
    HEADS,
    BACKUPS,
    ALARM,
    AUDIT,
    ERASURES,
    RETENTION,
)
