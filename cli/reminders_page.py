"""The reminders of one patient for a person to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.table import Table
from rich.text import Text

from cli.console import console, heading
from cli.reminded import Reminded
from coordination.entries import Item
from coordination.rung_words import RUNG_WORDS
from notifications.plan import OF_PATIENT, Effect
from notifications.silence import Because, clock, times, to_whom
from notifications.trail import reached
from store.outbox import DEAD, WAITING
from store.planning import Notice
from store.trail import Posted


def show(found: Reminded) -> None:
    """What came up, what comes next, and the reasons of the day."""
    out = console()
    if not found.only:
        out.print(heading(f"{found.reference}: reminders", _whose(found)))
        for about, notices in groupby(_by_item(found), found.about):
            since = "since" if about.item in OF_PATIENT else "due"
            out.print(Text(found.title(about), "bold").append(f", {since} {about.due}", "not bold"))
            out.print(_rows(_came_up(found, one) for one in notices))
        if not found.trail.notices:
            out.print("Nothing has come up yet.\n")
        if found.coming:
            out.print(heading("Comes up next", "if nothing happens until then"))
            out.print(
                _rows((str(one.day), RUNG_WORDS[one.rung], [_coming(found, one)]) for one in found.coming)
            )
    out.print(heading(f"{found.reference} on {found.day}" if found.only else f"Today, {found.day}"))
    out.print(_rows((_KINDS[one.kind], _of(found, one), [one.text]) for one in found.because))


def _whose(found: Reminded) -> str:
    """Whose patient it is, what holds all notices back, and in whose time the clock is told."""
    zone = f"times of {found.calendar.site.zone}"
    if found.now is None:
        return zone
    owner, pool, held = found.now.desk.owner, found.now.site.site.pool, found.now.held
    whose = owner or (f"the pool {pool}" if pool else "")
    told = [f"looked after by {whose}" if whose else "nobody looks after this patient"]
    told += [f"paused since {held.paused_on}"] if held.paused_on else []
    told += [f"lost to follow-up since {held.lost_on}"] if held.lost_on else []
    told += [f"transferred on {held.transferred_on}"] if held.transferred_on else []
    return ", ".join([*told, zone])


def _by_item(found: Reminded) -> list[Notice]:
    """The notices of each due item together, in the order in which the items came up."""
    first: dict[Item, int] = {}
    for number, one in enumerate(found.trail.notices):
        first.setdefault(found.about(one), number)
    return sorted(found.trail.notices, key=lambda one: first[found.about(one)])


def _rows(rows: Iterable[tuple[str, str, Iterable[str]]]) -> Table:
    """Lines with two short words before them."""
    made = Table.grid(padding=(0, 2, 0, 0))
    made.add_column(no_wrap=True)
    made.add_column(max_width=36)
    made.add_column()
    for first, second, told in rows:
        made.add_row(f"  {first}", second, "\n".join(told))
    made.add_row()
    return made


def _coming(found: Reminded, one: Effect) -> str:
    return f"{found.title(one.about)}, due {one.about.due}; to {' and '.join(one.step.to)}"


def _of(found: Reminded, one: Because) -> str:
    """Which due item a reason is about, and which rung of it; a patient who is lost is no due item."""
    if one.about is None:
        return ""
    title = found.title(one.about)
    return f"{title}, {RUNG_WORDS[one.rung]}" if one.rung and one.about.item not in OF_PATIENT else title


def _came_up(found: Reminded, one: Notice) -> tuple[str, str, Iterator[str]]:
    notice = found.trail.kept[one.id]
    rung = "" if notice.about.item in OF_PATIENT else RUNG_WORDS[notice.rung]
    return str(one.day), rung, _outcome(found, one)


def _outcome(found: Reminded, one: Notice) -> Iterator[str]:
    """What became of a notice, a line for each thing."""
    messages = found.trail.messages(one.id)
    if told := [posted for posted in messages if reached(posted)]:
        yield f"told to {to_whom(told, found.calendar)}"
    for posted in messages:
        if not reached(posted):
            yield _not_told(found, posted)
    if one.status == WAITING:
        yield f"held: {one.reason}" if one.reason else "waits to be told"
    elif one.status != "said":
        yield f"{one.status}: {one.reason}"


def _not_told(found: Reminded, one: Posted) -> str:
    way = f"{one.channel} to {one.recipient}"
    if one.status == WAITING:
        verb = "was to leave on" if one.wake and one.wake <= found.moment else "leaves on"
        tried = [tried for tried in found.trail.tries if tried.message == one.id]
        failed = f"; tried {times(tried)}: {tried[-1].told}" if tried else ""
        return f"{way} {verb} {clock(one.wake, found.calendar)}{failed}"
    if one.status == DEAD:
        return f"{way} could not be delivered: {one.reason}"
    return f"left out of {way}: {one.left_out or one.reason}"


_KINDS = {
    "told": "Told",
    "told_before": "Told before",
    "waits": "Waits",
    "failed": "Failed",
    "not_taken_up": "Not taken up",
    "held": "Held",
    "withdrawn": "Withdrawn",
    "history": "History",
    "nothing_due": "Nothing due",
    "not_recorded": "Not recorded yet",
    "elsewhere": "Told elsewhere",
    "set_aside": "Set aside",
}
