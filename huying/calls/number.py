"""The number of a caller, as it is kept and as somebody known is found by it, however the telephone system writes it."""

from __future__ import annotations

import re
import unicodedata

from definitions.forms.address import digits

#: What stands behind the number: an extension.
_EXTENSION = re.compile(r"\s*(转|转接|分机|分机号|ext\.?|extension|x|;ext=|,|#)\s*[:.]?\s*[0-9]{1,6}\s*$", re.I)
#: Prefixes by which a carrier is chosen; they say nothing of who calls.
_CARRIER = re.compile(r"^(17951|12593|17911|17909)(?=[01])")
#: Shorter numbers are services such as 12345 and 95588: many call from them, so nobody is known by one.
_FEWEST, _MOST = 7, 15
#: A number with its area code, or of a mobile phone, has at least so many digits.
_NATIONAL = 10


def plain_number(text: str) -> str:
    """A number without its extension and full-width signs; nothing for one that is withheld."""
    narrow = _EXTENSION.sub("", unicodedata.normalize("NFKC", text or "").strip())
    found = digits(narrow)
    return narrow[:40] if found and sum(one.isalpha() for one in narrow) == 0 else ""


def known_as(text: str, area_code: str = "") -> tuple[str, ...]:
    """As which numbers somebody may be known who calls from this one: with the default area code and without; none of a service."""
    found = _CARRIER.sub("", digits(plain_number(text)))
    if len(found) == _NATIONAL + 2 and found.startswith("01"):
        # a mobile phone that was dialled as a trunk call
        found = found[1:]
    if _NATIONAL <= len(found) <= _NATIONAL + 1 and found[0] in "235679":
        # from abroad, or as E.164 has it, an area code stands without its zero
        found = f"0{found}"
    if not _FEWEST <= len(found) <= _MOST:
        return ()
    if area_code and len(found) < _NATIONAL and not found.startswith("0"):
        return (area_code + found, found)
    if area_code and found.startswith(area_code) and len(found) - len(area_code) in (7, 8):
        return (found, found.removeprefix(area_code))
    return (found,)
