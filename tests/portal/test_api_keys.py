"""Keys of the API by page: made and shown once, agreed to by their owner, ended by either."""

from __future__ import annotations

import re

from tests.huying.town import administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

_KEY = re.compile(r"hy_[0-9A-Za-z]{8}_[0-9A-Za-z]{32}_[0-9a-f]{8}")


_WISH = {"name": "统计平台", "login": "clerk", "field.scopes": "issues:read", "scope": "house", "until": "2027-03-01"}


def _admin(town: PortalTown) -> Visitor:
    administrator(town.house)
    return town.visitor("admin")


def _tasks(town: PortalTown, key: str) -> int:
    headers = {"Authorization": f"Bearer {key}"}
    return int(town.visitor().http.get("/api/v1/tasks", headers=headers).status_code)


def test_a_key_is_made_shown_once_agreed_to_and_ended(town: PortalTown) -> None:
    admin = _admin(town)
    text = admin.send("/keys", "/keys", _WISH)
    found = _KEY.search(text)
    assert found
    key = found[0]
    assert "等本人同意" in plain(text)
    assert _tasks(town, key) == 401
    text = admin.see("/keys")
    assert not _KEY.search(text)
    assert "统计平台" in text

    clerk = town.visitor("clerk")
    assert "统计平台" in clerk.see("/account/keys")
    clerk.send("/account/keys", f"/account/keys/{key[3:11]}/agree")
    assert _tasks(town, key) == 200
    clerk.send("/account/keys", f"/account/keys/{key[3:11]}/end")
    assert _tasks(town, key) == 401


def test_what_cannot_be_meant_is_said_at_its_entry_and_what_was_written_stays(town: PortalTown) -> None:
    wrong = {"name": "平台", "login": "nobody", "scope": "house", "until": "2099-01-01"}
    text = _admin(town).send("/keys", "/keys", wrong, status=422)
    said = plain(text)
    for words in ("没有这个在用的用户名", "请至少勾选一项用途", "从明天起到一年以内"):
        assert words in said
    assert 'value="平台"' in text


def test_another_one_s_key_is_not_mine_to_end(town: PortalTown) -> None:
    key = _KEY.search(_admin(town).send("/keys", "/keys", _WISH))
    assert key
    deputy = town.visitor("deputy")
    for do in ("agree", "end"):
        form = deputy.hidden("/account", "/logout")
        answer = deputy.http.post(f"/account/keys/{key[0][3:11]}/{do}", data=form)
        assert answer.status_code == 404
