"""What the product consists of is written down from the lock, and known holes are looked for where somebody can be asked."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "sbom"


def run(*options: str, osv: str = "http://127.0.0.1:9") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPT, *options], capture_output=True, text=True, check=False, env={"HUYING_OSV_URL": osv}
    )


@contextmanager
def osv(holes: dict[str, list[str]]) -> Iterator[str]:
    """Somebody who answers as OSV does."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            names = [one["package"]["purl"] for one in asked["queries"]]
            said = [{"vulns": [{"id": hole} for hole in holes[name]]} if name in holes else {} for name in names]
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"results": said}).encode())

        def log_message(self, *_said: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_every_package_of_the_lock_is_listed_with_its_version_and_its_digests() -> None:
    made = json.loads(run().stdout)
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    lock = (ROOT / "requirements.txt").read_text("utf-8")
    pins = re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", lock, re.MULTILINE)
    assert [(one["name"], one["version"]) for one in made["components"]] == pins
    assert len(pins) > 100
    listed = {digest["content"] for one in made["components"] for digest in one["hashes"]}
    assert listed == set(re.findall(r"sha256:([0-9a-f]{64})", lock))
    assert {one["bom-ref"] for one in made["components"]} == set(made["dependencies"][0]["dependsOn"])


def test_the_same_lock_makes_the_same_bill() -> None:
    assert run().stdout == run().stdout


def test_a_known_hole_is_named_and_fails() -> None:
    purl = json.loads(run().stdout)["components"][0]["purl"]
    with osv({purl: ["GHSA-xxxx"]}) as address:
        found = run("--holes", osv=address)
    assert (found.returncode, found.stdout.strip()) == (1, f"{purl}: GHSA-xxxx")


def test_without_holes_it_says_so() -> None:
    with osv({}) as address:
        found = run("--holes", osv=address)
    assert found.returncode == 0
    assert "没有已知漏洞" in found.stdout


def test_where_nobody_can_be_asked_that_is_said_and_nothing_fails() -> None:
    found = run("--holes")
    assert found.returncode == 0
    assert "没有核对已知漏洞" in found.stdout
