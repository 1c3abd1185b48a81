"""Which section of which guide a page is about: the one registry from which every page's "?" is made.

The longest beginning of an address counts; ``*`` stands for any one part of it. A page that several roles share says for each which guide is theirs.
"""

from __future__ import annotations

from collections.abc import Mapping

from huying.access.viewer import Viewer
from huying.guides.shelf import Role, role_of

#: Where no page says more.
ALL = "/help"

#: What a page is about: ``guide`` or ``guide#section``, for everybody or by role; a role that is not named is led to all guides.
TOPICS: Mapping[str, str | Mapping[Role, str]] = {
    "/": {"resident": "resident", "deputy": "deputy", "clerk": "clerk", "administrator": "administrator"},
    "/stations": "resident#report-something",
    "/report": {
        "resident": "resident#report-something",
        "deputy": "resident#report-something",
        "clerk": "clerk#take-in-a-caller",
        "administrator": "clerk#take-in-a-caller",
    },
    "/reported": "resident#your-receipt",
    "/follow": "resident#follow-your-issue",
    "/channels": "ways-in#channels",
    "/joins": "ways-in#one-person",
    "/connections/*/calls": "ways-in#telephone",
    "/calls": "ways-in#telephone",
    "/intake": "clerk#take-in-a-caller",
    "/tray": "mail#the-tray",
    "/search": "clerk#find-an-issue",
    "/phone-list": "clerk#take-in-a-caller",
    "/said": "clerk#take-in-a-caller",
    "/cases": {
        "resident": "resident#your-data",
        "deputy": "how-to#publishing",
        "clerk": "how-to#publishing",
        "administrator": "how-to#publishing",
    },
    "/posters": "ways-in#codes-and-posters",
    "/s": "resident#report-something",
    "/open": "how-to#public-registers",
    "/cases.atom": "how-to#publishing",
    "/heads": "evidence#handing-heads-outside",
    "/heads.json": "evidence#handing-heads-outside",
    "/heads.xml": "evidence#handing-heads-outside",
    "/login": "deputy#from-a-message",
    "/account": "deputy#your-account",
    "/account/passkeys": "people#passkeys",
    "/account/links": "deputy#your-account",
    "/account/messages": "messages#how-you-are-told",
    "/account/keys": "deputy#your-account",
    "/accounts": "people#accounts",
    "/accounts/sessions": "people#accounts",
    "/register/import": "people#your-register-as-a-workbook",
    "/records/import": "ways-in#matters-from-before",
    "/register/template.xlsx": "people#your-register-as-a-workbook",
    "/register/export.xlsx": "people#your-register-as-a-workbook",
    "/register/export-private.xlsx": "people#your-register-as-a-workbook",
    "/tasks": {
        "resident": "resident#answer-and-judge",
        "deputy": "deputy#your-tasks",
        "clerk": "clerk#your-day-begins-with-the-list",
        "administrator": "clerk#your-day-begins-with-the-list",
    },
    "/tasks/round": "deputy#one-task",
    "/tasks/*": {
        "resident": "resident#answer-and-judge",
        "deputy": "deputy#one-task",
        "clerk": "clerk#accept-or-decline",
        "administrator": "clerk#accept-or-decline",
    },
    "/issues": {
        "resident": "resident#follow-your-issue",
        "deputy": "deputy#your-tasks",
        "clerk": "clerk#find-an-issue",
        "administrator": "clerk#find-an-issue",
    },
    "/issues/*": {
        "resident": "resident#urge-add-withdraw",
        "deputy": "deputy#questions-help-time",
        "clerk": "clerk#urge-reassign-merge-suspend",
        "administrator": "clerk#urge-reassign-merge-suspend",
    },
    "/board": "deadlines#the-board-of-deadlines",
    "/figures": "reports#the-page-of-figures",
    "/reports": "reports#reports",
    "/incidents": "how-to#when-something-is-stuck",
    "/prefect": "console",
    "/duty": {
        "resident": "resident#large-type-english-no-telephone",
        "deputy": "deputy#on-duty-and-away",
        "clerk": "plans#swaps-and-changes",
        "administrator": "plans#swaps-and-changes",
    },
    "/my/duties": "plans#swaps-and-changes",
    "/my/calendar": "deadlines#in-the-calendar-on-the-phone",
    "/files": {
        "resident": "deputy#your-yearly-file",
        "deputy": "deputy#your-yearly-file",
        "clerk": "people#yearly-files",
        "administrator": "people#yearly-files",
    },
    "/papers": "papers#make-a-paper",
    "/papers/new/*": "papers#make-a-paper",
    "/papers/*": "papers#correct-or-void",
    "/papers/templates": "papers#your-own-template",
    "/papers/templates/*": "papers#your-own-template",
    "/plans": "plans",
    "/assessment": "plans#points-and-assessment",
    "/my/assessment": "plans#points-and-assessment",
    "/calendars": "how-to#next-years-holidays",
    "/definitions": {
        "resident": "resident#follow-your-issue",
        "deputy": "deputy#one-task",
        "clerk": "deadlines#at-a-glance",
        "administrator": "administrator#publish",
    },
    "/definitions/*/versions": "how-to#change-a-process-without-fear",
    "/editor": "how-to#edit-a-process-in-the-portal",
    "/migrations": "how-to#move-running-issues-to-a-new-version",
    "/rights": "people#who-may-do-what",
    "/proposals": "people#four-eyes",
    "/privacy": "people#personal-data",
    "/my/data": "resident#your-data",
    "/issues/*/data": "resident#your-data",
    "/my/rights": "people#who-may-do-what",
    "/subscriptions": "operations#webhooks",
    "/keys": "operations#keys-of-the-api",
    "/messages/defaults": "messages#what-the-office-sets",
    "/definitions/*/messages": "messages#who-is-told-of-what",
    "/senders": "messages#senders",
    "/senders/*/templates": "senders#templates",
    "/undelivered": "messages#messages-that-reached-nobody",
    "/hooks": "messages#receipts",
    "/connections": "how-to#waiting-for-another-system",
    "/welcome": "people#the-office",
    "/audit": "operations#the-audit-log",
    "/backups": "operations#backup-and-restore",
    "/register": "people#the-register",
    "/register/coverage": "people#stations",
    "/register/coverage.xlsx": "people#stations",
    "/register/standard": "people#stations",
    "/register/haves": "people#stations",
    "/register/industries": "people#stations",
    "/register/stations/*/haves": "people#stations",
    "/outbox": "administrator#when-something-fails",
}


def topic(path: str, person: Viewer | None) -> str:
    """The address of the help for a page; that of all guides where the page is about nothing in particular."""
    said = _said([part for part in path.split("/") if part])
    named = said if isinstance(said, str) else said.get(role_of(person), "")
    return f"{ALL}/{named}" if named else ALL


def _said(parts: list[str]) -> str | Mapping[Role, str]:
    if not parts:
        return TOPICS["/"]
    fitting = (pattern for pattern in TOPICS if pattern != "/" and _fits(pattern.split("/")[1:], parts))
    longest = max(fitting, key=lambda pattern: pattern.count("/"), default=None)
    return TOPICS[longest] if longest else ""


def _fits(pattern: list[str], parts: list[str]) -> bool:
    return len(pattern) <= len(parts) and all(
        wanted in ("*", part) for wanted, part in zip(pattern, parts, strict=False)
    )
