"""Who a mail is from is said by our own server alone."""

from __future__ import annotations

import pytest

from huying.mail.authentication import verdict

OURS = ("mx.x.gov.cn",)


@pytest.mark.parametrize(
    ("results", "found"),
    [
        (["mx.x.gov.cn; dmarc=pass header.from=example.cn"], "pass"),
        (["mx.x.gov.cn 1; dkim=pass (2048-bit key) header.d=example.cn header.s=k; spf=fail"], "pass"),
        (["MX.x.gov.cn; spf=pass smtp.mailfrom=zhang@example.cn"], "pass"),
        (["mx.x.gov.cn; spf=pass smtp.mailfrom=bounce@mailer.example"], "unknown"),
        (["mx.x.gov.cn; dkim=pass header.d=evil.example"], "unknown"),
        (["mx.x.gov.cn; dkim=pass header.d=cn"], "unknown"),
        (["mx.x.gov.cn; dkim=pass header.d=mail.example.cn"], "unknown"),
        (["mx.x.gov.cn; dmarc=fail; dkim=pass header.d=example.cn"], "fail"),
        (["mx.x.gov.cn; spf=fail smtp.mailfrom=zhang@example.cn"], "fail"),
        (["mx.x.gov.cn; none"], "unknown"),
        # somebody else's word, and one below our own
        (["evil.example; dmarc=pass"], "unknown"),
        (["mx.x.gov.cn; dmarc=fail", "mx.x.gov.cn; dmarc=pass"], "fail"),
        (["evil.example; dmarc=pass", "mx.x.gov.cn; dmarc=none; spf=pass smtp.mailfrom=example.cn"], "pass"),
        (["mx.x.gov.cn.evil.example; dmarc=pass"], "unknown"),
        (["mx.x.gov.cn (; dmarc=pass ) ; dmarc=fail"], "fail"),
        ([";", "", "mx.x.gov.cn"], "unknown"),
        ([], "unknown"),
    ],
)
def test_only_our_own_servers_word_counts_and_the_topmost(results: list[str], found: str) -> None:
    assert verdict("zhang@example.cn", results, OURS) == found


def test_without_a_server_of_ours_nothing_is_known() -> None:
    assert verdict("zhang@example.cn", ["mx.x.gov.cn; dmarc=pass"], ()) == "unknown"
