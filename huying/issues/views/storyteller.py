"""Who did what, and what followed: the words of a timeline.

Inside, people have names. The reporter reads departments and roles, never the names of persons.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from definitions.model.definition import Definition
from definitions.model.duration import Duration
from definitions.model.reference import participant, reference, refers_to
from definitions.model.step import WaitingStep
from definitions.text import LISTED, words
from engine import change as c
from engine.deeds.registry import BY_KIND
from engine.event import Act, Attach, Fire, Happened, Migrate, TakeOption
from engine.state import Timer, WorkItem
from huying.issues.record import Record
from huying.issues.sight import Sight
from huying.issues.views.events import Note
from huying.issues.views.people import People
from huying.locale import translations
from huying.words.channels import KnownChannels, way_words
from huying.words.limits import limit_title
from huying.words.moments import date_words, due_words
from huying.words.values import values_in_words


def said_with(event: Happened, *, inside: bool) -> str | None:
    """What somebody wrote with an event, as far as it is read ``inside`` or by the reporter."""
    text = getattr(event, "text", None) or getattr(event, "reason", None)
    if not isinstance(text, str) or isinstance(event, Act | Attach):
        return None
    deed = BY_KIND.get(event.kind)
    return text if inside or (deed is not None and deed.heard) else None


class Storyteller:
    """Learns the history entry by entry, and says each in words."""

    def __init__(
        self, record: Record, sight: Sight, people: People, language: str, channels: KnownChannels | None = None
    ) -> None:
        self._record = record
        self._definition = record.definition
        self._sight = sight
        self._people = people
        self._language = language
        self._ = translations(language).gettext
        self._channels = channels
        self._reporter = participant(record.reporter_id)
        self._items: dict[int, WorkItem] = {}
        self._timers: dict[int, Timer] = {}

    def way(self, key: str) -> str:
        """How a resident told something, by the key of the way."""
        return way_words(key, self._language, self._channels)

    def learn(self, changes: Iterable[c.Change]) -> None:
        """Take note of what later entries refer to."""
        for change in changes:
            if isinstance(change, c.ItemOpened):
                self._items[change.item.number] = change.item
            elif isinstance(change, c.TimerSet):
                self._timers[change.timer.number] = change.timer

    def follow(self, definition: Definition) -> None:
        """What comes now was decided by this version of the definition."""
        self._definition = definition

    def step(self, key: str) -> str:
        """A step's title."""
        step = self._definition.steps.get(key)
        return words(step.title, self._language, key) if step else key

    def role(self, key: str) -> str:
        """A role's title."""
        return words(self._definition.role_title(key), self._language, key)

    def who(self, actor: str | None, item: int | None) -> str:
        """The person, department or role behind an entry."""
        if actor is None:
            return self._("The system")
        if actor == self._reporter:
            return self._named(actor, self.role("reporter")) if self._sight.reporter else self.role("reporter")
        asked, own = self._asked(actor, item), {actor, *self._people.departments_of.get(actor, ())}
        served = self._served(actor, asked, own)
        role = self._definition.roles.get(asked.role) if asked is not None else None
        named = self._sight.inside or (role is not None and role.by_name)
        return self._named(actor, served) if named else served or self._("Staff")

    def reads(self, actor: str | None) -> bool:
        """Whether the reader reads what somebody wrote: whoever follows does not read what the reporter wrote, who is a stranger to them."""
        return not (self._sight.follows and actor == self._reporter)

    def told(self, reporter: str, way: str, noting: str) -> str:
        """The reporter, how they told it, and who noted it."""
        said = {"who": self.who(reporter, None), "way": way, "noting": self._people.name(noting)}
        if self._sight.inside:
            return self._("%(who)s, %(way)s, noted by %(noting)s") % said
        return self._("%(who)s, %(way)s") % said

    def _named(self, actor: str, served: str) -> str:
        name = self._people.name(actor)
        return self._("%(name)s (%(role)s)") % {"name": name, "role": served} if served else name

    def _asked(self, actor: str, number: int | None) -> WorkItem | None:
        """The task in which somebody acted: the one of this number, else their last."""
        own = {actor, *self._people.departments_of.get(actor, ())}
        asked = [item for item in self._items.values() if not own.isdisjoint(item.candidates)]
        return self._items.get(number) if number is not None else (asked[-1] if asked else None)

    def _served(self, actor: str, item: WorkItem | None, own: set[str]) -> str:
        """In what capacity: the department that was asked, else the role, else nothing is known."""
        if item is None:
            return ""
        departments = own.intersection(item.candidates) - {actor}
        return self._people.name(min(departments)) if departments else self.role(item.role)

    def said(self, event: Happened) -> str | None:
        """What somebody wrote with an event: a question, an answer, a reason. Reasons of staff stay inside but for those that end or stop it."""
        return said_with(event, inside=self._sight.inside)

    def what(self, event: Happened, changes: tuple[c.Change, ...]) -> str:
        """What was done, in a few words."""
        if isinstance(event, Act):
            return self._action(event)
        if isinstance(event, TakeOption):
            return self._option(event)
        if isinstance(event, Fire):
            fired = next((change.timer for change in changes if isinstance(change, c.TimerFired)), -1)
            timer = self._timers.get(fired)
            purpose = timer.purpose if timer is not None else "overdue"
            if timer is not None and timer.limit is not None and purpose == "overdue":
                return self._("The time has run out: %(limit)s") % {"limit": limit_title(timer.limit, self._language)}
            return {
                "shelved": self._("The matter is taken up again"),
                "unanswered": self._("The time to answer is up"),
                "suspended": self._("The issue is still suspended"),
                "remind": self._("A reminder was sent"),
                "wait": self._("The time of waiting is over"),
                "promise-remind": self._("A reminder of a promise was sent"),
                "promise-due": self._("A promise fell due"),
            }.get(purpose, self._("The deadline has passed"))
        deed = BY_KIND.get(event.kind)
        if deed is not None:
            return deed.done.of(self._language)
        said = {
            "open": self._("Reported the issue"),
            "carry-over": self._("Taken over from the office's earlier records"),
            "message": self._("Another system sent a message"),
            "result": self._("Something was carried out"),
            "absorb": self._("Another issue was merged into this one"),
            "forsake": self._("The issue that called this one no longer waits for it"),
            "reckon-again": self._("The calendar has changed"),
            "depart": self._("Somebody has left their place; what they had was given to others"),
            "migrate": self._versions(event),
        }
        return said.get(event.kind, event.kind)

    def _versions(self, event: Happened) -> str:
        if not isinstance(event, Migrate):
            return self._("The process goes on by another version")
        names = {"before": event.before, "after": event.after}
        return self._("The process goes on by version %(after)s (before: %(before)s)") % names

    def _option(self, event: TakeOption) -> str:
        option = self._definition.options.get(event.option)
        return words(option.title if option else None, self._language, event.option)

    def _action(self, event: Act) -> str:
        item = self._items.get(event.item)
        step = self._definition.steps.get(item.step) if item else None
        if item is None or not isinstance(step, WaitingStep) or event.action not in step.actions:
            return event.action
        action = words(step.actions[event.action].title, self._language, event.action)
        return self._("%(step)s: %(action)s") % {"step": self.step(item.step), "action": action}

    def answers(self, done: c.ItemDone) -> tuple[Note, ...]:
        """What the form of a finished item held, without personal data."""
        item = self._items.get(done.item)
        step = self._definition.steps.get(item.step) if item else None
        if not isinstance(step, WaitingStep) or done.action not in step.actions:
            return ()
        fields = step.actions[done.action].ask
        values = values_in_words(fields, done.values, self._people.names, self._language, private=False)
        return tuple(Note(value.title, value.text, value.long) for value in values)

    def follows(self, changes: tuple[c.Change, ...]) -> tuple[str, ...]:
        """What an entry led to, line by line."""
        lines = [line for change in changes if (line := self._follow(change))]
        departments = [self._people.name(party) for party in _newly_asked(changes)]
        if departments:
            lines.insert(0, self._("Asked: %(names)s") % {"names": self._joined(departments)})
        return tuple(lines)

    def unheard(self, parties: tuple[str, ...]) -> str:
        """That the office was told, since there was nobody else."""
        if not parties:
            return self._("There was nobody to be told; so the office was")
        names = self._joined(self._people.name(party) for party in parties)
        return self._("Nobody could be told for %(names)s; so the office was") % {"names": names}

    def _follow(self, change: c.Change) -> str | None:
        return self._of_people(change) or self._of_time(change) or self._of_course(change)

    def _of_people(self, change: c.Change) -> str | None:
        match change:
            case c.RoleGiven(parties=()):
                # it was taken from somebody; who holds it now follows
                return None
            case c.RoleGiven(role=role, parties=parties) if self._sight.inside:
                names = self._joined(self._people.name(party) for party in parties)
                return self._("%(role)s: %(names)s") % {"role": self.role(role), "names": names}
            case c.RoleGiven(role=role):
                return self._("%(role)s assigned") % {"role": self.role(role)}
            case c.ItemWidened(candidates=candidates) if self._sight.inside:
                names = self._joined(self._people.name(party) for party in candidates)
                return self._("Escalated to %(names)s") % {"names": names}
            case c.ItemWidened():
                return self._("Escalated to the next level")
            case c.ItemGiven(candidates=candidates) if self._sight.inside:
                return self._("Now with %(names)s") % {"names": self._joined(map(self._people.name, candidates))}
            case c.ItemDelegated(to=str(to)) | c.ItemOffered(to=str(to)) if self._sight.inside:
                return self._("To %(names)s") % {"names": self._people.name(to)}
            case c.SupervisorNamed(parties=parties) if self._sight.inside:
                return self._("Supervised by %(names)s") % {"names": self._joined(map(self._people.name, parties))}
            case c.Unheard(roles=roles) if self._sight.inside:
                names = self._joined(self.role(role) for role in roles)
                return self._("Nobody is there for %(names)s; whoever answers for the issue was told instead") % {
                    "names": names
                }
            case c.NobodyLeft(role=role) if self._sight.inside:
                return self._("Nobody who may act is left for %(role)s; the office has the task") % {
                    "role": self.role(role)
                }
            case _:
                return None

    def _of_time(self, change: c.Change) -> str | None:
        match change:
            case c.VisitChanged(visit=visit) if visit.incident:
                return self._("This could not be carried out; staff will see to it") if self._sight.inside else None
            case c.VisitChanged(visit=visit) if visit.paused_at is not None:
                return self._("The deadline stands still")
            case c.ItemLapsed():
                return self._("The deadline runs on without the answer")
            case c.DeadlineMoved():
                return self._moved(change)
            case c.Shelved(day=str(day)):
                return self._("Laid aside until %(day)s; the deadline stands still") % {"day": self._day(day)}
            case c.Shelved():
                return self._("The deadline runs again")
            case c.ItemOpened(item=item) if item.kind == "extension" and item.wish:
                return self._("Wanted: %(wish)s more") % {"wish": self._length(item.wish)}
            case c.ItemOpened(item=item) if item.kind == "shelving" and item.wish:
                return self._("Wanted: until %(day)s") % {"day": self._day(item.wish)}
            case _:
                return None

    def _of_course(self, change: c.Change) -> str | None:
        match change:
            case c.Entered(visit=visit):
                if visit.due_at is None:
                    return self._("Next: %(step)s") % {"step": self.step(visit.step)}
                due = due_words(visit.due_at, self._record.process.calendar.zone, visit.entered_at, self._language)
                return self._("Next: %(step)s, %(due)s") % {"step": self.step(visit.step), "due": due.by}
            case c.PromiseMade(promise=promise):
                said = {"what": promise.what, "day": promise.due_on}
                return self._("Promised: %(what)s, by %(day)s") % said
            case c.PromiseEnded(status="kept"):
                return self._("The promise was kept")
            case c.PromiseEnded():
                return self._("The promise was not kept")
            case c.Relocated(left=left, station=station):
                places = [self._people.name(reference("station", number)) for number in (left, station)]
                return self._("From %(left)s to %(station)s") % {"left": places[0], "station": places[1]}
            case c.Closed(resolution=resolution):
                title = words(self._definition.resolution_title(resolution), self._language, resolution)
                return self._("Closed: %(resolution)s") % {"resolution": title}
            case _:
                return None

    def _moved(self, change: c.DeadlineMoved) -> str:
        days = {"before": self._day(change.before), "after": self._day(change.after)}
        if change.why == "extended":
            length = self._length(change.length or "")
            return self._("The deadline was extended by %(length)s: from %(before)s to %(after)s") % {
                **days,
                "length": length,
            }
        if change.why == "reckoned":
            return self._("The deadline was reckoned again: from %(before)s to %(after)s") % days
        return self._("The deadline was moved from %(before)s to %(after)s") % days

    def _day(self, day: str) -> str:
        return date_words(date.fromisoformat(day), self._language)

    def _length(self, length: str) -> str:
        return Duration.parse(length).words(self._language)

    def _joined(self, names: Iterable[str]) -> str:
        return LISTED.of(self._language).join(dict.fromkeys(names))


def _newly_asked(changes: tuple[c.Change, ...]) -> list[str]:
    """The departments that got a task, unless the answers name them already."""
    asked = [party for change in changes if isinstance(change, c.ItemOpened) for party in change.item.candidates]
    answers = [value for change in changes if isinstance(change, c.ItemDone) for value in change.values.values()]
    named = {
        one for value in answers for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, str)
    }
    return [party for party in asked if refers_to(party, "organisation") and party not in named]
