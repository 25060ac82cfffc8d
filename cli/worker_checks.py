"""What `carepath doctor` looks at of the workers: whether one is there, and whether anything is stuck."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from cli.check import Check
from cli.days import plural
from cli.output import visible
from cli.workplace import Workplace
from store import desk, heartbeat, planning, queues
from store.heartbeat import Loop, Worker

_HANGS: Final = timedelta(hours=1)
_PATIENCE: Final = timedelta(minutes=15)
_TRIED: Final = timedelta(hours=1)
"""For as long a mail server may want to be asked once more without anything being wrong."""
_NAMED: Final = 5

_START: Final = "start one: `carepath worker` (docs/operation.md, reminders)"


def of_the_workers(here: Workplace) -> Iterator[Check]:
    """Whether reminders go out, or what keeps them, by the clock that workers go by."""
    from notifications.clock import SharedClock

    now = SharedClock(here.database)()
    with here.database.reading() as connection:
        there, loops = heartbeat.workers(connection), heartbeat.loops(connection)
        people = any(one.kind == "person" for one in desk.of_site(connection))
        aside = planning.set_aside(connection)
        found = queues.standing(connection, now, _PATIENCE)
        failing = queues.in_vain(connection, now, _TRIED)
    yield _workers(there, people, now)
    if there:
        yield _loops(loops, now)
    yield _planned(aside)
    yield from _in_vain(failing)
    yield _messages(found)


def _workers(there: Iterable[Worker], people: bool, now: datetime) -> Check:
    named = {one.name: one for one in there}
    if not named:
        if not people:
            return Check("worker", "none has ever run; nobody is registered who could be told anything")
        return Check("worker", "none has ever run here: nobody will be told anything", _START)
    if since := heartbeat.standstill(named.values(), now):
        return Check("worker", f"none has given a sign since {_clock(since)}: reminders stand still", _START)
    works = [name for name, one in named.items() if one.works(now)]
    silent = [one for one in named.values() if not one.stopped and not one.works(now)]
    told = f"{', '.join(works)} at work" if works else "none at work; one came by lately and is done"
    if not silent:
        return Check("worker", visible(told))
    lost = ", ".join(f"{one.name} since {_clock(one.beat)}" for one in silent)
    to_do = "see whether it hangs, or was killed; after a week nobody asks for it any more"
    return Check("worker", visible(f"{told}; no sign of {lost}"), to_do)


def _loops(loops: Iterable[Loop], now: datetime) -> Check:
    wrong = [f"{one.name}: {one.told}" for one in loops if one.told]
    hang = [one for one in loops if _unfinished(one) and now - one.begun > _HANGS]
    wrong += [f"{one.name}: began at {_clock(one.begun)} and has not ended" for one in hang]
    if not wrong:
        return Check("rounds", "every loop of the workers came round well")
    return Check("rounds", visible("; ".join(wrong)), "mend what is said here; the next round tries again")


def _unfinished(loop: Loop) -> bool:
    return loop.ended is None or loop.ended < loop.begun


def _planned(aside: list[tuple[int, str]]) -> Check:
    if not aside:
        return Check("notices", "what is due can be told of every patient")
    named = ", ".join(f"#{number} ({trouble})" for number, trouble in aside[:_NAMED])
    more = f" and {len(aside) - _NAMED:,} more" if len(aside) > _NAMED else ""
    told = f"{plural(len(aside), 'patient')} set aside, about whom nothing is told: {named}{more}"
    to_do = "`carepath show '#N'` looks at one; they are tried again each day; update carepath or report it"
    return Check("notices", told, to_do)


def _in_vain(failing: Iterable[queues.InVain]) -> Iterator[Check]:
    for one in failing:
        waits = (
            f"{plural(one.messages, 'message')} by {one.channel} {'waits' if one.messages == 1 else 'wait'}"
        )
        told = f"{waits}, tried in vain since {_clock(one.since)}, at last: {one.told or 'not known'}"
        yield Check("sending", told, f"mend it; `carepath channel test {one.channel}` tries the way")


def _messages(found: queues.Standing) -> Check:
    wrong = {
        f"{plural(found.dead, 'message')} could not be handed over and reached nobody": found.dead,
        f"{plural(found.run_out, 'row')} that a worker took and did not finish in time": found.run_out,
        f"{plural(found.suspect, 'row')} with which several workers came to an end": found.suspect,
        f"{plural(found.late, 'row that waits', 'rows that wait')} for long": found.late,
    }
    told = [what for what, number in wrong.items() if number]
    if not told:
        return Check("messages", "nothing was given up, nothing waits for long")
    return Check("messages", "; ".join(told), "see that a worker is at work; `carepath messages` tells more")


def _clock(moment: datetime) -> str:
    """By the clock of this machine, as everything here."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
