"""The second factor: codes of an authenticator (TOTP, RFC 6238), and ten codes that work once each for whoever has lost it, or their passkeys."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from engine.refusal import Refusal
from huying.access.journal import noted, noted_failure
from huying.access.secret import kept_secret, read_secret
from huying.access.sessions import has_second_factor, token_hash
from huying.database.tables import passkeys, second_factors, sessions
from huying.house.house import House

_STEP = 30
#: A code is taken a step early or late; so far back we look whether a clock is slow. Codes to come are never told apart: they will be good.
_TOLERANCE, _SLOW = 1, 40
_RECOVERY, _LETTERS = 10, "abcdefghjkmnpqrstuvwxyz23456789"
#: After so many wrong codes the passphrase is asked for again, which is braked.
MOST_TRIES = 5
_SECRET = re.compile(r"[A-Z2-7]{32}")
_f = second_factors.c


class WrongCode(Refusal):
    """A code of a second factor that is not taken; the words say why, where that may be said."""

    code = "wrong-code"


_WRONG = (
    "验证码不对。请输入手机上正在显示的那 6 位；总是不对的话，请看手机时间是不是自动对时。",
    "This code is wrong. Type the 6 digits that are shown now; if it never works, see that your phone sets its clock by itself.",
)
_USED = (
    "这个验证码刚刚用过了，请等手机上出现下一个。",
    "This code was used a moment ago; please wait until the next one is shown.",
)


def new_secret() -> str:
    """A secret for somebody's authenticator, which is theirs once they have shown a code made with it."""
    return pyotp.random_base32()


def provisioning(secret: str, login: str, house: str) -> str:
    """The address that an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=house)


def set_up(connection: Connection, person: int, secret: str, code: str, now: datetime) -> tuple[str, ...]:
    """Make an authenticator somebody's second factor, in place of the one before; their recovery codes, shown this once. ``WrongCode`` otherwise."""
    if not _SECRET.fullmatch(secret):
        raise WrongCode("这个页面已失效，请重新开始设置。", "This page is over; please begin again.")
    step = _step_of(secret, _cleaned(code), now, after=0)
    connection.execute(delete(second_factors).where(_f.participant_id == person))
    row = {
        "participant_id": person,
        "kind": "totp",
        "secret": kept_secret(connection, secret),
        "last_step": step,
        "made_at": now,
    }
    connection.execute(insert(second_factors), row)
    noted(connection, "second-factor-set", person)
    return renew_recovery(connection, person, now)


def renew_recovery(connection: Connection, person: int, now: datetime) -> tuple[str, ...]:
    """Ten new codes in place of those before."""
    codes = tuple("-".join(_letters() for _ in range(4)) for _ in range(_RECOVERY))
    connection.execute(delete(second_factors).where(_f.participant_id == person, _f.kind == "recovery"))
    base = {"participant_id": person, "kind": "recovery", "made_at": now, "last_step": 0}
    connection.execute(insert(second_factors), [{**base, "secret": _hashed(code)} for code in codes])
    return codes


def _letters() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(4))


def take_off(connection: Connection, person: int, by: int | None = None) -> None:
    """Ask somebody for no second factor any more: authenticator, recovery codes and passkeys go."""
    connection.execute(delete(second_factors).where(_f.participant_id == person))
    connection.execute(delete(passkeys).where(passkeys.c.participant_id == person))
    noted(connection, "second-factor-taken-off", person, by)


def take_off_authenticator(connection: Connection, person: int) -> None:
    """Take off one's own authenticator; the recovery codes stay for whoever has passkeys."""
    connection.execute(delete(second_factors).where(_f.participant_id == person, _f.kind == "totp"))
    if not has_second_factor(connection, person):
        take_off_recovery(connection, person)
    noted(connection, "second-factor-taken-off", person)


def take_off_recovery(connection: Connection, person: int) -> None:
    """End the recovery codes of somebody who has no second factor any more."""
    connection.execute(delete(second_factors).where(_f.participant_id == person, _f.kind == "recovery"))


def has_authenticator(connection: Connection, person: int) -> bool:
    """Whether somebody has set up an authenticator."""
    query = select(_f.id).where(_f.participant_id == person, _f.kind == "totp")
    return connection.execute(query).first() is not None


def recovery_left(connection: Connection, person: int) -> int:
    """How many recovery codes somebody has left."""
    query = select(func.count()).where(_f.participant_id == person, _f.kind == "recovery", _f.used_at.is_(None))
    return int(connection.execute(query).scalar_one())


def passed(connection: Connection, person: int, code: str, now: datetime) -> bool:
    """Take a code of the authenticator, or a recovery code, and use it up; whether it was the latter. ``WrongCode`` otherwise."""
    written = _cleaned(code)
    if len(written) > 6:
        _recovered(connection, person, written, now)
        return True
    row = connection.execute(select(second_factors).where(_f.participant_id == person, _f.kind == "totp")).one_or_none()
    if row is None:
        raise WrongCode(*_WRONG)
    _take_step(connection, row, _step_of(read_secret(connection, row.secret), written, now, row.last_step), now)
    noted(connection, "second-factor-passed", person)
    return False


def _take_step(connection: Connection, row: Row[Any], step: int, now: datetime) -> None:
    # of two at once with the same code only one is let in
    taken = update(second_factors).where(_f.id == row.id, _f.last_step < step).values(last_step=step, used_at=now)
    if not connection.execute(taken).rowcount:
        raise WrongCode(*_USED)


def _recovered(connection: Connection, person: int, written: str, now: datetime) -> None:
    used = update(second_factors).where(
        _f.participant_id == person, _f.kind == "recovery", _f.used_at.is_(None), _f.secret == _hashed(written)
    )
    if not connection.execute(used.values(used_at=now)).rowcount:
        raise WrongCode(
            "这个恢复码不对，或者已经用过；每个只能用一次。",
            "This recovery code is wrong, or was used already; each works once.",
        )
    noted(connection, "recovery-code-used", person)


def _step_of(secret: str, code: str, now: datetime, after: int) -> int:
    """The thirty seconds to which a code belongs, later than ``after``; ``WrongCode`` with what may help."""
    totp, current = pyotp.TOTP(secret), int(now.timestamp()) // _STEP
    near = [one for one in range(current - _TOLERANCE, current + _TOLERANCE + 1) if _is(totp, one, code)]
    fresh = [one for one in near if one > after]
    if fresh:
        return fresh[0]
    if near:
        raise WrongCode(*_USED)
    for late in range(_TOLERANCE + 1, _SLOW + 1):
        if current - late > after and _is(totp, current - late, code):
            minutes = max(1, round(late * _STEP / 60))
            raise WrongCode(
                f"这是大约 {minutes} 分钟前的验证码。请输入现在显示的；如果它正显示着，就是手机的时间慢了，请设为自动对时。",
                f"This code is about {minutes} minutes old. Type the one shown now; if it is this one, your phone's clock is slow: let it be set"
                " by itself.",
            )
    raise WrongCode(*_WRONG)


def _is(totp: pyotp.TOTP, step: int, code: str) -> bool:
    return hmac.compare_digest(totp.generate_otp(step), code)


def _cleaned(code: str) -> str:
    """A code as it is compared: full width and spaces are habits of input methods."""
    plain = unicodedata.normalize("NFKC", code[:100]).casefold()
    return "".join(one for one in plain if one.isascii() and one.isalnum())


def _hashed(code: str) -> str:
    return hashlib.sha256(_cleaned(code).encode()).hexdigest()


def count_try(house: House, token: str) -> bool:
    """Count a wrong code; whether the log-in may go on. After ``MOST_TRIES`` it ends, and begins with the passphrase again."""
    c = sessions.c
    with house.database.writing() as connection:
        mine = c.token_hash == token_hash(token)
        more = update(sessions).where(mine).values(tries=c.tries + 1).returning(c.tries, c.participant_id)
        row = connection.execute(more).one_or_none()
        over = row is None or row.tries >= MOST_TRIES
        if over:
            connection.execute(delete(sessions).where(mine))
    noted_failure(house.database.engine, "second-factor-refused", row.participant_id if row else None)
    return not over
