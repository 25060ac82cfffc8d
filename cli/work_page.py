"""The lines of a patient's page about who works on what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from rich.text import Text

from cli.days import distance, plural
from cli.work import course_words, untracked
from coordination.fitting import NOBODY
from coordination.next_step import NextStep
from coordination.patient_work import Ended, OfPatient
from coordination.site_desk import SiteDesk
from coordination.track import Track


def work_lines(found: OfPatient, today: date) -> Iterator[Text]:
    """What is wrong, the next step, whose it is, when somebody last noted anything, and a pause."""
    work, held = found.track.work, found.track.course.held
    for alert in (*work.alerts, *untracked(found.track, found.site, today)):
        yield Text("Alert: ", "bold red").append(alert, "default not bold")
    if work.step:
        yield _next(work.step, found.track, today)
    yield _owner(found.track, found.site, today)
    if held.paused_on:
        days = plural((today - held.paused_on).days, "day")
        because = f": {held.paused_because}" if held.paused_because else ""
        yield Text("Paused: ").append(f"no notices since {held.paused_on} ({days}){because}", "yellow")
    items = found.track.course.items
    for about, report in found.track.course.given_up.items():
        told = f"{items[about].title}, due {about.due}, {report.words} ({report.event})"
        yield Text("Not to be done: ").append(told, "dim")
    if held.lost_on:
        yield Text("Lost to follow-up", "yellow").append(f" since {held.lost_on}: the lead is told, once")


def ended_lines(found: Ended) -> Iterator[Text]:
    """Why nobody is reminded any more, and whose patient it was."""
    held = found.held
    died = f"the patient died on {held.died_on}" if held.died_on else ""
    gone = f"the patient was transferred on {held.transferred_on}" if held.transferred_on else ""
    why = died or gone or "the patient has left the pathway"
    yield Text("Next:  ").append(f"nothing, and no reminders any more: {why}", "yellow")
    if found.owner:
        yield Text("Owner: ").append(found.owner, "bold")


def _next(step: NextStep, found: Track, today: date) -> Text:
    """What is late stays late, also where somebody has put it off."""
    late, tomorrow = step.late_from, today + timedelta(1)
    told = Text("Next:  ").append(step.title, "bold").append(f"  {step.on} ")
    if step.basis == "put_off":
        told.append(distance(step.on, today)).append(", " if late else "")
    if late or step.basis != "put_off":
        told.append(distance(step.about.due if late else step.on, today, late), "bold red" if late else "")
    if late and (paused := found.course.held.paused_days(late, tomorrow)):
        told.append(f", {(tomorrow - late).days - paused} without the pause")
    if step.basis in _BASES:
        told.append(f"  ({_BASES[step.basis]})", "dim")
    course = list(course_words(step, found.desk, today))
    for words in (*course, *([f"due {step.about.due}"] if step.basis == "put_off" and not late else [])):
        told.append(f"\n       {words}", "dim")
    return told


_BASES = {"site": "the site's working date", "chosen": "a working date given here"}


def _owner(found: Track, site: SiteDesk, today: date) -> Text:
    owner, there = found.work.owner, [one.name for one in found.work.in_charge]
    told = Text("Owner: ").append(owner or NOBODY, "bold")
    if owner is None and site.site.pool:
        told.append(f", so the pool {site.site.pool}")
    if there and there != [owner]:
        told.append(f" ({', '.join(there)} today)")
    if found.desk.clinician:
        told.append(f", clinician {found.desk.clinician}")
    if found.desk.comments:
        last = found.desk.comments[-1]
        days = (today - last.at.date()).days
        ago = f"{plural(days, 'day')} ago" if days else "today"
        told.append(f"; last comment {ago} by {last.by}: ").append(last.text, "italic")
    else:
        told.append("; no comment yet", "dim")
    return told
