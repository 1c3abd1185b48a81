"""What passkeys are asked and how their answers are judged (WebAuthn level 2, §7): origin, site, question, signature, count, owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from huying.access.challenge import CHALLENGE_LASTS, Challenge, new_challenge, use_challenge
from huying.access.journal import noted_failure
from huying.access.passkey import NewPasskey, WrongPasskey, check_room, credentials_of, handle_of, keep_passkey
from huying.access.passkey_site import PasskeySite
from huying.database.tables import participants, passkeys
from huying.house.house import House

_MILLISECONDS = int(CHALLENGE_LASTS.total_seconds() * 1000)
#: More characters than this are no answer, but an attempt to keep us busy.
_LONGEST = 20_000
_p = passkeys.c

_OVER = (
    "这次操作已过期，或者不是在这个浏览器里开始的。请再试一次。",
    "This is over, or was not begun in this browser; please try again.",
)
_NOT_TAKEN = (
    "这个通行密钥没有通过验证。请再试一次；总是不行的话，请用口令登录。",
    "This passkey was not accepted. Please try again; if it never works, log in with your passphrase.",
)
_UNKNOWN = (
    "这个通行密钥不是这个账号的，或者已经删除。请选另一个，或用口令登录。",
    "This passkey does not belong to this account, or was removed. Choose another one, or log in with your passphrase.",
)
_COUNTED_BACK = (
    "这个通行密钥的使用次数对不上，可能被人复制过，没有接受。请用口令登录，删除它再重新添加，并告诉管理员。",
    "The count of this passkey goes backwards: somebody may have copied it, so it was not accepted. Log in with your passphrase, remove it, add it "
    "anew, and tell an administrator.",
)
_DISABLED = (
    "这个账号已停用，请联系管理员。",
    "This account is disabled; please ask an administrator.",
)


@dataclass(frozen=True, slots=True)
class PasskeyOwner:
    """Who gets a passkey, and what authenticators show of them and of the house."""

    person: int
    login: str
    name: str
    house: str


@dataclass(frozen=True, slots=True)
class PasskeyAnswer:
    """What a browser sends for a question: the credential as JSON."""

    question: Challenge
    text: str


def options_to_add(connection: Connection, site: PasskeySite, owner: PasskeyOwner, browser: str, now: datetime) -> str:
    """What the browser needs for making a passkey, as JSON. ``WrongPasskey`` when there is no room for one more."""
    check_room(connection, owner.person)
    challenge = new_challenge(connection, Challenge("add", browser, owner.person), now)
    made = generate_registration_options(
        rp_id=site.rp_id,
        rp_name=owner.house,
        user_id=base64url_to_bytes(handle_of(connection, owner.person, challenge)),
        user_name=owner.login,
        user_display_name=owner.name,
        challenge=challenge,
        timeout=_MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_named(credentials_of(connection, owner.person)),
    )
    return options_to_json(made)


def options_to_show(connection: Connection, site: PasskeySite, question: Challenge, now: datetime) -> str:
    """What the browser needs for asking a passkey, as JSON: one of the person's, or any of this site where it is to say who somebody is."""
    known = question.person
    asked = generate_authentication_options(
        rp_id=site.rp_id,
        challenge=new_challenge(connection, question, now),
        timeout=_MILLISECONDS,
        allow_credentials=_named(credentials_of(connection, known)) if known is not None else [],
        user_verification=UserVerificationRequirement.PREFERRED
        if known is not None
        else UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(asked)


def _named(credentials: tuple[str, ...]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in credentials]


def add_passkey(house: House, site: PasskeySite, answer: PasskeyAnswer, name: str, now: datetime) -> tuple[str, ...]:
    """Keep the passkey that a browser has made for somebody; recovery codes for whoever has none. ``WrongPasskey`` otherwise."""
    person = answer.question.person
    assert person is not None
    challenge = _asked(house, answer, now)
    try:
        found = parse_registration_credential_json(answer.text)
        verified = verify_registration_response(
            credential=found, expected_challenge=challenge, expected_rp_id=site.rp_id, expected_origin=site.origin
        )
    except Exception as wrong:
        # these are bytes of a stranger, and the library has many ways of not understanding them
        raise _refused(house, person, _NOT_TAKEN) from wrong
    with house.database.writing() as connection:
        new = NewPasskey(
            credential=bytes_to_base64url(verified.credential_id),
            public_key=bytes_to_base64url(verified.credential_public_key),
            handle=handle_of(connection, person, challenge),
            name=name,
            sign_count=verified.sign_count,
            synced=verified.credential_device_type == CredentialDeviceType.MULTI_DEVICE,
        )
        return keep_passkey(connection, person, new, now)


def shown_passkey(house: House, site: PasskeySite, answer: PasskeyAnswer, now: datetime) -> int:
    """Whose passkey answered, which is in service; ``WrongPasskey`` otherwise.

    Where nothing else says who it is, the authenticator must have checked its owner: by face, finger, or a number.
    """
    alone = answer.question.person is None
    challenge = _asked(house, answer, now)
    try:
        found = parse_authentication_credential_json(answer.text)
    except Exception as wrong:
        raise _refused(house, answer.question.person, _NOT_TAKEN) from wrong
    row = _row(house, found.id)
    handle = found.response.user_handle
    if row is None or not _owned(row, answer.question, handle):
        raise _refused(house, answer.question.person, _UNKNOWN)
    try:
        verified = verify_authentication_response(
            credential=found,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(row.public_key),
            # compared below, where a count that goes backwards is told apart from a forged signature
            credential_current_sign_count=0,
            require_user_verification=alone,
        )
    except Exception as wrong:
        raise _refused(house, row.participant_id, _NOT_TAKEN) from wrong
    if not row.active:
        raise _refused(house, row.participant_id, _DISABLED)
    _count(house, row, verified.new_sign_count, now)
    return int(row.participant_id)


def _asked(house: House, answer: PasskeyAnswer, now: datetime) -> bytes:
    """The question that was answered, which is used up by that; ``WrongPasskey`` if it was not asked."""
    person = answer.question.person
    try:
        if len(answer.text) > _LONGEST:
            raise ValueError("too long")
        read = (
            parse_registration_credential_json
            if answer.question.purpose == "add"
            else parse_authentication_credential_json
        )
        challenge = parse_client_data_json(read(answer.text).response.client_data_json).challenge
    except Exception as wrong:
        raise _refused(house, person, _NOT_TAKEN) from wrong
    # in a transaction of its own: it is used up whatever comes of it
    with house.database.writing() as connection:
        if not use_challenge(connection, challenge, answer.question, now):
            raise _refused(house, person, _OVER)
    return challenge


def _row(house: House, credential: str) -> Row[Any] | None:
    query = (
        select(passkeys, participants.c.active)
        .join(participants, participants.c.id == _p.participant_id)
        .where(_p.credential == credential.rstrip("="))
    )
    with house.database.reading() as connection:
        return connection.execute(query).one_or_none()


def _owned(row: Row[Any], question: Challenge, handle: bytes | None) -> bool:
    """Whether it is the passkey of whoever is asked; where nobody was named, it has to say itself whose it is."""
    if question.person is not None and row.participant_id != question.person:
        return False
    if handle is None:
        return question.person is not None
    return bytes_to_base64url(handle) == str(row.handle)


def _count(house: House, row: Row[Any], count: int, now: datetime) -> None:
    forward = _p.sign_count < count if count or row.sign_count else _p.sign_count == 0
    with house.database.writing() as connection:
        used = update(passkeys).where(_p.id == row.id, forward).values(sign_count=count, used_at=now)
        if not connection.execute(used).rowcount:
            noted_failure(house.database.engine, "passkey-counted-back", row.participant_id)
            raise WrongPasskey(*_COUNTED_BACK)


def _refused(house: House, person: int | None, words: tuple[str, str]) -> WrongPasskey:
    noted_failure(house.database.engine, "passkey-refused", person)
    return WrongPasskey(*words)
