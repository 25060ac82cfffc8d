"""What somebody was told in the inbox, as it stands now: a line for each due item.

The inbox keeps no words. Each line is worked out anew, so that what is not so any more says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from sqlalchemy import Connection

from coordination.entries import Item, Rung
from coordination.ownership import in_charge
from coordination.progress import Progress
from coordination.site_desk import SiteDesk
from engine.snapshot import TimerItem
from engine.timers import LATE
from notifications.channels import INBOX
from notifications.decide import Drop, Hold, decide, recipients, rung_since
from notifications.plan import BEFORE
from notifications.present import Present, presents
from notifications.sweep import kept, new
from notifications.titles import title_of, titles
from pathways.worded import worded
from store import identities, trail
from store.derivation import Derivation
from store.settle import Reckoning
from store.trail import Received

KEPT: Final = timedelta(14)
"""For how long after it was said what is not so any more is shown."""

Standing = Literal["open", "held", "gone", "unknown"]
"""Whether it is still to be done, waits for a reason, is not so any more, or cannot be derived."""


@dataclass(frozen=True, slots=True)
class Line:
    """A due item about which people were told: when it was said last, of which rung, how it stands, and what
    was last reported of it.
    """

    patient_id: int
    reference: str
    about: Item
    rung: Rung
    told: datetime
    to: tuple[str, ...]
    standing: Standing
    why: str
    title: str
    timer: TimerItem | None
    progress: Progress | None = None

    @property
    def late_since(self) -> date | None:
        """The first day on which it was late, where it still is to be done."""
        late = self.timer is not None and self.standing != "gone" and self.timer.status in LATE
        return self.timer.overdue_from if self.timer and late else None


def inbox(
    connection: Connection, people: Collection[str], *, now: datetime, derive: Derivation
) -> list[Line]:
    """The lines of these people: what is late first, then the newest; what is not so any more last."""
    site = SiteDesk.read(connection)
    here = now.astimezone(site.site.time_zone)
    at = Reckoning.at(here, derive)
    latest: dict[tuple[int, Item], list[Received]] = {}
    for one in trail.received(connection, people, INBOX):
        if one.item == BEFORE:  # `cli.inbox` counts all that is overdue
            continue
        latest.setdefault((one.patient_id, kept(one).about), []).append(one)
    patients = {patient_id for patient_id, _ in latest}
    names = identities.named(connection, patients)
    known = presents(connection, patients, site, at, here)
    called = {id: titles(found, derive) for id, found in known.items()}
    lines = []
    for (patient_id, about), several in latest.items():
        found, last = known[patient_id], several[-1]
        standing, why = _standing(last, found, people)
        lines.append(
            Line(
                patient_id=patient_id,
                reference=names[patient_id],
                about=about,
                rung=kept(last).rung,
                told=last.made.astimezone(site.site.time_zone),
                to=tuple(dict.fromkeys(one.recipient for one in several if one.notice == last.notice)),
                standing=standing,
                why=why,
                title=_title(about, found, called[patient_id]),
                timer=found.item(about) if isinstance(found, Present) else None,
                progress=found.progress(about) if isinstance(found, Present) else None,
            )
        )
    return sorted(lines, key=_place)


def recent(lines: Iterable[Line], now: datetime) -> list[Line]:
    """Without what is not so any more and was said long ago."""
    return [one for one in lines if one.standing != "gone" or one.told >= now - KEPT]


def _title(about: Item, found: Present | str, known: Mapping[str, str]) -> str:
    """What a line is called; of what a board needs to know, for which meeting as long as it is missing."""
    duty = found.for_board.get(about) if isinstance(found, Present) else None
    return duty.timer.title if duty else title_of(about, known)


def _standing(last: Received, found: Present | str, people: Collection[str]) -> tuple[Standing, str]:
    if isinstance(found, str):
        return "unknown", worded("it cannot be derived what is due ({error})", error=found)
    notice = kept(last)
    stands = next((one for one in reversed(found.come) if one.about == notice.about), None)
    decided = decide(new(stands) if stands else notice, found)
    if isinstance(decided, Drop):
        return "gone", decided.reason
    charged = in_charge(found.site, found.desk.owner, found.today)
    whom = (*charged, *(recipients(stands, found) if stands else ()))
    if not any(one.name in people for one in whom):
        return "gone", worded("it is for {names} now", names=", ".join(one.name for one in charged))
    if isinstance(decided, Hold):
        return "held", decided.reason
    if stands is None or stands.id == notice.id:
        return "open", ""
    return "open", rung_since(stands.rung, stands.day)


def _place(line: Line) -> tuple[int, date, float]:
    newest = -line.told.timestamp()
    if line.late_since:
        return 0, line.late_since, newest
    return 2 if line.standing == "gone" else 1, date.max, newest


def owners(site: SiteDesk, name: str) -> Iterator[str]:
    """The people whose inbox this is: a person, or everybody in a team. Empty where nobody has the name."""
    if name in site.people:
        yield name
    elif name in site.teams:
        yield from site.teams[name].members
