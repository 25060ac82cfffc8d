"""The register of deviations: where care departed from the guideline, and how far reviews are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection
from starlette.datastructures import QueryParams
from starlette.responses import Response

from audit.cohort import Cohort, Kind, cohort, kinds, months, summed
from audit.definitions import COHORT, DEFINITIONS
from audit.measures import duties
from audit.merged_reviews import where_now
from audit.reasons import words_of
from pathways.day_zero import DAY_ZERO, is_counted
from pathways.library import all_pathways, main_pathway
from pathways.titles import closed_states, pathway_title
from store import identities, judgements, register, views
from store.register import (
    Counts,
    Filed,
    Wanted,
)
from web.charts import Bars, Line, bars, line
from web.fresh import freshen
from web.rules import READS, Pages
from web.shown.deviations_asked import PERIODS, Asked, asked_for, place_written, said_of, sources, titles
from web.visit import Visit

PAGES = Pages()
AT_ONCE: Final = 25


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
        further=asked.address(after=place_written(page.further)) if page.further else None,
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
    told = [replace(one, title=visit.t(one.title)) for one in first]
    return Figures(cohort(connection, wanted, found), all_, bars(told, others, rest, words), line(by_month))


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
        _by_words((code, visit.t(title)) for code, title in titles().items()),
        sorted(sources()),
        [*visit.site.teams, *visit.site.people],
        _by_words((key, visit.t(pathway_title(key))) for key in keys),
    )


def _by_words(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(choices, key=lambda one: one[1].casefold())
