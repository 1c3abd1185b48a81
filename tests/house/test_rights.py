"""Every route says whose it is: an action of the house, public, or one's own."""

from __future__ import annotations

from pathlib import Path

from huying.database.connections import Database
from huying.house.house import House
from huying.rights.action import ACTIONS
from huying.rights.role import ROLES
from portal.app import create_app
from portal.frame.config import PortalConfig
from portal.frame.right import asked_by
from tests.huying.town import MORNING
from tests.portal.test_routes import routes_of

_WRITE = """say once what it asks for, at its router or at the route:
    router = APIRouter(dependencies=[needs("keep register")])    an action: a line of huying/rights/action.py
    @router.get("/x", dependencies=[PUBLIC])                     for everybody
    @router.get("/x", dependencies=[OWN])                        for whoever it concerns, as its door or view decides
`needs`, `PUBLIC` and `OWN` come from portal.frame.right (`needs` of the API from portal.api.right); then renew the matrix:
    .venv/bin/python -m portal.matrix"""


def test_every_route_names_its_action_or_says_that_it_is_public_or_ones_own(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'house.db'}")
    config = PortalConfig(portal_url="http://x", prefect_api_url="http://127.0.0.1:9/api")
    app = create_app(House(database, tmp_path), config, lambda: MORNING)
    found = {f"{method} {path}": asked_by(route.dependant) for method, path, route in routes_of(app)}
    database.close()
    assert len(found) > 150
    assert {where: said for where, said in found.items() if len(said) != 1} == {}, _WRITE
    assert {said for (said,) in found.values()} - {"public", "own"} <= set(ACTIONS)


def test_every_action_belongs_to_somebody_and_every_role_may_something() -> None:
    assert [action.key for action in ACTIONS.values() if not action.roles and not action.duties] == []
    assert {role for action in ACTIONS.values() for role in action.roles} == set(ROLES)
