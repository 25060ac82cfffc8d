"""The tracking list as a table for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rich.text import Text

from cli.console import console, table
from cli.days import distance, plural
from cli.lists_on import Lists
from coordination.fitting import NOBODY
from coordination.next_step import NextStep
from coordination.outlook import Overview, overviews
from coordination.progress import chase
from coordination.site_desk import SiteDesk
from engine.answer import plain
from pathways.titles import closed_states, state_title, step_title, timer_title
from store.tracking import Load, Tracked

WIDE = 120
"""From so many columns on the list has room for owners, dates, and how far away those are."""


@dataclass(frozen=True, slots=True)
class OnDesk:
    """What the desk knows of the patients of a page, by number, and how the site works."""

    site: SiteDesk = field(default_factory=SiteDesk)
    overviews: Mapping[int, Overview] = field(default_factory=dict)

    @classmethod
    def of(cls, lists: Lists, site: SiteDesk, rows: Sequence[Tracked]) -> OnDesk:
        """Of the open patients among these rows, on the day of the lists."""
        open_ = [row.patient_id for row in rows if not row.day_zero and row.state not in closed_states()]
        with lists.database.reading() as derived, lists.here.database.reading() as recorded:
            return cls(site, dict(overviews(derived, recorded, open_, site, lists.day)))


def show_list(
    rows: Sequence[Tracked], today: date, told: str | None = None, on_desk: OnDesk | None = None
) -> None:
    """The table, under what is `told` about its day. Whose patients they are where somebody works here."""
    desk = on_desk or OnDesk()
    made = table()
    made.add_column("Patient", no_wrap=True)
    made.add_column("State", no_wrap=True, overflow="ellipsis", ratio=4 if desk.site.people else 5)
    made.add_column("Days", justify="right", no_wrap=True)
    made.add_column("Next step", no_wrap=True, overflow="ellipsis", ratio=6)
    made.add_column("Date", no_wrap=True)
    narrow = bool(desk.site.people) and console().width < WIDE
    if not narrow:
        made.add_column("", no_wrap=True)
    if desk.site.people:
        made.add_column("Owner", no_wrap=True, overflow="ellipsis", max_width=18)
    made.add_column("Dev.", justify="right", no_wrap=True)
    made.expand = True
    for row in rows:
        days = row.days_in_state(today)
        overview = desk.overviews.get(row.patient_id)
        title, on, away = _step(overview, today) if overview else _kept(row, today)
        made.add_row(
            f"{row.reference} !" if row.trouble else row.reference,
            state_title(row.state),
            "" if days is None else str(days),
            title,
            *([_in_short(on, away)] if narrow else [on, away]),
            *([_owner(row, overview, desk.site)] if desk.site.people else []),
            Text(str(row.deviations), "yellow") if row.deviations else "",
        )
    if told:
        console().print(told)
    console().print(made)
    for line in _legend(rows, today, desk):
        print(line)


def next_title(row: Tracked) -> str:
    """What is due next, else a step that may be taken."""
    if row.next_item:
        return timer_title(row.next_item)
    return step_title(row.next_step) if row.next_step else ""


def overdue_from(row: Tracked) -> date | None:
    """The first day on which what is due next was overdue, if it is: by it the list is in order."""
    return row.urgent_on if row.rank == 0 else None


def _in_short(on: str, away: Text) -> Text:
    """When, in one column: how late it is, or that it has passed, else the date."""
    words = away.plain
    if words == "passed":
        return Text("(passed)" if on.startswith("(") else words, away.style)
    return away if words in ("", "today") or words.endswith(" d late") else _dated(on, away)


def _dated(on: str, away: Text) -> Text:
    late = away.plain.endswith(", late")
    return Text(f"{on}, late" if late else on, away.style)


def _kept(row: Tracked, today: date) -> tuple[Text, str, Text]:
    """The next step by the kept row alone; of who is closed nobody is told anything."""
    if row.state in closed_states():
        return Text("no reminders any more", "dim"), "", Text()
    if not row.next_due:
        return Text(next_title(row)), "", Text()
    late = "bold red" if row.rank == 0 else ""
    away = Text(distance(row.next_due, today, overdue_from(row)), late)
    return Text(next_title(row)), str(plain(row.next_due)), away


def _step(one: Overview, today: date) -> tuple[Text, str, Text]:
    """The next step with its date; one that is the site's own choice stands in brackets."""
    step = one.work.step
    if step is None:
        return Text("no next step", "bold red"), "", Text()
    late = step.late_from
    when = distance(step.on, today, late if step.basis == "due" else None)
    when += ", late" if late and step.basis == "put_off" else ""
    ahead = one.outlook
    kept_back = "lost to follow-up: " if ahead.lost_on else "paused: " if ahead.paused_on else ""
    far = _how_far(step, taken_on=ahead.taken_on)
    title = Text(kept_back, "yellow").append(far, "cyan").append(step.title, "default")
    on = f"({step.on})" if step.basis in ("site", "chosen") else str(step.on)
    lost = ahead.lost_on is not None  # which is told to the lead, and nobody is to chase it
    return title, on, Text(when, "bold red" if (late and not lost) or step.passed(today) else "")


def _how_far(step: NextStep, *, taken_on: bool) -> str:
    """What was reported of it, in a word; else that somebody took it on or put it off."""
    if step.report is None:
        return ("taken on: " if taken_on else "put off: ") if step.basis == "put_off" else ""
    words = {"not_reported": "not reported", "not_acted_on": "not acted on", "not_recorded": "not recorded"}
    return f"{words.get(chase(step.report), step.report.status.replace('_', ' '))}: "


def _owner(row: Tracked, one: Overview | None, site: SiteDesk) -> Text:
    """Whose patient it is, and who is there for them today, where that is somebody else."""
    if one is None:
        return Text(row.owner or "", "dim")
    if row.owner is None:
        return Text(f"({site.site.pool})") if site.site.pool else Text(NOBODY, "bold red")
    there = [person.name for person in one.work.in_charge]
    if not there:
        return Text(f"{row.owner}: away", "bold red")
    himself = row.owner in there or row.owner in site.teams
    return Text(row.owner if himself else f"{row.owner} ({there[0]})")


def _legend(rows: Sequence[Tracked], today: date, desk: OnDesk) -> Iterator[str]:
    """What the signs in the table mean, where they stand there, and who was not looked after for too long."""
    steps = [one.work.step for one in desk.overviews.values()]
    if any(step and step.basis in ("site", "chosen") for step in steps):
        yield "(Dates in brackets are this site's working dates: the sources give none.)"
    most = desk.site.site.untracked_days
    late = [
        row.reference
        for row in rows
        if row.patient_id in desk.overviews
        and (today - desk.overviews[row.patient_id].tracked_on).days > most
    ]
    if late and desk.site.people:
        more = f" and {len(late) - _MOST} more" if len(late) > _MOST else ""
        yield f"Without a comment for more than {plural(most, 'day')}: {', '.join(late[:_MOST])}{more}."


_MOST = 8


def adrift_words(adrift: int, unowned: int) -> str:
    """How many patients could get lost, and why."""
    parts = [f"nobody owns {unowned}"] if unowned else []
    parts += [f"no next step is there for {adrift - unowned}"] if adrift > unowned else []
    return f"{plural(adrift, 'patient')} could get lost and stand first: {', '.join(parts)}."


def loads_words(loads: Mapping[str | None, Load], pool: str | None) -> str:
    """How many open patients everybody has; the pool stands in brackets for those whom nobody owns."""
    nobody = f"({pool})" if pool else NOBODY
    words = [
        f"{owner or nobody} {load.patients}{f' ({load.overdue} overdue)' if load.overdue else ''}"
        for owner, load in sorted(loads.items(), key=lambda one: (one[0] is None, one[0] or ""))
    ]
    return f"Open patients by owner: {', '.join(words)}."
