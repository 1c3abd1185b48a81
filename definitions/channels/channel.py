"""A way in: telephone, counter, home visit, web, another machine. Each is a file of its own, which an office edits, adds to and closes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field as Constrained
from pydantic import ValidationError

from definitions.composition.shape import problems_of_shape
from definitions.finding import Finding, in_order
from definitions.model.field import Field
from definitions.model.node import Key, Names, Node, Text
from definitions.problem import Path, Problem, problem
from definitions.source.tree import Document, read
from definitions.text import Said, words

#: Where a matter is entered that comes in on a channel: by an officer at the desk, by the resident at the portal's form, by a program, by another
#: standard's program, in a letter, in a chat, at a session of reception, or by the house itself.
Entered = Literal["desk", "form", "api", "open311", "mail", "chat", "session", "house"]
#: The places at which somebody of the office enters what a resident says.
STAFFED: frozenset[Entered] = frozenset({"desk", "session"})
#: In the address of letters it stands for the code of any station, in small letters.
STATION = "{station}"
T = TypeVar("T")


class ChannelForm(Node):
    """What of a definition is asked on this channel: ``first`` come these, in this order; ``leave out``: these are not asked."""

    first: Names = ()
    leave_out: Names = Constrained(default=(), alias="leave out")


class ChannelNumbers(Node):
    """How matters of this channel are numbered: ``before`` stands before the number; ``own count``: they are counted apart from others."""

    before: Annotated[str, Constrained(pattern=r"^[A-Z0-9]{1,6}(-[A-Z0-9]{1,4})?-?$")]
    own_count: bool = Constrained(default=False, alias="own count")


class Letters(Node):
    """Letters to an address: what stands before the ``@``, with ``{station}`` for the code of any station; they open a matter of ``opens``.

    Without ``opens`` a person decides what comes of them; without a station it is the office.
    """

    to: Annotated[str, Constrained(pattern=r"^[a-z0-9]([a-z0-9._-]|\{station\}){0,60}$", max_length=64)]
    station: Annotated[str, Constrained(max_length=20)] | None = None
    opens: Key | None = None


class Channel(Node):
    """A way in. ``opens``: these definitions alone; ``used by``: people of these functions or kinds alone; ``told``: as a history says it."""

    channel: Annotated[Key, Constrained(max_length=20)]
    title: Text
    told: Text | None = None
    help: Text | None = None
    at: Annotated[tuple[Entered, ...], Constrained(min_length=1)]
    online: bool = False
    opens: Names | None = None
    used_by: Names | None = Constrained(default=None, alias="used by")
    forms: Mapping[Key, ChannelForm] = Constrained(default_factory=dict)
    numbers: ChannelNumbers | None = None
    letters: tuple[Letters, ...] = ()
    rank: int = Constrained(default=500, ge=0, le=1000)
    closed: bool = False

    def opens_one(self, definition: str) -> bool:
        """Whether matters of a definition come in here."""
        return self.opens is None or definition in self.opens

    def lets(self, functions: frozenset[str]) -> bool:
        """Whether somebody of these functions and kinds may use it."""
        return self.used_by is None or not functions.isdisjoint(self.used_by)

    def asked(self, definition: str, fields: Mapping[str, T]) -> Mapping[str, T]:
        """What is asked of these fields, in which order. What has to be answered is asked whatever the form leaves out."""
        form = self.forms.get(definition)
        if form is None:
            return fields
        out = {name for name in form.leave_out if not _is_required(fields.get(name))}
        order = [*(name for name in form.first if name in fields), *(name for name in fields if name not in form.first)]
        return {name: fields[name] for name in order if name not in out}

    def name(self, language: str) -> str:
        """What it is called."""
        return words(self.title, language, self.channel)

    def telling(self, language: str) -> str:
        """How it is said that somebody told something on it."""
        return words(self.told, language, self.name(language)) if self.told else self.name(language)


def _is_required(field: object) -> bool:
    return isinstance(field, Field) and field.required is True


@dataclass(frozen=True, slots=True)
class ReadChannel:
    """What became of a text: the channel, unless its shape is wrong; its plain body; and the findings."""

    channel: Channel | None
    body: Any
    document: Document
    findings: tuple[Finding, ...]


def read_channel(source: str | bytes, name: str) -> ReadChannel:
    """Read a channel; raises ``Unreadable`` when the text is no YAML that we read."""
    document = read(source, name)
    body = document.plain()
    found: tuple[Problem, ...] = ()
    channel: Channel | None = None
    try:
        channel = restore_channel(body)
    except ValidationError as error:
        found = problems_of_shape(error, body, Channel)
    else:
        found = tuple(_problems(channel, body))
    return ReadChannel(channel, body, document, in_order([*document.findings, *document.findings_of(found)]))


def restore_channel(body: Any) -> Channel:
    """A channel that was published, from its body."""
    if not isinstance(body, Mapping):
        return Channel.model_validate(body)
    several, listed = body.get("at"), body.get("letters")
    told = dict(body)
    if isinstance(several, str):
        told["at"] = (several,)
    elif isinstance(several, Sequence):
        told["at"] = tuple(several)
    if isinstance(listed, Sequence) and not isinstance(listed, str):
        told["letters"] = tuple(listed)
    return Channel.model_validate(told)


def _problems(channel: Channel, body: Any) -> Iterator[Problem]:
    yield from _spoken(body)
    if channel.used_by == () and not channel.closed:
        yield problem(
            "nobody-may-use-it",
            ("used by",),
            Said("没有人可以用这个渠道。", "Nobody may use this channel."),
            Said(
                "请写职务（如 clerk），删去 used by，或写 closed: true。",
                "Name a function such as clerk, drop “used by”, or write closed: true.",
            ),
        )
    if channel.opens == () and not channel.closed:
        yield problem(
            "opens-nothing",
            ("opens",),
            Said("这个渠道不受理任何流程的事项。", "This channel opens nothing."),
            Said("请写流程的名字，或删去 opens。", "Name a definition, or drop “opens”."),
        )
    yield from _of_letters(channel)
    for key, form in channel.forms.items():
        if not channel.opens_one(key):
            yield problem(
                "form-of-nothing",
                ("forms", key),
                Said(
                    f"这个渠道不受理“{key}”，却写了它的登记表。",
                    f"This channel does not open “{key}”, yet has a form for it.",
                ),
                Said(f"请把 {key} 加到 opens，或删去这张表。", f"Add {key} to “opens”, or drop the form."),
            )
        for at, name in enumerate(form.leave_out):
            if name in form.first:
                yield problem(
                    "asked-and-left-out",
                    ("forms", key, "leave out", at),
                    Said(f"“{name}”既排在前面，又不问。", f"“{name}” comes first, and is left out."),
                    Said("请从其中一处删去。", "Drop it from one of them."),
                )


def _of_letters(channel: Channel) -> Iterator[Problem]:
    """Addresses that stand twice, name a station in two ways, open what the channel does not, or stand where no letters come."""
    if channel.letters and "mail" not in channel.at:
        yield problem(
            "no-letters-here",
            ("letters",),
            Said(
                "这个渠道不收邮件（at 里没有 mail），却写了邮件地址。",
                "No mail comes in here (“at” has no mail), yet there are addresses.",
            ),
            Said("请在 at 里加 mail，或删去 letters。", "Add mail to “at”, or drop “letters”."),
        )
    seen: set[str] = set()
    for at, one in enumerate(channel.letters):
        path: Path = ("letters", at)
        if one.to in seen:
            yield problem(
                "address-twice",
                (*path, "to"),
                Said(f"地址“{one.to}”写了两次。", f"The address “{one.to}” stands twice."),
                Said("请删去一个。", "Drop one of them."),
            )
        seen.add(one.to)
        if one.to.count(STATION) > 1 or (STATION in one.to and one.station is not None):
            yield problem(
                "station-twice",
                (*path, "to"),
                Said("站点写了两处。", "The station is named in two ways."),
                Said("{station} 和 station 只写一处。", "Write {station} or “station”, once."),
            )
        if one.opens is not None and not channel.opens_one(one.opens):
            yield problem(
                "opened-elsewhere",
                (*path, "opens"),
                Said(f"这个渠道不受理“{one.opens}”。", f"This channel does not open “{one.opens}”."),
                Said(f"请把 {one.opens} 加到 opens。", f"Add {one.opens} to “opens”."),
            )


def _spoken(body: Any, path: Path = ()) -> Iterator[Problem]:
    """Texts that lack one of the languages."""
    for key in ("title", "told", "help"):
        said = body.get(key)
        if said is None:
            continue
        for language, zh, en in (("zh", "中文", "Chinese"), ("en", "英文", "English")):
            if not (isinstance(said, Mapping) and said.get(language)):
                yield problem(
                    "missing-language",
                    (*path, key),
                    Said(f"缺少{zh}。", f"The {en} words are missing."),
                    Said(f"请写 {key}: {{zh: …, en: …}}。", f"Write {key}: {{zh: …, en: …}}."),
                )
