"""A mail server and a web server for the tests of what leaves a town."""

from __future__ import annotations

from tests.notifications.conftest import mail_server, web_server

__all__ = ["mail_server", "web_server"]
