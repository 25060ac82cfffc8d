"""Messages on their way: whether workers are there, what waits, what was given up and is sent again."""

from __future__ import annotations

from starlette.responses import Response

from notifications.clock import SharedClock
from store import heartbeat, letters
from store.outbox import DEAD, WAITING
from store.record import anew
from web.rules import RUNS, Pages
from web.shown.messages import MOST, sent_again
from web.visit import Stopped, Visit

PAGES = Pages()


@PAGES.get("/operations/messages", RUNS)
def messages(visit: Visit) -> Response:
    """Workers, their loops, and the messages that were given up or wait."""
    with visit.database.reading() as connection:
        workers, loops = heartbeat.workers(connection), heartbeat.loops(connection)
        given_up, dead = letters.letters(connection, [DEAD], MOST)
        waits, waiting = letters.letters(connection, [WAITING], MOST)
    now = SharedClock(visit.database)()
    return visit.page(
        "operations_messages.html",
        here="/operations",
        workers=workers,
        now=now,
        standstill=heartbeat.standstill(workers, now) if workers else None,
        loops=loops,
        given_up=given_up,
        dead=dead,
        waits=waits,
        waiting=waiting,
    )


@PAGES.post("/operations/messages", RUNS)
def resend(visit: Visit) -> Response:
    """Send a message again that was given up; what it says is told anew when it leaves."""
    message = visit.field("message", 200)

    def again() -> str | None:
        with visit.database.writing() as connection:
            return sent_again(visit, connection, message)

    was = anew(again)
    if was is None:
        raise Stopped(404, "There is no such message")
    if was != DEAD:
        raise Stopped(422, "This message was not given up", "Only what was given up is sent again.")
    return visit.go("/operations/messages")
