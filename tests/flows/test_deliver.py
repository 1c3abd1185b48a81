"""What staff see of messages that were not accepted."""

import pytest

from huying.words.mask import mask


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("chen.li@example.org", "c***@example.org"),
        ("13800138000", "138****00"),
        ("550 <chen@example.org>: full", "550 <c***@example.org>: full"),
        ("连接超时 30 秒", "连接超时 30 秒"),
    ],
)
def test_addresses_are_masked(text: str, shown: str) -> None:
    assert mask(text) == shown
