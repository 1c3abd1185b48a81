"""Messages to each kind of provider, into its stand-in: how many a second, beside a bare loop of the same calls; and whether memory grows.

    python -m benchmarks.channels [--messages 400] [--rounds 3] [--kinds wecom,aliyun-sms] [--at-once 1,16,64]
    python -m benchmarks.channels --memory 10000

The stand-in is a process of its own, that of the contract tests: it checks tokens and signatures. The floor is httpx alone: the very requests that
were just sent, from as many threads over one client, without Apprise, token, signature or judgement. Medians of the rounds.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from unittest.mock import patch

import httpx

from notifications import KINDS, AccountAddress, Mailbox, OutgoingMessage, Transports, close_pool, deliver_batch
from notifications.channels.platforms import call
from notifications.channels.platforms.wire import wire
from tests.notifications.cases import CASES, ProviderCase
from tests.notifications.platforms import running

_FIELDS = {"number": "XG-2026-00042", "what": "路灯不亮", "until": "12月5日", "who": "陈海生", "code": "483920"}


def main() -> None:
    """Print messages a second of ours and of the floor, and their ratio; or the memory after each thousand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kinds", default=",".join(case.kind for case in CASES))
    parser.add_argument("--at-once", default="1,16,64")
    parser.add_argument("--memory", type=int, default=0)
    options = parser.parse_args()
    cases = [case for case in CASES if case.kind in options.kinds.split(",")]
    if options.memory:
        for case in cases:
            _memory(case, options.memory)
        return
    print(f"  {'':<22}{'at once':>8}{'ours /s':>10}{'floor /s':>10}{'ratio':>8}")
    for case in cases:
        for width in (int(one) for one in options.at_once.split(",")):
            rounds = [_round(case, width, options.messages) for _ in range(options.rounds)]
            ours, floor = (statistics.median(column) for column in zip(*rounds, strict=True))
            print(f"  {case.kind:<22}{width:>8}{ours:>10.0f}{floor:>10.0f}{ours / floor:>8.2f}", flush=True)
    close_pool()


def _round(case: ProviderCase, width: int, messages: int) -> tuple[float, float]:
    """Messages a second of ours and of the floor."""
    with _provider(case) as url, ThreadPoolExecutor(width) as pool, _noted() as requests:
        _send(case, url, width, pool)
        requests.clear()
        begun = time.perf_counter()
        _send(case, url, messages, pool)
        ours = time.perf_counter() - begun
        limits = httpx.Limits(max_connections=128, max_keepalive_connections=64)
        with httpx.Client(trust_env=False, limits=limits) as bare:
            list(pool.map(lambda one: _bare(bare, one), requests[:width]))
            begun = time.perf_counter()
            list(pool.map(lambda one: _bare(bare, one), requests))
            return messages / ours, len(requests) / (time.perf_counter() - begun)


def _send(case: ProviderCase, url: str, messages: int, pool: ThreadPoolExecutor) -> None:
    credential = KINDS[case.kind].credential(case.entered(url), case.secret)
    to = AccountAddress(case.kind, case.target, credential)
    with tempfile.TemporaryDirectory() as folder:
        results = deliver_batch(
            [(_letter(number), to) for number in range(messages)], Transports(mail=Mailbox(Path(folder))), pool
        )
    assert {one.status for one in results} == {"accepted"}, results[0]


def _bare(client: httpx.Client, one: call.ProviderCall) -> None:
    answer = client.request(
        one.method, one.url, params=dict(one.query) or None, headers=dict(one.headers), content=one.body
    )
    assert answer.status_code == 200


@contextmanager
def _noted() -> Iterator[list[call.ProviderCall]]:
    """What is asked of the provider meanwhile."""
    noted: list[call.ProviderCall] = []
    plain = call._exchanged

    def noting(one: call.ProviderCall) -> tuple[int, bytes]:
        noted.append(one)
        return plain(one)

    with patch.object(call, "_exchanged", noting):
        yield noted


@contextmanager
def _provider(case: ProviderCase) -> Iterator[str]:
    """Its stand-in in a process of its own."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_stand, args=(case.kind, theirs), daemon=True)
    process.start()
    try:
        yield str(ours.recv())
    finally:
        ours.send("over")
        process.join(10)
        wire().close()
        wire.cache_clear()


def _stand(kind: str, pipe: Connection) -> None:
    case = next(one for one in CASES if one.kind == kind)
    with running(case.answer) as stand:
        pipe.send(stand.url)
        pipe.recv()


def _letter(number: int) -> OutgoingMessage:
    return OutgoingMessage(
        key=f"{number}.1.task",
        subject=f"您有新的办理任务 {number}",
        text="路灯不亮，请在3个工作日内答复。\n" * 10,
        html="",
        fields=_FIELDS,
        occasion="task",
        link="https://huying.example.org/t/abc",
    )


def _memory(case: ProviderCase, messages: int) -> None:
    print(f"  {case.kind}: resident memory (kB) after each thousand of {messages} messages, 64 at once", flush=True)
    with _provider(case) as url, ThreadPoolExecutor(64) as pool:
        shown = []
        for _ in range(0, messages, 1000):
            _send(case, url, min(1000, messages), pool)
            gc.collect()
            shown.append(_resident())
        print("   ", *shown, flush=True)


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


if __name__ == "__main__":
    main()
