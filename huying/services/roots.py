"""The composition root of the two processes of our own: here settings become parts, and the clock is read."""

from __future__ import annotations

import asyncio
import logging
import os
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from huying.access.identity import Provider
from huying.access.rules import AccountRules
from huying.audit.retention import AuditPlan
from huying.backups.folder import BackupPlan
from huying.backups.upgrade import open_upgraded
from huying.console import marks
from huying.database.connections import Database
from huying.delivery.transports import transports
from huying.demo import province
from huying.demo.clearance import clear
from huying.demo.sample import fill, logins, sample_console, told_to_everybody
from huying.evidence.anchors import AnchorPlan
from huying.house.house import House
from huying.issues.conversion import seal_what_is_open
from huying.limits import limits_of
from huying.mail.plan import MailPlan
from huying.privacy.erased_list import erased_list
from huying.services.secret import guarded_by
from huying.services.socket import shared_socket
from huying.settings import SettingError, Settings
from huying.shelf.arrangement import store_of
from huying.telemetry import figures, logs, tracing, vitals
from huying.telemetry.database_figures import DatabaseFigures, exposition
from huying.telemetry.readiness import Readiness, verdict
from huying.telemetry.watchpost import Watchpost

if TYPE_CHECKING:
    from flows.house_ports import HousePorts
    from portal.frame.config import PortalConfig, SampleCity

_log = logging.getLogger("huying.services")


def _watch(part: str, settings: Settings) -> None:
    """Our own lines of log, whatever other libraries make of the root logger; figures; traces, if the environment asks for them."""
    logs.begin(settings.log_format)
    figures.begin(part)
    tracing.start(part)


def _house(settings: Settings) -> House:
    settings.assure_whole()
    database = open_upgraded(settings, _log.warning)
    refuse_sample(settings, database)
    house = House(database, settings.files, store_of(settings, database.ring))
    seal_what_is_open(house)
    return house


def refuse_sample(settings: Settings, database: Database) -> None:
    """``SettingError`` where others can reach the house while its sample people still have the passphrase that everybody knows."""
    open_to_all = told_to_everybody(database, province.known(database)) if settings.public else []
    if open_to_all:
        some, many = "、".join(open_to_all[:3]), len(open_to_all)
        raise SettingError(
            f"HUYING_PORTAL_URL={settings.portal_url}",
            f"这里还有示例城市的 {many} 个账号（{some}……），口令人人知道，不能对外开放。请用一个新的数据目录（HUYING_HOME）启动。",
            f"{many} accounts of the sample city are still here ({some} …), with a passphrase that everybody knows: it cannot be opened to "
            "others. Start with a new data folder (HUYING_HOME).",
        )


def _now() -> datetime:
    return datetime.now(UTC)


def _sample(settings: Settings) -> SampleCity:
    def filled(house: House, now: datetime) -> None:
        with house.database.alone("sample"):
            fill(house.database, now)
        house.offices.forget()

    def cleared(house: House, keeper: int, now: datetime) -> None:
        clear(house, keeper, None if settings.smtp_url else settings.mailbox, now)

    from portal.frame.config import SampleCity

    return SampleCity(fill=filled, clear=cleared, logins=logins())


def serve_portal(settings: Settings, listening: int | None = None) -> int:
    """Serve pages and API until SIGTERM, where the settings say, or on the listening socket that was passed on under this number; the exit code."""
    import uvicorn

    from portal.app import create_app

    settings = guarded_by(settings)
    _watch("portal", settings)
    house = _house(settings)
    app = create_app(house, _portal_config(settings, house), _now)
    # addresses in access logs would hold the tokens of links
    own_lines: Any = {} if settings.log_format == "text" else {"log_config": None}
    server = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.portal_port,
        access_log=False,
        log_level="info",
        server_header=False,
        # who may say for whom a request is made, is our own setting
        proxy_headers=False,
        **own_lines,
    )
    uvicorn.Server(server).run(sockets=None if listening is None else [shared_socket(listening)])
    tracing.stop()
    return 0


def _provider(settings: Settings) -> Provider | None:
    if settings.oidc_issuer is None:
        return None
    return Provider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id or "",
        secret=settings.oidc_client_secret or "",
        name=settings.oidc_name,
        secure=settings.portal_url.startswith("https:"),
    )


def _portal_config(settings: Settings, house: House) -> PortalConfig:
    from portal.frame.config import PortalConfig

    return PortalConfig(
        portal_url=settings.portal_url,
        prefect_api_url=settings.prefect_api_url,
        prefect_auth=settings.prefect_auth,
        allowed_hosts=settings.allowed_hosts,
        mailbox=None if settings.smtp_url or settings.public else settings.mailbox,
        secure_cookies=settings.portal_url.startswith("https:"),
        allow_private_webhooks=settings.allow_private_webhooks,
        metrics_token=settings.metrics_token,
        log_requests=settings.log_format == "json",
        provider=_provider(settings),
        accounts=AccountRules(
            desk_idle=timedelta(minutes=settings.idle_minutes),
            idle=timedelta(minutes=settings.idle_minutes_others),
            strict=settings.passphrase_rules == "strict",
            second_factor_for=frozenset(settings.second_factor),
        ),
        limits=limits_of(settings.limits),
        counts_in_memory=settings.portals == 1 and house.database.sqlite,
        trusted_proxies=settings.trusted_proxies,
        office_networks=settings.office_networks,
        sample=None if settings.public else _sample(settings),
        backups=settings.backup_dir,
    )


def serve_dispatcher(settings: Settings) -> int:
    """Carry out effects until SIGTERM; does not return."""
    from flows.gateway.server import client_environment
    from flows.gateway.servers import guarded

    settings = guarded_by(settings)
    client = client_environment(settings.home / "prefect", settings.prefect_port, settings.prefect_api_url)
    os.environ.update(guarded(client, settings.prefect_auth))
    # Prefect reads its settings when it is imported
    from flows.serve import leave, serve
    from notifications import warm

    _watch("dispatcher", settings)
    warm()
    house = _house(settings)
    if settings.dispatcher_port is not None:
        _watchpost(house, settings.dispatcher_port).start()
    code = serve(_ports(house, settings), settings.prefect_api_url, settings.prefect_auth)
    tracing.stop()
    leave(code)
    return 0


def rebuild_view(settings: Settings) -> int:
    """Make all that Prefect shows anew, and print how it goes; the exit code."""
    from flows.gateway.server import client_environment
    from flows.gateway.servers import guarded

    settings = guarded_by(settings)
    client = client_environment(settings.home / "prefect", settings.prefect_port, settings.prefect_api_url)
    os.environ.update(guarded(client, settings.prefect_auth))
    from flows.gateway.api import PrefectApi
    from flows.view.rebuild import rebuild

    house = _house(settings)

    async def run() -> bool:
        async with PrefectApi(settings.prefect_api_url, auth=settings.prefect_auth) as api:
            return await rebuild(
                api,
                _ports(house, settings),
                left=lambda: marks.stale_count(house),
                dispatching=lambda: vitals.dispatching(house, _now()),
                say=lambda words: print(words, flush=True),
            )

    return 0 if asyncio.run(run()) else 1


def _ports(house: House, settings: Settings) -> HousePorts:
    """The house as flows see it; to be called when Prefect's settings are in the environment."""
    from flows.house_ports import HousePorts

    return HousePorts(
        house,
        transports(settings),
        settings.portal_url,
        console_login=settings.console_login or sample_console(house),
        keep_days=(settings.prefect_keep_days, settings.prefect_keep_work_days),
        backups=_backups(settings),
        audit=AuditPlan(timedelta(days=settings.audit_keep_days), settings.audit_lines),
        anchors=AnchorPlan(settings.heads_mail, settings.heads_dir, settings.heads_webhook, settings.heads_tsa),
        erased=erased_list(settings),
        mail=mail_plan(settings),
    )


def mail_plan(settings: Settings) -> MailPlan | None:
    """How mail comes in; ``None`` where it does not."""
    plan = MailPlan(
        domain=settings.mail_domain,
        servers=settings.mail_authserv,
        largest=settings.mail_largest_mb * 1024 * 1024,
        address=settings.mail_reply_to,
        mailbox=settings.mail_imap_url,
        own=parseaddr(settings.mail_from)[1].lower(),
    )
    return plan if plan.takes else None


def serve_mail(settings: Settings) -> int:
    """Take mail until SIGTERM, where the settings say; the exit code."""
    from huying.mail.listener import MailListener, listen

    plan = mail_plan(settings)
    if plan is None or settings.mail_listen is None:
        raise SettingError(
            "HUYING_MAIL_LISTEN",
            "没有写明在哪里接收来信，例如 lmtp://127.0.0.1:8024。",
            "Where mail is taken is not said; for example lmtp://127.0.0.1:8024.",
        )
    address = settings.mail_listen
    _watch("mail", settings)
    listener = MailListener(_house(settings), plan, address, _now)
    try:
        asyncio.run(listen(listener, lambda _: _log.info("mail is taken at %s", address)))
    except OSError as error:
        raise SettingError(
            f"HUYING_MAIL_LISTEN={address}",
            f"这里不能监听（{error.strerror}）。",
            f"It cannot listen there ({error.strerror}).",
        ) from None
    tracing.stop()
    return 0


def _backups(settings: Settings) -> BackupPlan | None:
    if settings.backup_dir is None:
        return None
    return BackupPlan(settings.backup_dir, settings.backup_recipients, settings.backup_keep)


def _watchpost(house: House, port: int) -> Watchpost:
    """Where the dispatcher says how it is; what the database knows, the portal tells too."""
    readiness, known = Readiness(house, _now), DatabaseFigures(house, _now)
    try:
        return Watchpost(port, lambda left_out: verdict(readiness.parts_now(), left_out), lambda: exposition(known))
    except OSError as error:
        raise SettingError(
            f"HUYING_DISPATCHER_PORT={port}",
            f"端口不能使用（{error.strerror}）。",
            f"The port cannot be used ({error.strerror}).",
        ) from None
