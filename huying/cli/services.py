"""Commands for the running house: start it, whole or in parts, name other systems, and verify what is there."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import orjson

from engine.refusal import Invalid
from huying.cli.command import add, number, opened
from huying.connections.calls import connect, disconnect, known_connections
from huying.settings import read

if TYPE_CHECKING:
    from huying.cli.command import Commands


def add_to(commands: Commands) -> None:
    """Add the commands."""
    connecting = add(commands, "connect", _connect, "登记外部系统。 Name another system that definitions may call.")
    connecting.add_argument(
        "key", nargs="?", help="流程里用的名字；不写则列出。 Its name in definitions; left out: list all."
    )
    connecting.add_argument("url", nargs="?")
    connecting.add_argument("--secret", help="双方约定的密钥，用于签名。 The secret with which both sign.")
    connecting.add_argument("--seconds", type=number, help="最多等它几秒，默认 10。 How long it may take to answer.")
    connecting.add_argument("--off", action="store_true", help="停用。 Call it no more.")
    up = add(commands, "up", _up, "启动全部服务。 Start everything.")
    up.add_argument(
        "--demo", action="store_true", help="演示一件事从反映到办结。 Play one issue from report to closure."
    )
    prepare = add(
        commands, "prepare", _prepare, "建表、升级、发布自带流程。 Make and upgrade tables, publish what is shipped."
    )
    prepare.add_argument("--no-sample", action="store_true", help="不填示例城市。 Leave the sample city out.")
    portal = add(commands, "portal", _portal, "只启动门户。 Start the portal alone.")
    portal.add_argument(
        "--fd", type=number, help="已打开的监听套接字的编号。 The number of a socket that listens already."
    )
    add(commands, "dispatch", _dispatch, "只启动派发程序。 Start the dispatcher alone.")
    prefect = add(commands, "prefect", _prefect, "重建 Prefect 里的视图。 Rebuild what Prefect shows.")
    prefect.add_argument("what", choices=("rebuild",))
    server = add(
        commands, "prefect-server", _prefect_server, "只启动一个 Prefect 服务。 Start one of several Prefect servers."
    )
    server.add_argument("--host", default="127.0.0.1", help="监听的地址。 The address where it listens.")
    add(
        commands,
        "prefect-services",
        _prefect_services,
        "只启动 Prefect 的后台。 Start what Prefect does in the background.",
    )
    verify = add(
        commands,
        "verify",
        _verify,
        "核对全部历史与列表，并找出卡住的工作。 Verify histories and lists; find work that hangs.",
    )
    verify.add_argument("--format", choices=("text", "json"), default="text")


def _connect(options: argparse.Namespace) -> int:
    house = opened(read())
    if options.key and options.off:
        disconnect(house, options.key)
    elif options.key:
        try:
            connect(house, options.key, options.url or "", options.secret, options.seconds)
        except Invalid as wrong:
            for name, message in wrong.errors.items():
                print(f"{name}：{message['zh']} {message['en']}", file=sys.stderr)
            return 1
    for one in known_connections(house):
        signed = "已签名 signed" if one.secret else "不签名 unsigned"
        print(f"{one.key}\t{one.url}\t{signed}\t{one.timeout_seconds} 秒 s")
    return 0


def _up(options: argparse.Namespace) -> int:
    from huying.delivery.transports import transports
    from huying.services.supervisor import up

    settings = read()
    settings.make_home()
    # said here, once, and not by a process that is started again and again
    transports(settings)
    return up(settings, demo=options.demo)


def _prepare(options: argparse.Namespace) -> int:
    from huying.services.first_start import prepare
    from huying.services.parts import upgrade_prefect

    settings = read()
    settings.make_home()
    prepare(settings, tell=print, sample=not options.no_sample)
    if upgrade_prefect(settings):
        print("Prefect 的数据库就绪 Prefect's database ready")
    return 0


def _portal(options: argparse.Namespace) -> int:
    from huying.services.roots import serve_portal

    return serve_portal(read(), options.fd)


def _dispatch(options: argparse.Namespace) -> int:
    from huying.services.roots import serve_dispatcher

    return serve_dispatcher(read())


def _prefect(options: argparse.Namespace) -> int:
    from huying.services.roots import rebuild_view

    return rebuild_view(read())


def _prefect_server(options: argparse.Namespace) -> int:
    from huying.services.parts import become_server

    return become_server(read(), options.host)


def _prefect_services(options: argparse.Namespace) -> int:
    from huying.services.parts import become_services

    return become_services(read())


def _verify(options: argparse.Namespace) -> int:
    from huying.issues.verification import verify
    from huying.services.stalled import lingering

    house = opened(read())
    result, hanging = verify(house), lingering(house, datetime.now(UTC))
    if options.format == "json":
        found = {"issues": result.issues, "entries": result.entries, "faults": result.faults, "lingering": hanging}
        print(orjson.dumps(found).decode())
    else:
        print(f"{result.issues} 件事项，{result.entries} 条历史。 {result.issues} issues, {result.entries} entries.")
        print("\n".join(result.faults) or "全部相符。 All whole.")
        if hanging:
            print("卡住的工作（服务停着时也会有）： Work that hangs, as it also does while nothing runs:")
            print("\n".join(hanging))
    return 1 if result.faults else 0
