"""What programs read across patients: the register of deviations, and the workers."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from coordination import reach
from notifications.clock import SharedClock
from pathways.library import all_pathways
from pathways.titles import known_deviations
from store import heartbeat, identities, judgements, register
from store.register import Filed, Place, Wanted
from web.api import answers_lists, cursors
from web.api.asked import DeviationsAsked
from web.api.door import Here, answer_of
from web.api.problems import Failed, Fault
from web.api.rules import Operations
from web.fresh import freshen
from web.visit import Visit

OPERATIONS = Operations()


@OPERATIONS.get("/deviations", "deviations:read", answers_lists.Register)
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
    return answer_of(answers_lists.Register(deviations=found, next=further, older=older))


def _wanted(visit: Visit, asked: DeviationsAsked) -> Wanted:
    """What is asked, as conditions; who is limited to teams hears of no others. Raises Failed."""
    if not set(asked.code) <= set(known_deviations()):
        raise Failed("invalid", "See the faults.", [Fault(parameter="code", detail="there is no such rule")])
    if asked.pathway is not None and asked.pathway not in {one.key for one in all_pathways()}:
        fault = Fault(parameter="pathway", detail="there is no such pathway")
        raise Failed("invalid", "See the faults.", [fault])
    teams = visit.account.teams
    return Wanted(
        codes=asked.code or None,
        severities=asked.severity,
        statuses=asked.status,
        states=asked.review,
        pathway=asked.pathway,
        since=asked.since,
        until=asked.until,
        limited_to=reach.owners(visit.site, teams) if teams else None,
    )


def _filed(one: Filed, reference: str | None) -> answers_lists.Filed:
    about = one.about
    return answers_lists.Filed(
        number=about.patient_id,
        reference=reference,
        pathway=about.pathway,
        code=about.code,
        title=about.title,
        severity=about.severity,
        status=about.status,
        raised_on=about.raised_on,
        events=tuple(about.events),
        statements=tuple(about.statements),
        why=about.why,
        judged_under=about.judged_under or None,
        owner=one.owner,
        day_zero=one.day_zero,
        review=one.state,
        reviewer=one.reviewer,
    )


@OPERATIONS.get("/workers", "operations", answers_lists.Workers)
def workers(visit: Here) -> Response:
    """The workers that send notices, and whether anything is sent."""
    with visit.database.reading() as connection:
        found = heartbeat.workers(connection)
    since = heartbeat.standstill(found, SharedClock(visit.database)()) if found else None
    told = (answers_lists.Worker(name=one.name, seen=one.beat, stopped=one.stopped) for one in found)
    return answer_of(answers_lists.Workers(workers=tuple(told), standstill=since))
