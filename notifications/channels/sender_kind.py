"""What a kind of sender is: an account with a provider, made of what the office enters, through which a plugin sends.

To add one: (1) ``notifications/channels/platforms/<name>.py``: a ``Plugin`` whose constructor takes ``message`` and what ``given`` makes,
(2) and one ``SenderKind`` that names it; (3) its line in ``notifications/channels/kinds.py``. The senders
page, the form, the test button, limits, receipts and the address ``/hooks/<sender>/<secret>`` follow from that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from definitions.text import Said
from notifications.channels.platforms.template import ListedTemplate, TemplateRules
from notifications.channels.plugin import Plugin
from notifications.message import DeliveryResult

Credential = TypeVar("Credential")
NOTHING_SAID = Said("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedField:
    """One thing that the form of a sender asks for. ``secret``: it is sealed, and never shown again."""

    name: str
    title: Said
    hint: Said = NOTHING_SAID
    secret: bool = False
    required: bool = True
    choices: Mapping[str, Said] = field(default_factory=dict)
    usual: str = ""
    longest: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """What a provider sent to a sender's address, as it came."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class HookAnswer:
    """What the provider wants to hear, so that it does not come again."""

    body: bytes = b"ok"
    content_type: str = "text/plain; charset=utf-8"
    status: int = 200


#: What a receipt says of a message; ``noted`` changes nothing.
Means = Literal["delivered", "undelivered", "read", "noted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderReceipt:
    """What a provider says of one message. ``code`` is its own word; ``at`` when, if it says so; ``gone``: nobody is at that address.

    ``number`` is ours of the message, where the provider gives it back: under it one is known whose answer was lost.
    """

    reference: str
    code: str
    means: Means
    at: datetime | None = None
    reason: Said = NOTHING_SAID
    gone: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HookReading:
    """The receipts in what came, and how it is answered."""

    receipts: Sequence[ProviderReceipt] = ()
    answer: HookAnswer = HookAnswer()


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderKind(Generic[Credential]):
    """A kind of sender on a channel.

    ``credential`` makes of the entered fields and secrets what the plugin needs, ``ValueError`` (a sentence in Chinese, a space, one in
    English) for what cannot be right. ``given`` are the plugin's arguments beside ``message``: of an address and the credential. ``check`` asks
    the provider whether it knows the account, without sending. ``reads`` understands what the provider sends to the sender's address
    (``ValueError``: that was nothing of it); ``asks_after`` asks it for receipts of these references. ``codes``: what its codes mean, for
    whoever looks after it. ``templates``: it takes approved templates alone, so ``OutgoingMessage.fields`` is all that it shows; its plugin is
    given the account's ``TemplateRegister``. ``lists`` asks the provider which templates it has.
    """

    key: str
    channel: str
    title: Said
    plugin: type[Plugin]
    credential: Callable[[Mapping[str, str], Mapping[str, str]], Credential]
    given: Callable[[str, Credential], dict[str, Any]]
    asks: tuple[AskedField, ...] = ()
    check: Callable[[Credential], DeliveryResult] | None = None
    reads: Callable[[Credential, Hook], HookReading] | None = None
    asks_after: Callable[[Credential, Sequence[str]], Sequence[ProviderReceipt]] | None = None
    codes: Mapping[str, Said] = field(default_factory=dict)
    templates: TemplateRules | None = None
    lists: Callable[[Credential], Sequence[ListedTemplate]] | None = None
    per_minute: int | None = None
    per_person_day: int | None = None
