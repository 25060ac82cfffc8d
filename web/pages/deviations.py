"""The register of deviations: where care departed from the guideline, and how far reviews are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.datastructures import QueryParams
from starlette.responses import Response

from audit.cohort import Cohort, Kind, cohort, kinds, months, summed
from audit.definitions import COHORT, DEFINITIONS
from audit.measures import duties
from audit.merged_reviews import where_now
from audit.reasons import words_of
from coordination import reach
from coordination.fitting import NOBODY
from interop.statement_words import statements
from pathways.day_zero import DAY_ZERO, is_counted
from pathways.library import all_pathways, main_pathway
from pathways.titles import closed_states, known_deviations, pathway_title
from store import identities, judgements, register, views
from store.register import (
    ORDERS,
    SEVERITIES,
    STATES,
    STATUSES,
    WAITING,
    Counts,
    Filed,
    Order,
    Place,
    State,
    Wanted,
)
from web.charts import Bars, Line, bars, line
from web.fresh import freshen
from web.rules import READS, Pages
from web.visit import Visit

PAGES = Pages()
AT_ONCE: Final = 25
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
        said = {name: getattr(self, name) for name in _NAMES} | changes
        given = {name: value for name, value in said.items() if value not in ("", None, "date")}
        return f"{page}?{urlencode(given or {'rule': ''})}"

    def wanted(self, visit: Visit) -> Wanted:
        """The same as conditions; who is limited to teams hears of no others."""
        today = visit.today
        states: tuple[State, ...] = tuple(one for one in STATES if one == self.review)
        owners: dict[str, tuple[str | None, ...] | None] = {"": None, NOBODY: (None,)}
        team = visit.site.teams.get(self.owner)
        members = (self.owner, *(team.members if team else ()))
        teams = visit.account.teams
        return Wanted(
            codes=self._codes(),
            severities=(self.weight,) if self.weight else (),
            statuses=(self.status,) if self.status else (),
            states=WAITING if self.review == TO_REVIEW else states,
            pathway=self.pathway or None,
            since=today - timedelta(int(self.period)) if self.period else None,
            until=today if self.period else None,
            owners=owners.get(self.owner, members),
            limited_to=reach.owners(visit.site, teams) if teams else None,
        )

    def _codes(self) -> tuple[str, ...] | None:
        by_source = rules_of(self.source) if self.source else None
        if not self.rule:
            return by_source
        return (self.rule,) if by_source is None or self.rule in by_source else ()

    @property
    def narrowed(self) -> bool:
        return any(getattr(self, name) for name in _NAMES if name != "order")


_NAMES: Final = ("rule", "weight", "status", "review", "source", "period", "owner", "pathway", "order")


@dataclass(frozen=True, slots=True)
class Row:
    """One deviation as the register shows it."""

    filed: Filed
    who: str
    days: int | None
    counted: bool
    of: str


@PAGES.get("/deviations", READS)
def listed(visit: Visit) -> Response:
    """The register as the address narrows it, page by page."""
    asked = _begun(visit)
    older = freshen(visit)
    wanted = asked.wanted(visit)
    with visit.database.reading() as connection:
        changed = judgements.on_other_facts(connection)
        page = register.page(connection, wanted, changed, order=asked.order, after=asked.after, most=AT_ONCE)
        counts = register.counts(connection, wanted, changed)
        rows = rows_of(visit, connection, page.rows)
        gone = register.gone(connection, wanted)
        kept = views.of(connection, visit.account.id, "deviations")
        figures = None if asked.after else figures_of(visit, connection, wanted, counts)
    visit.seen("deviations", None, **said_of(asked), shown=len(rows))
    return visit.page(
        "deviations.html",
        here="/deviations",
        asked=asked,
        rows=rows,
        counts=counts,
        figures=figures,
        definitions=DEFINITIONS,
        further=asked.address(after=_written(page.further)) if page.further else None,
        older=older,
        choices=_choices(visit),
        kept=kept,
        gone=len(gone),
        day_zero=DAY_ZERO,
    )


@PAGES.get("/deviations/gone", READS)
def gone(visit: Visit) -> Response:
    """Judgements of deviations that the records do not show any more, or show under another record."""
    freshen(visit)
    with visit.database.reading() as connection:
        numbers = register.gone(connection, _asked(visit).wanted(visit))
        steps = judgements.steps_of(connection, numbers[:MOST_GONE])
        rows = [(one, _name(connection, one.number)) for one in where_now(connection, steps)]
    visit.seen("deviations gone", None, shown=len(rows))
    return visit.page(
        "deviations_gone.html", here="/deviations", rows=rows, total=len(numbers), words_of=words_of
    )


MOST_GONE: Final = 200


def _name(connection: Connection, number: int) -> str:
    person = identities.person_of(connection, number)
    return (person.name or person.reference) if person else f"#{number}"


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands above the register."""

    cohort: Cohort
    kinds: list[Kind]
    bars: Bars
    line: Line


def figures_of(visit: Visit, connection: Connection, wanted: Wanted, found: Counts) -> Figures:
    """The figures of the register as it is narrowed."""
    all_ = kinds(connection, wanted)
    first, others = summed(all_)
    rest = len(all_) - len(first)
    words = visit.t("other ({n} kinds)", n=rest)
    by_month = months(connection, wanted, visit.today, closed_states())
    return Figures(cohort(connection, wanted, found), all_, bars(first, others, rest, words), line(by_month))


@PAGES.get("/deviations/figures", READS)
def duties_done(visit: Visit) -> Response:
    """Duties that were done in time, counted patient by patient; and the definition of every figure."""
    asked = _asked(visit)
    freshen(visit)
    with visit.database.reading() as connection:
        found = duties(connection, asked.wanted(visit))
    visit.seen("deviations figures", None, **said_of(asked))
    return visit.page(
        "deviations_figures.html",
        here="/deviations",
        asked=asked,
        duties=found,
        definitions=DEFINITIONS,
        cohort=COHORT,
        period=PERIODS.get(asked.period, ""),
    )


def rows_of(visit: Visit, connection: Connection, filed: list[Filed]) -> list[Row]:
    """The rows with the names of their patients."""
    names = {one: _name(connection, one) for one in {row.about.patient_id for row in filed}}
    rows = []
    for one in filed:
        who, on = names[one.about.patient_id], one.about.raised_on
        counted = on is not None and is_counted(on)
        days = (visit.today - on).days if on and not counted else None
        main = one.about.pathway == main_pathway().key
        rows.append(Row(one, who, days, counted, "" if main else pathway_title(one.about.pathway)))
    return rows


def _asked(visit: Visit) -> Asked:
    """The address, read."""
    return asked_for(visit.request.query_params)


def _begun(visit: Visit) -> Asked:
    """The same; where it asks for nothing, the view with which somebody begins."""
    if visit.request.query_params:
        return _asked(visit)
    with visit.database.reading() as connection:
        begins = views.first(connection, visit.account.id, "deviations")
    return asked_for(QueryParams(begins or ""))


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
    return {name: getattr(asked, name) for name in _NAMES}


def _written(place: Place) -> str:
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


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer."""

    rules: list[tuple[str, str]]
    sources: list[str]
    owners: list[str]
    pathways: list[tuple[str, str]]


def _choices(visit: Visit) -> Choices:
    keys = {one.key for one in all_pathways() if one.deviations or one.question}
    return Choices(
        sorted(titles().items(), key=lambda one: one[1].casefold()),
        sorted(sources()),
        [*visit.site.teams, *visit.site.people],
        sorted(((key, pathway_title(key)) for key in keys), key=lambda one: one[1]),
    )


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
