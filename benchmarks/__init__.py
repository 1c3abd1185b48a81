"""Benchmarks: each prints a ratio to a peer or a floor that ran beside it."""

import os
from datetime import date

from huying.keys.ring import new_keys

# what is measured is sealed as in a house, by a ring of this run
os.environ.setdefault("HUYING_KEYS", new_keys(date(2026, 3, 1)).written())
