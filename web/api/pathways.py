"""Versions of pathways for programs: what became of one in another, and what one would mean for patients."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from coordination.fitting import among
from engine.answer import plain
from interop.difference_json import changes_as_json
from interop.enforcement_words import KINDS
from pathways.settings import SettingError
from store.enforcement import Tried
from store.library import version, versions
from web import dry_runs
from web.api import answers
from web.api import answers_operations as told
from web.api.asked_operations import DryRunAsked, Fingerprint
from web.api.door import Here, answer_of
from web.api.once import Doing
from web.api.operations import job_of
from web.api.problems import Failed, Fault, silent
from web.api.rules import HOLDERS, Operations
from web.dry_runs import DRY_RUN, Ran, Wanted
from web.jobs import UnderWay
from web.shown.pathway_changes import begin, in_words, order_of, reachable
from web.shown.pathway_differences import compared, statements_of
from web.visit import Visit

OPERATIONS = Operations()
SCOPE = "dry-runs"
AT_ONCE = 100


@OPERATIONS.get("/versions", HOLDERS, told.Versions)
def all_versions(visit: Here) -> Response:
    """The versions of pathways that ship, or in which patients are or were enrolled."""
    found = (answers.PathwayRef(**asdict(one)) for one in versions(visit.database))
    return answer_of(told.Versions(versions=tuple(found)))


@OPERATIONS.get("/differences", HOLDERS, told.Differences)
def differences(
    visit: Here, one: Annotated[Fingerprint, Query()], other: Annotated[Fingerprint, Query()]
) -> Response:
    """What became of a version of a pathway in another, in words, with the statements behind it."""
    first, second = version(visit.database, one), version(visit.database, other)
    if first is None or second is None:
        raise Failed("impossible", "There is no such version.")
    behind = {**statements_of(first), **statements_of(second)}
    found = (
        told.Difference(**each._asdict(), statements=behind.get((each.kind, each.id), ()))
        for each in compared(first, second)
    )
    return answer_of(told.Differences(differences=tuple(found)))


@OPERATIONS.post("/dry-runs", SCOPE, told.DryRun)
def try_out(once: Doing, asked: DryRunAsked) -> Response:
    """Begin to try what a version or settings would mean for patients; nothing is written."""
    visit = once.visit
    wanted = _wanted(visit, asked)

    def start() -> told.DryRun:
        try:
            begin(visit, DRY_RUN, wanted, dry_runs.run)
        except UnderWay:
            raise Failed("under-way", "Ask again once it has ended.") from None
        return _latest(visit, "", 1)

    return once.beside(start)


@OPERATIONS.get("/dry-runs/latest", SCOPE, told.DryRun)
def dry_run(
    visit: Here,
    kind: Annotated[str, Query(max_length=60, description="Only patients who stand under this kind.")] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """How far the latest dry run of the account is, and what it found."""
    if kind and kind not in KINDS:
        fault = Fault(parameter="kind", detail=f"there is no such kind{among(KINDS)}")
        raise Failed("invalid", "See the faults.", [fault])
    return answer_of(_latest(visit, kind, page))


def _wanted(visit: Visit, asked: DryRunAsked) -> Wanted:
    """What is to be tried, on whom. Raises Failed."""
    there = {one.fingerprint: one for one in versions(visit.database)}
    if asked.pathway is not None and asked.pathway not in there:
        raise Failed("impossible", "", [Fault(pointer="/pathway", detail="there is no such version")])
    try:
        order = order_of(there.get(asked.pathway or ""), asked.settings, add=asked.add)
    except SettingError as error:
        raise Failed("impossible", "", [Fault(pointer="/settings", detail=silent(str(error)))]) from None
    if order.pathway is None and not order.settings:
        raise Failed("impossible", "Name a version, or settings.")
    within = reachable(visit)
    if asked.patients is None:
        return Wanted(order, in_words(order), within)
    names = {number: name for name, number in within.items()}
    if not set(asked.patients) <= set(names):
        raise Failed("impossible", "", [Fault(pointer="/patients", detail="one is nobody you may see")])
    return Wanted(order, in_words(order), {names[number]: number for number in asked.patients})


def _latest(visit: Visit, kind: str, page: int) -> told.DryRun:
    job = visit.place.jobs.last(DRY_RUN, visit.account.name)
    if job is None:
        return told.DryRun(job=None, order="", counts={}, patients=(), pages=0)
    within = reachable(visit)
    every = job.result.found if isinstance(job.result, Ran) else ()
    ran = Ran(tuple(one for one in every if one.reference in within))
    some = ran.of(kind) if kind else list(ran.found)
    shown = some[AT_ONCE * (page - 1) : AT_ONCE * page]
    visit.seen("dry-run shown", None, shown=len(shown))
    return told.DryRun(
        job=job_of(job),
        order=job.asked.words,
        counts={name: ran.counts[name] for name in KINDS if ran.counts[name]},
        patients=tuple(_tried(one, within[one.reference]) for one in shown),
        pages=-(-len(some) // AT_ONCE),
    )


def _tried(one: Tried, number: int) -> told.Tried:
    return told.Tried(
        number=number,
        reference=one.reference,
        kinds=one.kinds,
        error=one.error or None,
        changes=changes_as_json(one.difference),
        earlier_decisions=tuple(plain(asdict(change)) for change in one.hindsight),
    )
