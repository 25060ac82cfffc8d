"""The record looked after: is everything as it was recorded, backups, seals to be kept elsewhere, and what
could be wrong.

Backups stay on the machine and never travel over the web (docs/decisions/0033).
"""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response

from store import access
from store.seals import exported
from web import upkeep
from web.jobs import UnderWay
from web.rules import RUNS, Pages
from web.upkeep import BACKUP, DOCTOR, VERIFY
from web.visit import Stopped, Visit

PAGES = Pages()


@PAGES.get("/operations/record", RUNS)
def record(visit: Visit) -> Response:
    """What is being done, what came of it last, and the backups there are."""
    jobs, house = visit.place.jobs, visit.place.house
    with visit.database.reading() as connection:
        before = access.latest(connection, f"{VERIFY} done")
    last: dict[str, Any] = {kind: jobs.last(kind) for kind in (VERIFY, BACKUP, DOCTOR)}
    return visit.page(
        "operations_record.html",
        here="/operations",
        job=jobs.at_work(),
        last=last,
        before=before,
        before_problems=json.loads(before.asked).get("problems") if before else None,
        folder=house.backups,
        backups=upkeep.backups(house.backups),
    )


@PAGES.post("/operations/record", RUNS)
def do(visit: Visit) -> Response:
    """Begin with one of them; one thing at a time."""
    kind = visit.field("do", 20)
    if kind not in upkeep.WORK:
        raise Stopped(422, "There is no such thing to do")
    if kind == BACKUP and visit.place.house.backups is None:
        told = "Name one with CAREPATH_BACKUPS, and start carepath anew."
        raise Stopped(422, "There is no folder for backups", told)
    try:
        upkeep.begin(visit.place, kind, visit.account.name, visit.way)
    except UnderWay:
        raise Stopped(409, "Something else is being done", "Wait until it is done; one at a time.") from None
    return visit.go("/operations/record")


@PAGES.get("/operations/seals.txt", RUNS)
def seals(visit: Visit) -> Response:
    """All seals and public keys, to be kept where nobody can reach both them and the database."""
    visit.seen("seals")
    with visit.database.reading() as connection:
        lines = "".join(f"{line}\n" for line in exported(connection))
    return visit.download(lines.encode(), f"carepath-seals-{visit.today}.txt", "text/plain; charset=utf-8")
