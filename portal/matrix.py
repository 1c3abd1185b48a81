"""The matrix of rights: every route, what it asks for, and who may; made from the routes themselves.

Renew it with ``python -m portal.matrix``; a test says when it is stale.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI

from huying.database.connections import Database
from huying.house.house import House
from huying.rights.action import ACTIONS, SUBJECTS
from huying.rights.matrix import COLUMNS, MARKS, marks
from portal.app import create_app
from portal.frame.config import PortalConfig
from portal.frame.right import asked_by, routes

FILE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "rights.md"
_OPEN = {"public": "所有人 everybody", "own": "与本人有关的 whom it concerns"}
_HEAD = """# 权限 · Rights

由路由本身生成，勿手工修改：`.venv/bin/python -m portal.matrix`。 Made from the routes themselves; renew it with the same command.

- ✓ 全机构 in the whole house；本站 own station：任职的站点 where one serves；· 不可以 not.
- 范围内 in scope：授权的区域或站点，也可以是全机构 the area or station of the grant, or the house.
- 所有人 everybody：不登录也可以 also without a log-in.
- 与本人有关的 whom it concerns：自己的任务、诉求、账号，由页面本身判断 one's own tasks, reports and account; the page itself decides.
- 测试对每个地址、每种角色、本站与外站各发一次请求 A test sends a request for each address and role, at its own station and another.
"""


def rendered(app: FastAPI) -> str:
    """The matrix, as it stands in docs."""
    return "\n".join((_HEAD, *_actions(), *_routes(app)))


def _actions() -> Iterator[str]:
    titles = (f"{column.title.zh} {column.title.en}" for column in COLUMNS)
    yield "## 谁能做什么 · Who may do what\n"
    yield f"| 办理 action | {' | '.join(titles)} |"
    yield f"| --- |{' --- |' * len(COLUMNS)}"
    for _, actions in SUBJECTS:
        for action in actions:
            cells = (_both(MARKS[mark].zh, MARKS[mark].en) for mark in marks(action.key))
            yield f"| {action.title.zh} `{action.key}` | {' | '.join(cells)} |"
    yield ""


def _routes(app: FastAPI) -> Iterator[str]:
    yield "## 每个地址要什么权限 · What each address asks for\n"
    yield "| 地址 address | 权限 right |\n| --- | --- |"
    for where, asked in sorted(
        (f"{path}` {method}", asked_by(route.dependant)) for method, path, route in routes(app.routes)
    ):
        said = asked[0] if asked else "?"
        yield f"| `{where} | {_OPEN.get(said) or f'{ACTIONS[said].title.zh} `{said}`'} |"
    yield ""


def _both(zh: str, en: str) -> str:
    return zh if zh == en else f"{zh} {en}"


def _app(folder: Path) -> FastAPI:
    """The application over a house of no rooms: nothing is asked of it."""
    config = PortalConfig(portal_url="http://localhost", prefect_api_url="http://localhost")
    return create_app(House(Database(f"sqlite:///{folder / 'none.db'}"), folder), config, lambda: datetime.now(UTC))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        FILE.write_text(rendered(_app(Path(folder))), encoding="utf-8")
