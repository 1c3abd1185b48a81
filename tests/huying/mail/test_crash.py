"""The process that takes mail is killed at any moment: what it said it took is there, and what comes again is there once."""

from __future__ import annotations

import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.huying.mail.post import DOMAIN, Post, letter
from tests.patience import within
from tests.ports import free_port

_ROOT = Path(__file__).resolve().parents[3]
_MAILS = 40


@contextmanager
def _taking(post: Post, folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """``huying mail``, as the supervisor starts it."""
    url = post.town.house.database.engine.url.render_as_string(hide_password=False)
    environment = {
        **os.environ,
        "HUYING_HOME": str(folder),
        "HUYING_DATABASE_URL": url,
        "HUYING_MAIL_DOMAIN": DOMAIN,
        "HUYING_MAIL_LISTEN": f"lmtp://127.0.0.1:{port}",
    }
    output = (folder / "log").open("ab")
    with (
        output,
        subprocess.Popen(
            [sys.executable, "-m", "huying", "mail"], cwd=_ROOT, env=environment, stdout=output, stderr=output
        ) as process,
    ):
        try:
            _wait(process, port, folder / "log")
            yield process
        finally:
            process.terminate()
            process.wait(within(20))


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + within(30)
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text("utf-8")
        try:
            smtplib.LMTP("127.0.0.1", port, timeout=5).quit()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text("utf-8"))


def _sent(port: int, raw: bytes) -> bool:
    """Whether the other side said that it took a mail."""
    try:
        with smtplib.LMTP("127.0.0.1", port, timeout=within(10)) as client:
            client.sendmail("ling@example.cn", [f"shiqing.xg@{DOMAIN}"], raw)
    except (smtplib.SMTPException, OSError):
        return False
    return True


def test_killed_between_taking_and_keeping_it_loses_nothing(post: Post, tmp_path: Path) -> None:
    mails = [letter(f"p{at}@example.cn", subject=f"第 {at} 封") for at in range(_MAILS)]
    port = free_port()
    with _taking(post, tmp_path, port) as process, ThreadPoolExecutor(4) as several:
        sending = [several.submit(_sent, port, raw) for raw in mails]
        while sum(one.done() for one in sending) < _MAILS // 4:
            time.sleep(0.001)
        os.kill(process.pid, signal.SIGKILL)
        took = [one.result() for one in sending]
    assert any(took)
    assert not all(took)
    # what was kept in the moment of the kill may be more than what was said to be
    assert len(post.rows()) >= sum(took)
    with _taking(post, tmp_path, port):
        # a mail server brings again what was not taken; some bring again what was
        assert all(_sent(port, raw) for raw in mails)
    # that process read a real clock
    post.town.clock.now = max(row.available_at for row in post.rows())
    while post.place().placed:
        pass
    rows = post.rows()
    assert len(rows) == _MAILS
    assert {row.state for row in rows} == {"opened"}
    assert {row.subject for row in rows} == {f"第 {at} 封" for at in range(_MAILS)}
