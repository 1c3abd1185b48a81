"""The reception of a reader: the request, the house and who reads, together, as every page has them at hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from huying.access.viewer import Viewer
from huying.house.by import By
from huying.house.house import House
from portal.frame.here import Portal, portal
from portal.frame.page import environment, set_cookie
from portal.frame.reader import Reader, person_of, reader, signed_in


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
            environment(self.language)
            .get_template(template)
            .render(reading=self.reading, person=self.person, back=back, here=path, **values)
        )
        return self._with_cookies(HTMLResponse(text, status_code=status))

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
