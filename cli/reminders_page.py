"""The reminders of one patient for a person to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.table import Table
from rich.text import Text

from cli.console import console, heading
from cli.reminders import Reminded
from coordination.entries import Item
from coordination.rung_words import RUNG_WORDS
from notifications.plan import Effect
from notifications.silence import Because, clock, to_whom
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
            out.print(Text(found.title(about), "bold").append(f", due {about.due}", "not bold"))
            out.print(
                _rows(
                    (str(one.day), RUNG_WORDS[found.trail.kept[one.id].rung], _outcome(found, one))
                    for one in notices
                )
            )
        if not found.trail.notices:
            out.print("Nothing has come up yet.\n")
        if found.coming:
            out.print(heading("Comes up next", "if nothing happens until then"))
            out.print(
                _rows((str(one.day), RUNG_WORDS[one.rung], [_coming(found, one)]) for one in found.coming)
            )
    out.print(heading(f"{found.reference} on {found.day}" if found.only else f"Today, {found.day}"))
    out.print(_rows((_KINDS[one.kind], _of(one), [one.text]) for one in found.because))


def _whose(found: Reminded) -> str:
    if found.now is None:
        return ""
    owner, paused = found.now.desk.owner, found.now.held.paused_on
    told = [f"looked after by {owner}" if owner else "nobody looks after this patient"]
    return ", ".join([*told, *([f"paused since {paused}"] if paused else [])])


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


def _of(one: Because) -> str:
    return f"{one.title or one.about.item}, {RUNG_WORDS[one.rung]}" if one.about and one.rung else ""


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
        return f"{way} leaves on {clock(one.wake, found.calendar)}"
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
