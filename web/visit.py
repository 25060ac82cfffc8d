"""One request as a page sees it: who asks, when, what was typed; and the answers a page can give."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from coordination.site_desk import SiteDesk
from pathways.intended_use import IN_SHORT
from store import access, looked
from store.access import Look
from store.accounts import Account, SignedIn
from store.database import Database
from store.record import anew
from store.settle import Reckoning
from web.navigation import NAVIGATION, home
from web.place import Place
from web.render import Look as Looks
from web.render import rendered, translated
from web.words import print_of

SHELL: dict[str, Any] = {
    "nav": NAVIGATION,
    "here": "",
    "intended_use": IN_SHORT,
    "words_print": print_of,
}
WEB = "web"
API = "api"
"""The account of the operating system is of no interest here; the access log says by which way it came."""


_digits = 19
"""A number of a patient has fewer: databases hold 63 bits."""


UNSEEN: Final = "There are signs in it that cannot be seen."


def can_be_read(text: str) -> bool:
    """Whether everything in a text can be seen: no marks that turn words around, nothing databases refuse."""
    return all(one.isprintable() or one in "\r\n\t" for one in text)


class Stopped(Exception):
    """The request cannot be answered as asked; `status` and the words say why, to the person who asked."""

    def __init__(self, status: int, title: str, told: str = "") -> None:
        super().__init__(title)
        self.status, self.title, self.told = status, title, told


@dataclass
class Visit:
    """A request that was let in, by which `way`. `signed` is None only on pages that need no sign-in;
    `reasons` tell why somebody looks at patients of other teams, by their numbers.
    """

    place: Place
    request: Request
    now: datetime
    signed: SignedIn | None
    looks: Looks
    typed: FormData = field(default_factory=FormData)
    reasons: dict[int, str] = field(default_factory=dict)
    way: str = WEB

    @property
    def database(self) -> Database:
        return self.place.database

    @property
    def account(self) -> Account:
        """Who asks. Only for pages that need a sign-in."""
        assert self.signed is not None, "the rule of this page asks for a sign-in"
        return self.signed.account

    @cached_property
    def site(self) -> SiteDesk:
        """Who works at this site and how, now."""
        with self.database.reading() as connection:
            return self.place.site(connection)

    @cached_property
    def here(self) -> datetime:
        """Now, by the clocks of the site."""
        return self.now.astimezone(self.site.site.time_zone)

    @property
    def today(self) -> date:
        """The site's day."""
        return self.here.date()

    @cached_property
    def corrected(self) -> tuple[int, ...]:
        """The patients about whom something was corrected since who asks looked at them."""
        with self.database.reading() as connection:
            return looked.corrected(connection, self.account.id)

    def looked_at(self, patient_id: int, sequence: int) -> None:
        """Keep that who asks has seen the patient up to an entry. Raises StoreError."""
        with self.database.reading() as connection:
            before = looked.upto(connection, self.account.id, patient_id)
        if before is None or before < sequence:
            anew(lambda: self._look(patient_id, sequence))

    def _look(self, patient_id: int, sequence: int) -> None:
        with self.database.writing() as connection:
            looked.look(connection, self.account.id, patient_id, sequence)

    @property
    def reckoning(self) -> Reckoning:
        """By which answers are derived for the site's day."""
        return Reckoning.at(self.here, self.place.derive)

    @property
    def number(self) -> int:
        """The number of the patient in the address. Raises Stopped for what is none."""
        said = str(self.request.path_params["number"])
        if not (said.isascii() and said.isdigit() and len(said) < _digits):
            raise Stopped(404, "There is no such patient")
        return int(said)

    @property
    def reason(self) -> str | None:
        """Why somebody looks at the patient in the address, where that is one of another team."""
        return self.reasons.get(self.number)

    def may(self, *roles: str) -> bool:
        """Whether who asks has one of these roles."""
        return self.signed is not None and not self.account.roles.isdisjoint(roles)

    @property
    def home(self) -> str:
        """Where who asks begins."""
        return home(self.account.roles) if self.signed else "/"

    def field(self, name: str, most: int = 2000) -> str:
        """What was typed into a field, without blanks around it; empty where there is none."""
        found = self.typed.get(name, "")
        if not isinstance(found, str) or len(found) > most:
            raise Stopped(422, "Too much was typed", f"{name}: at most {most} characters")
        return found.strip()

    def words(self, name: str, most: int = 2000) -> str:
        """A text that was typed and is to be kept. Raises Stopped for one with signs that nobody sees."""
        found = self.field(name, most)
        if not can_be_read(found):
            raise Stopped(422, "That cannot be kept", UNSEEN)
        return found

    def asked(self, name: str) -> str:
        """A word of the address behind the question mark; empty where there is none."""
        return self.request.query_params.get(name, "")

    def seen(self, what: str, patient_id: int | None = None, **asked: object) -> None:
        """Write into the access log what is about to be shown. Raises StoreError: then nothing is shown."""
        given = {name: str(value) for name, value in asked.items() if value not in (None, "", False)}
        look = Look(self.account.name, self.way, what, patient_id, given, self.reasons.get(patient_id or 0))
        access.append(self.database, look, self.now)

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page, or the part of it that a script asked for, from a template."""
        return HTMLResponse(rendered(template, self.looks, self.common() | values), status)

    def common(self) -> dict[str, Any]:
        """What every template has."""
        return {"visit": self, "today": self.today, "site": self.site.site, "place": self.place} | SHELL

    def download(self, content: bytes, name: str, kind: str) -> Response:
        """A file to keep; its name tells nobody whom it is about."""
        return Response(
            content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'}
        )

    def t(self, text: str, **values: object) -> str:
        """A text in the language of who asks; without values, braces are as typed."""
        said = translated(text, self.looks.language)
        return said.format(**values) if values else said

    def go(self, path: str) -> Response:
        """On to another page of this application."""
        assert path[:1] == "/" != path[1:2], "only to pages of this application"
        return RedirectResponse(path, 303)
