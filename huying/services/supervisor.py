"""One command that starts everything: Prefect's server, the dispatcher and the portal, and keeps them running until it is told to stop."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

import httpx

from huying.console.address import BASE
from huying.database.connections import Database
from huying.demo import province
from huying.demo.clearance import lose_old_view
from huying.demo.sample import Size, logins
from huying.house.office import OfficeProfile, Offices
from huying.services import arrangement
from huying.services.first_start import first_link, prepare
from huying.services.parts import processes, taken_ports, upgrade_prefect
from huying.services.socket import listen
from huying.settings import SettingError, Settings

_READY_WITHIN = 180.0
_STOP_WITHIN = 10.0
_SLOWEST_RESTART = 30.0
#: A process that ran so long before it ended is started again at once: it was not its start that failed.
_RAN_WELL = 15.0


@dataclass
class _Part:
    """One process; started again, ever more slowly, when it ends by itself."""

    name: str
    title: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    passed: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    not_before: float = 0.0
    started_at: float = 0.0
    _file: IO[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.log.open("ab")
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=self._file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent,
            pass_fds=self.passed,
        )

    def watch(self, now: float) -> None:
        """Start it if it is time; note when it has ended."""
        if self.process is not None and self.process.poll() is not None:
            self.failures = 0 if now - self.started_at > _RAN_WELL else self.failures + 1
            wait = min(_SLOWEST_RESTART, 0.5 * 2 ** min(self.failures, 10))
            print(
                f"! {self.title}退出（{self.process.returncode}），{wait:g} 秒后重启。 It will be started again.",
                flush=True,
            )
            print(f"  {self._last_words()}\n  {self.log}", flush=True)
            self.process, self.not_before = None, now + wait
        if self.process is None and now >= self.not_before:
            self.started_at = now
            self.start()

    def _last_words(self) -> str:
        """The last line of its log, which mostly says why it ended."""
        lines = self.log.read_text("utf-8", errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else ""

    def ask_to_end(self) -> None:
        """Ask it to end, and do not wait."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, deadline: float) -> None:
        """Wait until it has ended, then make it."""
        if self.process is not None and self.process.poll() is None:
            try:
                self.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        if self._file:
            self._file.close()


def _end_with_parent() -> None:
    """Have the kernel end this process when the supervisor is gone (Linux; elsewhere the ports tell of a leftover)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def up(settings: Settings, *, demo: bool, sample: Size | None) -> int:
    """Start everything, say where it is, and stay until Ctrl-C or SIGTERM; the exit code."""
    # it holds people's data: nobody else on this machine may look into it
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.home / "supervisor.lock").open("w") as lock:
        _only_one(lock, settings)
        arrangement.check(settings)
        for name, port in taken_ports(settings):
            _free(name, port, settings.host if name == "HUYING_PORTAL_PORT" else "127.0.0.1")
        stop = _StopSignal()
        print("呼应 Huying 正在启动… starting …", flush=True)
        prepare(settings, tell=_tell, sample=sample)
        if lose_old_view(settings.home / "prefect", _office(settings).cleared_at):
            _tell("Prefect 不再显示示例城市 Prefect has forgotten the sample city")
        if upgrade_prefect(settings):
            _tell("Prefect 的数据库就绪 Prefect's database ready")
        # held here, so that it outlives each portal; one portal opens its own
        portals = listen(settings.portal_port, settings.host) if settings.portals > 1 else None
        parts = _parts(settings, portals.fileno() if portals else None)
        try:
            return _run(settings, parts, stop, demo)
        finally:
            _stop(parts)
            if portals:
                portals.close()


def _tell(words: str) -> None:
    print(f"  · {words}", flush=True)


class _StopSignal:
    """Becomes true at Ctrl-C or SIGTERM."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGINT, self._ask)
        signal.signal(signal.SIGTERM, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


def _only_one(lock: IO[str], settings: Settings) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise SettingError(
            "",
            f"数据目录 {settings.home} 已有一个呼应在运行。请先停止它，或用 HUYING_HOME 指定另一个目录。",
            f"Huying is already running on {settings.home}. Stop it first, or name another folder in HUYING_HOME.",
        ) from None


def _free(name: str, port: int, host: str) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise SettingError(
                "",
                f"端口 {port} 已被占用。请换一个端口，例如 {name}={port + 1} scripts/up",
                f"Port {port} is taken. Choose another one, for example {name}={port + 1} scripts/up",
            ) from None


def _parts(settings: Settings, listening: int | None) -> list[_Part]:
    logs = settings.home / "logs"
    return [
        _Part(one.name, one.title, one.command, one.environment, logs / f"{one.name}.log", one.passed)
        for one in processes(settings, listening)
    ]


def _run(settings: Settings, parts: list[_Part], stop: _StopSignal, demo: bool) -> int:
    if not _wait_until_ready(settings, parts, stop):
        return 0 if stop.asked else 1
    _print_addresses(settings)
    if demo:
        from huying.demo.play import play

        play(settings, stopped=lambda: stop.asked)
    print("按 Ctrl-C 停止。 Press Ctrl-C to stop.", flush=True)
    while not stop.asked:
        _watch(parts)
        time.sleep(0.3)
    print("\n正在停止… stopping …", flush=True)
    return 0


def _watch(parts: list[_Part]) -> None:
    now = time.monotonic()
    for part in parts:
        part.watch(now)


def _wait_until_ready(settings: Settings, parts: list[_Part], stop: _StopSignal) -> bool:
    """Wait for the portal to say that all are ready, telling of each part once it is."""
    begun, told = time.monotonic(), set[str]()
    while not stop.asked:
        _watch(parts)
        state = _health(settings)
        for name, trouble in state.items():
            if trouble is None and name not in told:
                told.add(name)
                print(f"  · {name} 就绪 ready（{time.monotonic() - begun:.0f} s）", flush=True)
        if state and not any(state.values()):
            return True
        if time.monotonic() - begun > _READY_WITHIN:
            waiting = [name for name, trouble in state.items() if trouble] or ["portal"]
            logs = settings.home / "logs"
            print(f"启动超时：{', '.join(waiting)}；日志在 {logs}。 Not ready in time; see the logs.", file=sys.stderr)
            return False
        time.sleep(0.3)
    return False


def _health(settings: Settings) -> dict[str, object]:
    try:
        answer = httpx.get(f"{settings.portal_here}/healthz", timeout=5)
        parts: dict[str, object] = answer.json()["parts"]
        return parts
    except (httpx.HTTPError, ValueError, KeyError):
        return {}


def _office(settings: Settings) -> OfficeProfile:
    database = Database(settings.database_url)
    try:
        return Offices(database).now()
    finally:
        database.close()


def _guide(settings: Settings) -> Mapping[str, str] | None:
    database = Database(settings.database_url)
    try:
        return province.guide(database)
    finally:
        database.close()


def _print_addresses(settings: Settings) -> None:
    portal = settings.portal_url
    sample = _office(settings).sample
    messages = "" if settings.smtp_url or not sample else f"\n  已发消息 Messages       {portal}/outbox"
    print(
        f"""
呼应已经启动。 Huying is up.

  门户 Portal            {portal}
  事项运行 Prefect UI     {portal}{BASE}{messages}
  数据目录 Data folder    {settings.home}
""",
        flush=True,
    )
    if sample:
        print(logins(_guide(settings)), flush=True)
    elif first := first_link(settings):
        link, until = first
        print(
            f"""\
这里还没有管理员。请打开这个网址，设好口令，就是第一位管理员（只能用一次，{until.zh}前有效）：
Nobody looks after this house yet. Whoever opens this address becomes its first administrator (once, until {until.en}):

  {link.address(portal)}
""",
            flush=True,
        )


def _stop(parts: list[_Part]) -> None:
    """Our own first, so that what they have under way is still seen in Prefect; those of a kind at once."""
    deadline = time.monotonic() + _STOP_WITHIN
    prefect = [part for part in parts if part.name.startswith("prefect")]
    for group in ([part for part in parts if part not in prefect], prefect):
        for part in group:
            part.ask_to_end()
        for part in group:
            part.end(deadline)
