"""Messages to people: put into words (``render``), and sent (``deliver``, ``deliver_batch``).

Knows templates and Apprise; never the database, the settings or the law of an issue: all values are passed in.
"""

from notifications.batch import close_pool, deliver_batch
from notifications.channels.channel import CHANNELS, MessageChannel
from notifications.channels.event_post import GONE, EventPost, PostAnswer, post_events, refused_at_once
from notifications.channels.kinds import KINDS
from notifications.channels.mail_server import mail_server
from notifications.channels.mailbox import Mail, read_mail, read_mails
from notifications.channels.platforms.call import ProviderFault
from notifications.channels.platforms.official import event_receipts
from notifications.channels.platforms.template import (
    ANY,
    NO_TEMPLATES,
    TAKES,
    TEMPLATE_STATES,
    TEMPLATE_VALUES,
    VALUE_KINDS,
    WHOLE,
    ApprovedTemplate,
    ListedTemplate,
    TemplateRegister,
    TemplateRules,
    TemplateState,
    TemplateValue,
    ValueKind,
    value_of,
)
from notifications.channels.sender_kind import AskedField, Hook, HookAnswer, HookReading, ProviderReceipt, SenderKind
from notifications.delivery import deliver, warm
from notifications.message import (
    NOWHERE,
    AccountAddress,
    Address,
    DeliveryResult,
    Fault,
    MailAddress,
    Mailbox,
    OutgoingMessage,
    Smtp,
    Transports,
    WebhookAddress,
)
from notifications.retry import next_attempt
from notifications.texts.fields import CAPS, SHORT_FIELDS, ShortField
from notifications.texts.placeholder import LINK, OFFICE, fill_link, fill_links, fill_office, link_to, links_in
from notifications.texts.rendering import Incomplete, OwnWords, Rendered, missing, placeholders, render

__all__ = [
    "ANY",
    "CAPS",
    "CHANNELS",
    "GONE",
    "KINDS",
    "LINK",
    "NOWHERE",
    "NO_TEMPLATES",
    "OFFICE",
    "SHORT_FIELDS",
    "TAKES",
    "TEMPLATE_STATES",
    "TEMPLATE_VALUES",
    "VALUE_KINDS",
    "WHOLE",
    "AccountAddress",
    "Address",
    "ApprovedTemplate",
    "AskedField",
    "DeliveryResult",
    "EventPost",
    "Fault",
    "Hook",
    "HookAnswer",
    "HookReading",
    "Incomplete",
    "ListedTemplate",
    "Mail",
    "MailAddress",
    "Mailbox",
    "MessageChannel",
    "OutgoingMessage",
    "OwnWords",
    "PostAnswer",
    "ProviderFault",
    "ProviderReceipt",
    "Rendered",
    "SenderKind",
    "ShortField",
    "Smtp",
    "TemplateRegister",
    "TemplateRules",
    "TemplateState",
    "TemplateValue",
    "Transports",
    "ValueKind",
    "WebhookAddress",
    "close_pool",
    "deliver",
    "deliver_batch",
    "event_receipts",
    "fill_link",
    "fill_links",
    "fill_office",
    "link_to",
    "links_in",
    "mail_server",
    "missing",
    "next_attempt",
    "placeholders",
    "post_events",
    "read_mail",
    "read_mails",
    "refused_at_once",
    "render",
    "value_of",
    "warm",
]
