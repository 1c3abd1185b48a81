"""How much something takes is written one way."""

from __future__ import annotations

import pytest

from huying.words.size import size_words


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (712_400, "712 kB"),
        (999_600, "1.0 MB"),
        (1_300_000, "1.3 MB"),
        (17_200_000, "17 MB"),
        (3_400_000_000, "3.4 GB"),
        (5_000_000_000_000_000, "5000 TB"),
    ],
)
def test_bytes_are_said_by_thousands(size: int, said: str) -> None:
    assert size_words(size) == said
