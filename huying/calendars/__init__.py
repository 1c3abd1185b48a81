"""Calendars as people meet them: imported, fed to their phones, and shown."""
