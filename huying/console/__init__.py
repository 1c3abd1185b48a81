"""What staff do on Prefect's pages: their forms, and what becomes of what they ask for there; the kernel decides, as everywhere."""

from __future__ import annotations

from huying.console.desk import Desk, desk_of
from huying.console.form import StaffForm, staff_form
from huying.console.requests import Asked, Replied, reply_to

__all__ = ["Asked", "Desk", "Replied", "StaffForm", "desk_of", "reply_to", "staff_form"]
