"""Messages to people: put into words (``render``), and sent (``deliver``, ``deliver_batch``).

Knows templates and Apprise; never the database, the settings or the law of an issue: all values are passed in.
"""

from notifications.batch import close_pool, deliver_batch
from notifications.channels.event_post import GONE, EventPost, PostAnswer, post_events, refused_at_once
from notifications.channels.mail_server import mail_server
from notifications.channels.mailbox import Mail, read_mail, read_mails
from notifications.delivery import deliver, warm
from notifications.message import (
    NOWHERE,
    Address,
    DeliveryResult,
    MailAddress,
    Mailbox,
    OutgoingMessage,
    Smtp,
    Transports,
    WebhookAddress,
)
from notifications.retry import next_attempt
from notifications.texts.placeholder import LINK, OFFICE, fill_link, fill_links, fill_office, link_to, links_in
from notifications.texts.rendering import Incomplete, Rendered, missing, placeholders, render

__all__ = [
    "GONE",
    "LINK",
    "NOWHERE",
    "OFFICE",
    "Address",
    "DeliveryResult",
    "EventPost",
    "Incomplete",
    "Mail",
    "MailAddress",
    "Mailbox",
    "OutgoingMessage",
    "PostAnswer",
    "Rendered",
    "Smtp",
    "Transports",
    "WebhookAddress",
    "close_pool",
    "deliver",
    "deliver_batch",
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
    "warm",
]
