"""What an address asks of the register of deviations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from coordination import reach
from coordination.fitting import NOBODY
from interop.statement_words import statements
from pathways.library import all_pathways
from pathways.titles import known_deviations
from store.register import (
    ORDERS,
    SEVERITIES,
    STATES,
    STATUSES,
    WAITING,
    Order,
    Place,
    State,
    Wanted,
)
from web.visit import Visit

PERIODS: Final = {"30": "last 30 days", "91": "last 3 months", "365": "last 12 months"}
"""Days back from today, in words."""


TO_REVIEW: Final = "waiting"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, with what is nonsense in it left out."""

    rule: str
    weight: str
    status: str
    review: str
    source: str
    period: str
    owner: str
    pathway: str
    order: Order
    after: Place | None

    def address(self, page: str = "/deviations", **changes: object) -> str:
        """The address of the same register, with changes; of its first page."""
        said = {name: getattr(self, name) for name in NAMES} | changes
        given = {name: value for name, value in said.items() if value not in ("", None, "date")}
        return f"{page}?{urlencode(given or {'rule': ''})}"

    def wanted(self, visit: Visit) -> Wanted:
        """The same as conditions; who is limited to teams hears of no others."""
        today = visit.today
        states: tuple[State, ...] = tuple(one for one in STATES if one == self.review)
        return Wanted(
            codes=self._codes(),
            severities=(self.weight,) if self.weight else (),
            statuses=(self.status,) if self.status else (),
            states=WAITING if self.review == TO_REVIEW else states,
            pathway=self.pathway or None,
            since=today - timedelta(int(self.period)) if self.period else None,
            until=today if self.period else None,
            owners=owners_named(visit, self.owner),
            limited_to=limited_to(visit),
        )

    def _codes(self) -> tuple[str, ...] | None:
        by_source = rules_of(self.source) if self.source else None
        if not self.rule:
            return by_source
        return (self.rule,) if by_source is None or self.rule in by_source else ()

    @property
    def narrowed(self) -> bool:
        return any(getattr(self, name) for name in NAMES if name != "order")


def owners_named(visit: Visit, name: str) -> tuple[str | None, ...] | None:
    """The owners that a name stands for: a person, a team with its members, nobody; empty: everybody."""
    team = visit.site.teams.get(name)
    named: dict[str, tuple[str | None, ...] | None] = {"": None, NOBODY: (None,)}
    return named.get(name, (name, *(team.members if team else ())))


def limited_to(visit: Visit) -> frozenset[str] | None:
    """The owners whose patients alone the account hears of; None: of all."""
    teams = visit.account.teams
    return reach.owners(visit.site, teams) if teams else None


NAMES: Final = ("rule", "weight", "status", "review", "source", "period", "owner", "pathway", "order")


def asked_for(query: QueryParams) -> Asked:
    """What stands behind the question mark, with what is nonsense left out."""
    order: Order = next((one for one in ORDERS if one == query.get("order")), "date")

    def one_of(name: str, known: object) -> str:
        said = query.get(name, "")
        return said if said in known else ""  # type: ignore[operator]  # whatever holds words

    return Asked(
        rule=one_of("rule", titles()),
        weight=one_of("weight", SEVERITIES),
        status=one_of("status", STATUSES),
        review=one_of("review", (*STATES, TO_REVIEW)),
        source=one_of("source", sources()),
        period=one_of("period", PERIODS),
        owner=query.get("owner", "")[:200].replace("\0", ""),
        pathway=one_of("pathway", {one.key for one in all_pathways()}),
        order=order,
        after=_place(query.get("after", "")),
    )


def said_of(asked: Asked) -> dict[str, str]:
    """What was asked for, by name."""
    return {name: getattr(asked, name) for name in NAMES}


def place_written(place: Place) -> str:
    """A place as it stands in an address."""
    return "~".join(str(one) if one is not None else "" for one in place)


def _place(text: str) -> Place | None:
    """The same read; None for nonsense."""
    try:
        part, on, number, pathway, place = text.split("~")
        day = date.fromisoformat(on) if on else None
        found = Place(int(part), day, int(number), pathway, int(place))
    except ValueError:
        return None
    fits = found.part >= 0 and all(abs(one) < _beyond for one in (found.patient_id, found.place))
    return found if fits and len(found.pathway) < 100 and "\0" not in found.pathway else None


_beyond: Final = 2**31


@cache
def titles() -> dict[str, str]:
    """Every rule that can be broken, by its code, in words."""
    found = {rule.code: rule.title for one in all_pathways() for rule in one.deviations}
    found |= {one.question.code: one.question.title for one in all_pathways() if one.question}
    return {code: found.get(code, code) for code in known_deviations()}


@cache
def sources() -> dict[str, frozenset[str]]:
    """The statements that rules rest on, each with the codes of those rules."""
    found: dict[str, set[str]] = {}
    for pathway in all_pathways():
        for rule in pathway.deviations:
            for one in statements(rule.statements):
                found.setdefault(one.id, set()).add(rule.code)
    return {id: frozenset(codes) for id, codes in found.items()}


def rules_of(source: str) -> tuple[str, ...]:
    """The codes of the rules that rest on a statement."""
    return tuple(sorted(sources().get(source, ())))
