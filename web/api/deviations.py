"""Deviations across patients for programs: the register, reports, judgements of what is gone."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Final

from fastapi import Query
from starlette.responses import Response

from audit.merged_reviews import where_now
from audit.report import report
from pathways.library import all_pathways
from pathways.titles import known_deviations
from store import identities, judgements, register
from store.register import Filed, Place, Wanted
from web.api import answers_deviations, cursors
from web.api.asked import DeviationsAsked, FiguresAsked, ReportAsked
from web.api.door import Here, answer_of
from web.api.problems import Failed, Fault
from web.api.reviews import READ, departure, step_of
from web.api.rules import Operations
from web.fresh import freshen
from web.shown.deviations_asked import limited_to, owners_named, rules_of
from web.shown.deviations_report import figures
from web.visit import Visit

OPERATIONS = Operations()
MOST: Final = 200
"""Judgements of what is gone that are told."""


@OPERATIONS.get("/deviations", READ, answers_deviations.Register)
def deviations(visit: Here, asked: Annotated[DeviationsAsked, Query()]) -> Response:
    """The register of deviations, the newest first, with how far their review is, page by page."""
    wanted = _wanted(visit, asked)
    after = cursors.read(visit, asked, asked.cursor, Place)
    older = freshen(visit)
    with visit.database.reading() as connection:
        changed = judgements.on_other_facts(connection)
        page = register.page(connection, wanted, changed, after=after, most=asked.limit)
        names = identities.named(connection, {one.about.patient_id for one in page.rows})
    visit.seen("deviations", None, shown=len(page.rows))
    found = tuple(_filed(one, names.get(one.about.patient_id)) for one in page.rows)
    further = cursors.written(visit, asked, page.further) if page.further else None
    return answer_of(answers_deviations.Register(deviations=found, next=further, older=older))


@OPERATIONS.get("/deviations/gone", READ, answers_deviations.AllGone)
def gone_deviations(visit: Here, asked: Annotated[ReportAsked, Query()]) -> Response:
    """Judgements of deviations that the records do not show any more, or show under another record."""
    wanted = _wanted(visit, asked)
    freshen(visit)
    with visit.database.reading() as connection:
        numbers = register.gone(connection, wanted)
        rows = list(where_now(connection, judgements.steps_of(connection, numbers[:MOST])))
    visit.seen("deviations gone", None, shown=len(rows))
    found = (
        answers_deviations.Gone(
            number=one.judgement.about.patient_id,
            code=one.judgement.about.code,
            title=one.judgement.about.title,
            judged=step_of(one.judgement),
            now=one.number,
            shown=one.found.mark if one.found else None,
        )
        for one in rows
    )
    return answer_of(answers_deviations.AllGone(gone=tuple(found), total=len(numbers)))


@OPERATIONS.get("/deviations/report", READ, answers_deviations.Report)
def deviations_report(visit: Here, asked: Annotated[FiguresAsked, Query()]) -> Response:
    """Rates, kinds, months and duties with the definition of every figure, of patients whom the account may
    see.
    """
    wanted = _wanted(visit, asked)
    freshen(visit)
    visit.seen("deviations report", None, outside=asked.outside)
    with visit.database.reading() as connection:
        found = figures(visit, connection, wanted, judgements.on_other_facts(connection))
    smallest = visit.site.site.smallest_reported if asked.outside else 0
    tables = (answers_deviations.Table(**asdict(one)) for one in report(found, (), smallest).tables)
    made = answers_deviations.Report(as_of=visit.today, smallest=smallest, tables=tuple(tables))
    return answer_of(made)


def _wanted(visit: Visit, asked: ReportAsked) -> Wanted:
    """What is asked, as conditions; who is limited to teams hears of no others. Raises Failed."""
    if not set(asked.code) <= set(known_deviations()):
        raise Failed("invalid", "See the faults.", [Fault(parameter="code", detail="there is no such rule")])
    if asked.pathway is not None and asked.pathway not in {one.key for one in all_pathways()}:
        fault = Fault(parameter="pathway", detail="there is no such pathway")
        raise Failed("invalid", "See the faults.", [fault])
    codes = set(asked.code or known_deviations())
    if asked.statement:
        codes &= {code for one in asked.statement for code in rules_of(one)}
    return Wanted(
        codes=tuple(sorted(codes)) if asked.code or asked.statement else None,
        owners=owners_named(visit, asked.owner),
        severities=asked.severity,
        statuses=asked.status,
        states=asked.review,
        pathway=asked.pathway,
        since=asked.since,
        until=asked.until,
        limited_to=limited_to(visit),
    )


def _filed(one: Filed, reference: str | None) -> answers_deviations.Filed:
    return answers_deviations.Filed(
        **departure(one.about),
        number=one.about.patient_id,
        reference=reference,
        owner=one.owner,
        day_zero=one.day_zero,
        review=one.state,
        reviewer=one.reviewer,
    )
