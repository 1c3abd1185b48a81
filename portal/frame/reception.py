"""The reception of a reader: the request, the house and who reads, together, as every page has them at hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from definitions.text import Said
from huying.access.viewer import Viewer
from huying.house.by import By
from huying.house.house import House
from huying.house.office import OfficeProfile
from huying.words.moments import date_words
from huying.workbench.query import read_query
from portal.frame.here import Portal, portal
from portal.frame.page import environment, set_cookie
from portal.frame.places import INTAKE, SAVED, SEARCH, RailGroup, Shell, Signpost, Tallies, menu_of, rail_of, shell_of
from portal.frame.reader import Reader, person_of, reader, signed_in
from portal.frame.topics import topic


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page: its shell, how dense it is, the ways that lead on, what is counted, the day, the help for it, and whose it is."""

    shell: Shell
    density: str
    menu: tuple[Signpost, ...]
    rail: tuple[RailGroup, ...]
    tally: Tallies
    today: str
    address: str
    help: str
    office: OfficeProfile = field(default_factory=OfficeProfile)
    intake: Signpost | None = None
    search: str = SEARCH
    saved: Said = SAVED

    def at(self, place: Signpost) -> bool:
        """Whether the page is that place."""
        path, _, query = place.address.partition("?")
        own_path, _, own = self.address.partition("?")
        # a list stays the same list however it is sorted, and whatever stands beside it
        return path == own_path and (not query or read_query(query) == read_query(own))


@dataclass(frozen=True, slots=True)
class Reception:
    """One reader received for one request."""

    request: Request
    here: Portal
    reading: Reader

    @property
    def house(self) -> House:
        """The house that is visited."""
        return self.here.house

    @property
    def now(self) -> datetime:
        """The present moment, by the portal's clock."""
        return self.here.clock()

    @property
    def language(self) -> str:
        """The language in which the answer is written."""
        return self.reading.language

    @property
    def person(self) -> Viewer | None:
        """Who is signed in, if anybody is."""
        return self.reading.person

    @property
    def somebody(self) -> Viewer:
        """The person who is signed in; ``SignInNeeded`` otherwise."""
        return person_of(self.reading)

    def may(self, action: str, station: int | None = None) -> bool:
        """Whether whoever reads may do something at a station; without one: anywhere at all."""
        return self.person is not None and self.person.may(action, self.now, station)

    @property
    def person_id(self) -> int | None:
        """Who is signed in, if somebody is."""
        return self.person.participant_id if self.person is not None else None

    def by(self, request_id: str | None = None) -> By:
        """Whoever is signed in does it now."""
        return By(self.somebody.participant_id, self.now, request_id)

    def speaking(self, language: str | None) -> Reception:
        """The same reader in a person's own language, unless they chose another."""
        return replace(self, reading=self.reading.speaking(language))

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page; private by default, since almost every page shows something that is not for everybody."""
        path = self.request.url.path
        back = values.pop("back", None) or path
        text = (
            environment(self.language, self.house.zone, self.house.store.kinds)
            .get_template(template)
            .render(
                reading=self.reading,
                person=self.person,
                may=self.may,
                back=back,
                here=path,
                frame=self._frame(),
                **values,
            )
        )
        return self._with_cookies(HTMLResponse(text, status_code=status))

    def _frame(self) -> Frame:
        """What stands around every page."""
        person, now = self.person, self.now
        shell = shell_of(person)
        at_desk = person is not None and shell == "staff"
        zone = self.house.zone
        return Frame(
            shell=shell,
            density="elder" if self.reading.elder else "compact" if at_desk else "comfortable",
            menu=menu_of(self.house, person, now),
            rail=rail_of(self.house, person, now) if at_desk and person else (),
            intake=INTAKE if at_desk and person and INTAKE.shown_to(self.house, person, now) else None,
            tally=self.here.counter(self.house, person, now) if person else Tallies(),
            today=date_words(now.astimezone(zone).date(), self.language, now.astimezone(zone).date()),
            address=self.request.url.path + (f"?{self.request.url.query}" if self.request.url.query else ""),
            help=topic(self.request.url.path, person),
            office=self.house.offices.now(),
        )

    def go(self, address: str) -> Response:
        """To another page of this portal, by GET."""
        return self._with_cookies(RedirectResponse(address, status_code=303))

    def _with_cookies(self, response: Response) -> Response:
        """The answer with the cookies that the reader was found to need."""
        for cookie in self.reading.cookies:
            set_cookie(self.request, response, cookie.name, cookie.value, cookie.seconds)
        return response


def reception(request: Request) -> Reception:
    """How whoever reads is received."""
    return Reception(request, portal(request), reader(request))


def of_somebody(request: Request, reading: Annotated[Reader, Depends(signed_in)]) -> Reception:
    """The same of a reader who is signed in; ``SignInNeeded`` otherwise."""
    return Reception(request, portal(request), reading)


Received = Annotated[Reception, Depends(reception)]
SignedIn = Annotated[Reception, Depends(of_somebody)]
