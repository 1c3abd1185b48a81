"""One real Prefect server for the session, on a free port, which tests may also kill."""

import os
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from prefect.context import SettingsContext
from prefect.settings import Settings, get_current_settings
from prefect.settings.profiles import Profile

from flows.gateway.server import api_url, client_environment, ready, server_command, server_environment
from flows.gateway.servers import guarded
from tests.patience import within
from tests.ports import free_port
from tests.prefect_home import furnish, keep


@dataclass
class Server:
    """A Prefect server in a process of its own."""

    home: Path
    port: int
    auth: str | None = None
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        return api_url(self.port)

    def start(self) -> None:
        new = furnish(self.home)
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                server_command(self.port),
                env={**os.environ, **guarded(server_environment(self.home, self.port, None), self.auth)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + within(60)
        while not ready(self.url):
            assert self.process.poll() is None, (self.home / "server.log").read_text("utf-8")
            assert time.monotonic() < deadline, (self.home / "server.log").read_text("utf-8")[-2000:]
            time.sleep(0.1)
        if new:
            keep(self.home)

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def lose_data(self) -> None:
        for file in self.home.glob("prefect.db*"):
            file.unlink()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Prefect's background services (logs, events) keep a connection each until the process ends, and drop it unclosed
    # when their server is killed: not ours to close (prefect.logging.handlers, prefect.events.clients)
    mark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(mark)


@contextmanager
def started(home: Path, auth: str | None = None) -> Iterator[Server]:
    """A server that runs until the end of the block."""
    one = Server(home=home, port=free_port(), auth=auth)
    try:
        one.start()
        yield one
    finally:
        one.kill()


@contextmanager
def _client_of(one: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """This process as a client of the server, whenever Prefect was imported."""
    for name, value in client_environment(one.home, one.port).items():
        monkeypatch.setenv(name, value)
    with SettingsContext(profile=Profile(name="tests", settings={}), settings=Settings()):
        assert get_current_settings().api.url == one.url
        yield one


@pytest.fixture(scope="session")
def one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with started(tmp_path_factory.mktemp("prefect")) as one:
        yield one


@pytest.fixture
def server(one_server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The server that most tests share; nobody harms it."""
    with _client_of(one_server, monkeypatch) as one:
        yield one


@pytest.fixture
def doomed_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server to be killed: what Prefect's client sends again to one that lost its data holds up the task runs of others for a while."""
    with started(tmp_path / "prefect") as own, _client_of(own, monkeypatch) as one:
        yield one


Until = Callable[[Callable[[], bool], float], Awaitable[None]]


@pytest.fixture
def until() -> Until:
    """Wait for something to become true, and fail when it does not."""
    import asyncio

    async def wait(true: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + within(seconds)
        while not true():
            assert time.monotonic() < deadline, f"not within {within(seconds)} s"
            await asyncio.sleep(0.02)

    return wait
