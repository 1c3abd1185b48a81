"""Calendars as data: working days, notices of the State Council, their reader."""
