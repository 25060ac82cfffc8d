"""What an administrator looks after, for programs: the record, messages, channels, settings."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import JsonValue
from sqlalchemy import Connection
from starlette.responses import Response

from coordination import addresses
from notifications.clock import SharedClock
from store import access, heartbeat, letters
from store.answered import Answer
from store.enrolments import all_settings
from store.outbox import DEAD, WAITING
from store.queues import ways
from store.seals import exported
from web import jobs, upkeep
from web.api import answers_operations as answers
from web.api.asked_operations import TestAsked
from web.api.door import Here, answer_of
from web.api.once import Doing, answer_kept
from web.api.problems import Failed, Fault
from web.api.rules import Operations
from web.api.values import Code
from web.shown.channels import configured, rows, tried_out
from web.shown.messages import MOST, sent_again
from web.shown.settings import of_machine, of_pathways, of_site
from web.upkeep import VERIFY, Verified
from web.visit import Visit

OPERATIONS = Operations()
SCOPE = "operations"


@OPERATIONS.get("/record/verification", SCOPE, answers.Verification)
def verification(visit: Here) -> Response:
    """Whether the record is being checked, and what was found last."""
    return answer_of(_verification(visit))


@OPERATIONS.post("/record/verification", SCOPE, answers.Verification)
def verify_record(once: Doing) -> Response:
    """Begin to check that everything is as it was recorded; ask for the answer later."""
    visit = once.visit

    def begin() -> answers.Verification:
        try:
            upkeep.begin(visit.place, VERIFY, visit.account.name, visit.way)
        except jobs.UnderWay:
            raise Failed("under-way", "Ask again once it has ended.") from None
        return _verification(visit)

    return once.beside(begin)


def _verification(visit: Visit) -> answers.Verification:
    job = visit.place.jobs.last(VERIFY)
    with visit.database.reading() as connection:
        last = access.latest(connection, f"{VERIFY} done")
    found = job.result if job is not None and isinstance(job.result, Verified) else None
    return answers.Verification(
        job=job_of(job) if job else None,
        at=last.at_there if last else None,
        by=last.who if last else None,
        problems=int(json.loads(last.asked)["problems"]) if last else None,
        first=found.first if found else (),
    )


def job_of(job: jobs.Job) -> answers.Job:
    """How far something is."""
    return answers.Job(
        kind=job.kind,
        by=job.who,
        begun=job.begun,
        ended=job.ended,
        done=job.done,
        total=job.total,
        failed=job.failed,
    )


@OPERATIONS.get("/record/seals", SCOPE, answers.Seals)
def record_seals(visit: Here) -> Response:
    """All seals and public keys, line by line, to be kept elsewhere."""
    visit.seen("seals")
    with visit.database.reading() as connection:
        return answer_of(answers.Seals(lines=tuple(exported(connection))))


@OPERATIONS.get("/messages", SCOPE, answers.Messages)
def messages(
    visit: Here,
    status: Annotated[Literal["dead", "waiting"] | None, Query(description="Only of this status.")] = None,
) -> Response:
    """The latest messages that wait or were given up; none tells what it says."""
    with visit.database.reading() as connection:
        found, total = letters.letters(connection, [status] if status else [DEAD, WAITING], MOST)
    told = (
        answers.Message(
            id=one.id,
            to=one.recipient,
            channel=one.channel,
            kind=one.kind,
            made=one.made,
            status=one.status,
            until=one.wake,
            tries=one.tries,
            told=one.reason,
            last_failure=one.failed,
        )
        for one in found
    )
    return answer_of(answers.Messages(messages=tuple(told), total=total))


@OPERATIONS.post("/messages/{message}/resend", SCOPE, answers.Resent)
def resend(
    once: Doing, message: Annotated[Code, Path(description="The id of a message.", examples=["m-1"])]
) -> Response:
    """Send a message again that was given up; what it says is told anew when it leaves."""

    def again(connection: Connection) -> Answer:
        was = sent_again(once.visit, connection, message)
        if was is None:
            raise Failed("not-found", "There is no message with this id.")
        if was != DEAD:
            raise Failed("impossible", "It was not given up; only what was given up is sent again.")
        return answer_kept(answers.Resent(message=message))

    return once.within(again)


@OPERATIONS.get("/channels", SCOPE, answers.Channels)
def channels(visit: Here) -> Response:
    """The ways by which messages leave, and how each does."""
    found, trouble = configured(visit)
    with visit.database.reading() as connection:
        known = ways(connection)
    told = (
        answers.Way(
            name=one.name,
            to=one.to,
            per_minute=one.per_minute,
            people=one.people,
            last_sent=one.way.sent if one.way else None,
            last_failed=one.way.failed if one.way else None,
            last_failure=one.way.told if one.way else "",
            waiting=one.way.waiting if one.way else 0,
            given_up=one.way.dead if one.way else 0,
        )
        for one in rows(visit, found, known)
    )
    return answer_of(answers.Channels(channels=tuple(told), trouble=trouble))


@OPERATIONS.post("/channels/{channel}/test", SCOPE, answers.Trial)
def try_channel(
    once: Doing,
    channel: Annotated[Code, Path(description="The name of a channel.", examples=["email"])],
    asked: TestAsked,
) -> Response:
    """Send a harmless message about nobody, and tell what happened."""
    visit = once.visit
    found, _ = configured(visit)
    chosen = next((one for one in found if one.name == channel), None)
    if chosen is None:
        raise Failed("not-found", "There is no channel of this name.")
    person = visit.site.people.get(asked.to)
    address = person.addresses.get(channel, "") if person else asked.to
    if not address or any(addresses.faults(channel, address)):
        fault = Fault(pointer="/to", detail="no address of this channel, and nobody who has one")
        raise Failed("impossible", "Nothing was sent. See the faults.", [fault])

    def send() -> answers.Trial:
        tried = tried_out(visit, chosen, address, asked.to)
        failed = tried.failed
        return answers.Trial(
            channel=channel,
            steps=tuple(tried.steps),
            failed=failed.told if failed else "",
            what_then=failed.what_then if failed else "",
        )

    return once.beside(send)


@OPERATIONS.get("/settings", SCOPE, answers.Settings)
def settings(visit: Here) -> Response:
    """Every setting with what holds, where it comes from, and what is behind it."""
    found: list[answers.Setting] = [
        answers.Setting(
            name=one.variable,
            of="machine",
            meaning=one.meaning,
            value=one.value,
            default=None,
            source="environment" if one.said else "default",
        )
        for one in of_machine(visit)
    ]
    for site in of_site(visit):
        value, usual = _plain(site.value), _plain(site.usual)
        source = "desk" if value != usual else "default"
        found.append(
            answers.Setting(
                name=site.name, of="site", meaning=site.label, value=value, default=usual, source=source
            )
        )
    found += [
        answers.Setting(
            name=one.spec.name,
            of="pathways",
            meaning=one.spec.field.note or "",
            value=one.spec.default,
            default=one.spec.default,
            source="default",
            statements=one.statements,
            open_questions=one.conflicts,
            others={str(value): number for value, number in one.others.items()},
        )
        for one in of_pathways(all_settings(visit.database))
    ]
    return answer_of(answers.Settings(settings=tuple(found)))


def _plain(value: object) -> JsonValue:
    found: JsonValue = json.loads(json.dumps(value))
    return found


@OPERATIONS.get("/workers", SCOPE, answers.Workers)
def workers(visit: Here) -> Response:
    """The workers that send notices, and whether anything is sent."""
    with visit.database.reading() as connection:
        found = heartbeat.workers(connection)
    since = heartbeat.standstill(found, SharedClock(visit.database)()) if found else None
    told = (answers.Worker(name=one.name, seen=one.beat, stopped=one.stopped) for one in found)
    return answer_of(answers.Workers(workers=tuple(told), standstill=since))
