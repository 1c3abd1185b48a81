"""A provider of log-ins that lies or breaks off: each is said in words, and nothing is half done."""

from __future__ import annotations

import json
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from huying.access.identity import Identity, Provider, bind
from huying.database.tables import sessions
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from joserfc import jwt
    from joserfc.jwk import OctKey, RSAKey

_OWN, _OTHER = RSAKey.generate_key(2048, {"kid": "one"}), RSAKey.generate_key(2048, {"kid": "one"})
_SECRET = "between the two of us, and long enough for a key"


@dataclass
class Liar:
    """A provider whose answer for a code is what a test wants it to be."""

    issuer: str = ""
    nonce: str = ""
    answer: Callable[[Liar], tuple[int, str]] = field(default=lambda liar: liar.tokens())

    def claims(self, **lies: Any) -> dict[str, Any]:
        """What an honest one would say, and the lies; ``None`` leaves something out."""
        now = int(time.time())
        said = {
            "iss": self.issuer,
            "sub": "wang-fang",
            "aud": "huying",
            "exp": now + 300,
            "iat": now,
            "nonce": self.nonce,
        }
        return {name: value for name, value in {**said, **lies}.items() if value is not None}

    def tokens(self, key: Any = _OWN, header: Mapping[str, str] | None = None, **lies: Any) -> tuple[int, str]:
        """An answer with an identity signed by a key."""
        made = jwt.encode(
            dict(header or {"alg": "RS256", "kid": "one"}), self.claims(**lies), key, algorithms=["RS256", "HS256"]
        )
        return self.with_token(made)

    def with_token(self, token: str | None) -> tuple[int, str]:
        """An answer with an identity as it is written."""
        said = {"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": token}
        return 200, json.dumps({name: value for name, value in said.items() if value is not None})

    def unsigned(self) -> tuple[int, str]:
        """An identity that nobody signed."""
        from base64 import urlsafe_b64encode

        parts = [json.dumps(part).encode() for part in ({"alg": "none"}, self.claims())]
        return self.with_token(".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + ".")


@pytest.fixture
def liar() -> Iterator[Liar]:
    """The provider, served."""
    made = Liar()

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = {
                "issuer": made.issuer,
                "authorization_endpoint": f"{made.issuer}/authorize",
                "token_endpoint": f"{made.issuer}/token",
                "jwks_uri": f"{made.issuer}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
            keys = {"keys": [_OWN.as_dict(private=False)]}
            self._say(200, json.dumps(keys if self.path == "/keys" else known))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self._say(*made.answer(made))

        def _say(self, status: int, text: str) -> None:
            if not status:
                # it breaks off
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    made.issuer = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def office(town: PortalTown, liar: Liar) -> PortalTown:
    """The town, whose deputy is bound there."""
    provider = Provider(issuer=liar.issuer, client_id="huying", secret=_SECRET, name="鹭江统一认证")
    config = PortalConfig(portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api", provider=provider)
    town.app = create_app(town.house, config, town.clock)
    with town.house.database.writing() as connection:
        bind(connection, town.people["deputy"], Identity(liar.issuer, "wang-fang"), town.clock.now)
    return town


def _back(visitor: Visitor, liar: Liar) -> str:
    """The address to which a provider sends somebody back who said yes there."""
    answer = visitor.http.get("/login/provider", follow_redirects=False)
    assert answer.status_code == 302, answer.text[:2000]
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    liar.nonce = asked["nonce"][0]
    return f"/login/provider/back?code=abc&state={asked['state'][0]}"


def _sessions(town: PortalTown) -> int:
    with town.house.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(sessions)).scalar_one())


def test_an_honest_one_lets_its_person_in(office: PortalTown, liar: Liar) -> None:
    visitor = office.visitor()
    visitor.see(_back(visitor, liar))
    assert visitor.path == "/tasks"


_LIES: dict[str, Callable[[Liar], tuple[int, str]]] = {
    "another issuer": lambda liar: liar.tokens(iss="https://elsewhere.example"),
    "another audience": lambda liar: liar.tokens(aud="another-house"),
    "no audience": lambda liar: liar.tokens(aud=None),
    "expired": lambda liar: liar.tokens(exp=int(time.time()) - 3600, iat=int(time.time()) - 7200),
    "no end": lambda liar: liar.tokens(exp=None),
    "another nonce": lambda liar: liar.tokens(nonce="of-another-request"),
    "no nonce": lambda liar: liar.tokens(nonce=None),
    "nobody": lambda liar: liar.tokens(sub=None),
    "unsigned": lambda liar: liar.unsigned(),
    "signed by another": lambda liar: liar.tokens(_OTHER),
    "signed with the shared secret": lambda liar: liar.tokens(OctKey.import_key(_SECRET), {"alg": "HS256"}),
    "no identity": lambda liar: liar.with_token(None),
    "no token": lambda liar: liar.with_token("not.a.token"),
    "an error": lambda liar: (400, json.dumps({"error": "invalid_grant"})),
}


@pytest.mark.parametrize("lie", _LIES)
def test_a_lie_opens_nothing_and_is_said_in_words(office: PortalTown, liar: Liar, lie: str) -> None:
    visitor = office.visitor()
    back = _back(visitor, liar)
    liar.answer = _LIES[lie]
    page = visitor.see(back, status=400)
    assert "没有通过“鹭江统一认证”登录" in page
    assert "请重新开始" in page
    assert _sessions(office) == 0
    visitor.see("/account")
    assert visitor.path == "/login"


@pytest.mark.parametrize(
    "broken", [(500, ""), (502, "<html>Bad gateway</html>"), (0, "")], ids=["a fault", "a gateway", "breaks off"]
)
def test_one_that_fails_on_the_way_back_is_said_to_be_away(
    office: PortalTown, liar: Liar, broken: tuple[int, str]
) -> None:
    visitor = office.visitor()
    back = _back(visitor, liar)
    liar.answer = lambda _: broken
    assert "现在连不上" in visitor.see(back, status=503)
    assert _sessions(office) == 0
    visitor.log_in("deputy")
    assert visitor.path == "/tasks"


def test_a_lie_while_binding_binds_nothing(office: PortalTown, liar: Liar) -> None:
    clerk = office.visitor("clerk")
    answer = clerk.http.get("/account/provider", follow_redirects=False)
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    liar.answer = lambda one: one.tokens(nonce="of-another-request")
    clerk.see(f"/login/provider/back?code=abc&state={asked['state'][0]}", status=400)
    clerk.http.post("/account/provider", data=clerk.hidden("/account", "/logout"))
    assert "绑定账号" in clerk.see("/account")
