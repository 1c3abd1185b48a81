"""Signing in through the office's own provider (OpenID Connect): code flow with PKCE and nonce, its signature and issuer checked.

Nobody is made silently: what the provider says of somebody opens only an account to which its owner has bound it while signed in.
"""

from __future__ import annotations

import hashlib
import warnings
from typing import Any

import httpx
from fastapi import Request
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.refusal import Refusal
from huying.access.identity import Identity, Provider
from huying.access.journal import noted_failure
from portal.frame.here import portal

BACK = "/login/provider/back"
_COOKIE, _LASTS = "huying_oidc", 600
_PATIENCE = 10
#: Only there the provider's cookie is read and written.
_PATHS = ("/login/provider", "/account/provider")


class ProviderAway(Refusal):
    """The provider does not answer."""

    code = "provider-away"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"“{name}”现在连不上，请过一会儿再试，或用用户名和口令登录。",
            f"“{name}” cannot be reached now; try again later, or log in with name and passphrase.",
        )


class ProviderRefused(Refusal):
    """What came back is not what was asked for, or somebody stopped on the way."""

    code = "provider-refused"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"没有通过“{name}”登录：回来的内容对不上（可能中途取消、隔得太久，或不是从这个浏览器开始的）。请重新开始。",
            f"You were not logged in through “{name}”: what came back does not fit (it was cancelled, took too long, or began in another browser). "
            "Please begin again.",
        )


class ProviderSession:
    """Keeps what a log-in through the provider has to remember between its two halves, in a signed cookie of its own, for ten minutes."""

    def __init__(self, app: ASGIApp, provider: Provider) -> None:
        self._app = app
        # known to all processes of the house, and to nobody else
        key = hashlib.sha256(f"huying oidc {provider.secret}".encode()).hexdigest()
        secure = provider.secure
        self._kept = SessionMiddleware(app, key, _COOKIE, _LASTS, same_site="lax", https_only=secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Only where it is needed."""
        ours = scope["type"] == "http" and scope["path"].startswith(_PATHS)
        await (self._kept if ours else self._app)(scope, receive, send)


def client_of(provider: Provider) -> Any:
    """Who speaks with the provider; asked of nothing before somebody signs in."""
    with warnings.catch_warnings():
        # it prefers httpx2, which nothing else here needs yet
        warnings.simplefilter("ignore")
        from authlib.integrations.starlette_client import OAuth  # type: ignore[import-untyped]

    known = {"scope": "openid", "code_challenge_method": "S256", "timeout": _PATIENCE}
    return OAuth().register(
        "house",
        client_id=provider.client_id,
        client_secret=provider.secret,
        server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs=known,
    )


async def sent_there(request: Request, provider: Provider, following: str) -> Response:
    """The way to the provider; ``following``: where to go afterwards."""
    client = client_of(provider)
    try:
        metadata = await client.load_server_metadata()
        if metadata.get("issuer") != provider.issuer:
            raise ProviderRefused(provider.name)
        answer: Response = await client.authorize_redirect(request, portal(request).config.portal_url + BACK)
    except httpx.HTTPError:
        raise ProviderAway(provider.name) from None
    except (RuntimeError, ValueError, KeyError, TypeError):
        raise ProviderRefused(provider.name) from None
    request.session["following"] = following
    return answer


async def came_back(request: Request, provider: Provider) -> tuple[Identity, str]:
    """Who the provider says it is, and where they wanted to go; ``ProviderAway`` and ``ProviderRefused`` otherwise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
        from joserfc.errors import JoseError

    following = str(request.session.get("following", "/tasks"))
    try:
        token = await client_of(provider).authorize_access_token(request)
        said = token["userinfo"]
        found = Identity(str(said["iss"]), str(said["sub"]))
    except httpx.HTTPError:
        raise ProviderAway(provider.name) from None
    except (AuthlibBaseError, JoseError, RuntimeError, ValueError, KeyError, TypeError) as error:
        noted_failure(portal(request).house.database.engine, "provider-refused", None, type(error).__name__)
        raise ProviderRefused(provider.name) from None
    if found.issuer != provider.issuer or not found.subject:
        noted_failure(portal(request).house.database.engine, "provider-refused", None, "issuer")
        raise ProviderRefused(provider.name)
    return found, following
