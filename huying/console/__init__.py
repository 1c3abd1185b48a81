"""What staff do on Prefect's pages: their forms, and what becomes of what they ask for there; the kernel decides, as everywhere."""

from __future__ import annotations

from huying.console.desk import Desk, desk_of
from huying.console.form import StaffForm, staff_form
from huying.console.requests import MEANINGS, Asked, Replied, What, reply, reply_to

__all__ = ["MEANINGS", "Asked", "Desk", "Replied", "StaffForm", "What", "desk_of", "reply", "reply_to", "staff_form"]
