"""Settings of several processes: which there are then, what must fit together, and how a misfit is told."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from huying.database.connections import Database
from huying.services import arrangement, balancer
from huying.services.parts import prefect_ports, processes, taken_ports
from huying.services.socket import listen, shared_socket
from huying.settings import SettingError, Settings, read
from tests.acceptance.fleet import needs
from tests.patience import within
from tests.ports import free_port

PREFECT = "postgresql://prefect:secret-word@127.0.0.1/prefect"
OWN = "postgresql://huying:secret-word@127.0.0.1/huying"


def settings(home: Path, **values: object) -> Settings:
    """The settings of an environment, by their names without the prefix."""
    return read({"HUYING_HOME": str(home), **{f"HUYING_{name.upper()}": str(value) for name, value in values.items()}})


@pytest.fixture
def redis_port() -> Iterator[int]:
    """Where something listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_by_default_there_is_one_of_each(tmp_path: Path) -> None:
    made = settings(tmp_path)
    arrangement.check(made)
    assert [one.name for one in processes(made, None)] == ["prefect", "portal", "dispatcher"]
    assert taken_ports(made) == [("HUYING_PORTAL_PORT", 8080), ("HUYING_PREFECT_PORT", 4200)]


def test_several_of_each_stand_beside_one_another(tmp_path: Path, redis_port: int) -> None:
    several = {"portals": 2, "dispatchers": 3, "prefect_servers": 2, "prefect_auth": "staff:correct-horse"}
    addresses = {"database_url": OWN, "prefect_database_url": PREFECT, "redis_url": f"redis://127.0.0.1:{redis_port}/0"}
    made = settings(tmp_path, **several, **addresses)
    needs("haproxy")
    arrangement.check(made)
    found = {one.name: one for one in processes(made, 7)}
    assert list(found) == [
        *("prefect-1", "prefect-2", "prefect-services", "prefect-balancer"),
        *("portal-1", "portal-2", "dispatcher-1", "dispatcher-2", "dispatcher-3"),
    ]
    assert prefect_ports(made) == [4201, 4202]
    assert [port for _, port in taken_ports(made)] == [8080, 4200, 4201, 4202]
    assert found["portal-1"].command[-2:] == ["--fd", "7"]
    assert found["portal-2"].passed == (7,)
    assert "secret-word" not in " ".join(word for one in found.values() for word in one.command), "ps shows commands"
    assert found["prefect-2"].environment["PREFECT_SERVER_API_AUTH_STRING"] == "staff:correct-horse"


def test_a_prefect_from_elsewhere_is_not_started(tmp_path: Path) -> None:
    made = settings(tmp_path, prefect_api_url="https://prefect.example/api/")
    assert made.prefect_api_url == "https://prefect.example/api"
    arrangement.check(made)
    assert [one.name for one in processes(made, None)] == ["portal", "dispatcher"]
    assert taken_ports(made) == [("HUYING_PORTAL_PORT", 8080)]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"portals": "0"}, "HUYING_PORTALS.*1 到 64.*from 1 to 64"),
        ({"dispatchers": "two"}, "HUYING_DISPATCHERS"),
        ({"dispatchers": 2}, "HUYING_DISPATCHERS=2.*PostgreSQL"),
        ({"prefect_servers": 2}, "HUYING_PREFECT_SERVERS=2.*HUYING_PREFECT_DATABASE_URL"),
        ({"prefect_servers": 2, "prefect_database_url": PREFECT}, "HUYING_REDIS_URL"),
        ({"prefect_database_url": "sqlite:///x.db"}, "HUYING_PREFECT_DATABASE_URL.*postgresql://"),
        ({"prefect_database_url": OWN, "database_url": OWN}, "不能与 HUYING_DATABASE_URL 是同一个库.*another one"),
        (
            {"prefect_database_url": OWN.replace("127.0.0.1", "localhost:5432"), "database_url": OWN},
            "同一个库",
        ),
        ({"redis_url": "http://127.0.0.1"}, "HUYING_REDIS_URL.*redis://"),
        ({"redis_url": "redis://:secret-word@127.0.0.1:1/0"}, "127.0.0.1:1 连不上.*cannot be reached"),
        ({"prefect_api_url": "https://staff:secret-word@prefect.example/api"}, "HUYING_PREFECT_AUTH"),
        ({"prefect_api_url": "https://prefect.example"}, "HUYING_PREFECT_API_URL.*/api"),
        ({"prefect_api_url": "https://prefect.example/api", "redis_url": "redis://x"}, "HUYING_REDIS_URL.*另行启动"),
        ({"prefect_auth": "secret-word"}, "HUYING_PREFECT_AUTH"),
        ({"prefect_auth": "staff:secret"}, "至少 8 位.*at least 8"),
    ],
)
def test_what_does_not_fit_is_told_in_both_languages_and_without_passwords(
    tmp_path: Path, values: dict[str, object], says: str
) -> None:
    with pytest.raises(SettingError, match=says) as told:
        arrangement.check(settings(tmp_path, **values))
    assert "secret" not in str(told.value)


def test_the_balancer_takes_what_it_is_told(tmp_path: Path) -> None:
    needs("haproxy")
    command = balancer.command(tmp_path, free_port(), [4201, 4202])
    told = subprocess.run([*command[:1], "-c", *command[2:]], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    text = (tmp_path / "haproxy.cfg").read_text("utf-8")
    assert "server prefect-1 127.0.0.1:4201" in text
    assert "server prefect-2 127.0.0.1:4202" in text


PORTAL = """
import sys, uvicorn
from huying.services.socket import shared_socket
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
import os
app = Starlette()
app.add_route("/", lambda request: PlainTextResponse(str(os.getpid())))
uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[shared_socket(int(sys.argv[1]))])
"""


def test_a_request_that_finds_no_portal_waits_for_one() -> None:
    port = free_port()
    with listen(port) as listening:
        number = listening.fileno()

        def start() -> subprocess.Popen[bytes]:
            return subprocess.Popen([sys.executable, "-c", PORTAL, str(number)], pass_fds=(number,))

        running = start()
        try:
            assert httpx.get(f"http://127.0.0.1:{port}/", timeout=within(30)).text == str(running.pid)
            running.kill()
            running.wait()
            # nobody is there, and yet nobody is refused: the socket is the supervisor's
            with socket.create_connection(("127.0.0.1", port)) as early:
                early.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                running = start()
                early.settimeout(within(30))
                assert b"200 OK" in early.recv(1000)
        finally:
            running.kill()
            running.wait()


def test_a_number_that_is_no_listening_socket_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w") as file, pytest.raises(SettingError, match="--fd"):
        shared_socket(file.fileno())
    with pytest.raises(SettingError, match="--fd 999"):
        shared_socket(999)


def test_several_machines_may_prepare_one_house_at_once_with_or_without_a_sample(
    tmp_path: Path, postgres_url: str
) -> None:
    environment = {**os.environ, "HUYING_DATABASE_URL": postgres_url}

    def prepare(machine: int, *words: str) -> subprocess.Popen[bytes]:
        own = {**environment, "HUYING_HOME": str(tmp_path / str(machine))}
        command = [sys.executable, "-m", "huying", "prepare", *words]
        return subprocess.Popen(command, env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def said(*started: subprocess.Popen[bytes]) -> list[str]:
        words = [process.communicate(timeout=within(120))[0].decode() for process in started]
        assert [process.returncode for process in started] == [0] * len(started), words
        return words

    assert "sample city" not in said(prepare(1))[0]
    assert sum("sample city" in words for words in said(prepare(1, "--sample"), prepare(2, "--sample"))) == 1


def test_several_processes_may_bring_one_postgresql_database_up_to_date_at_once(postgres_url: str) -> None:
    command = [
        sys.executable,
        "-c",
        "import sys; from huying.database.connections import Database; Database(sys.argv[1]).migrate()",
    ]
    started = [subprocess.Popen([*command, postgres_url], stderr=subprocess.PIPE) for _ in range(3)]
    said = [process.communicate(timeout=within(120))[1].decode() for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said
    database = Database(postgres_url)
    database.migrate()
    database.close()
