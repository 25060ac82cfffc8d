"""A pathway small enough to be worked out in the head, so that the store is tested apart from the real ones.

The state is the type of the last visible event. A systemic start asks for a response within 28 days, overdue
from the day after, escalated a week later; version 2 gives two weeks more. Metastasis-directed therapy
without a board before it is a deviation. The companion has a step that asks for the date of birth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from engine.event import Event, Moment, Story
from engine.history import Ledger
from engine.replay import Enrolment as Enrolled
from engine.snapshot import Deviation, PathwayRef, PatientSnapshot, Snapshot, StepVerdict, TimerItem
from pathways.settings import Settings
from store.canonical import digest
from store.database import Database
from store.derivation import Derivation, Enrolment
from store.errors import UnknownPathway


def _body(id: str, version: str) -> str:
    return f'{{"id":"{id}","version":"{version}"}}'


def _ref(id: str, version: str = "1.0.0") -> PathwayRef:
    return PathwayRef(id, version, f"sha256:{digest(_body(id, version))}")


TOY, TOY_2, BONES = _ref("toy"), _ref("toy", "2.0.0"), _ref("bones")


def enrolment(pathways: Sequence[str] | None, settings: Mapping[str, object]) -> Enrolment:
    known = {ref.id: ref for ref in (TOY, BONES)}
    if not set(pathways or ()) <= set(known):
        raise UnknownPathway
    refs = tuple(known[id] for id in pathways) if pathways else (TOY, BONES)
    return Enrolment(refs, dict(Settings.from_overrides(settings)))


def definition(ref: PathwayRef) -> str:
    return _body(ref.id, ref.version)


def replay(enrolled: Enrolment, story: Story, as_of: date, known_at: Moment) -> PatientSnapshot:
    seen = Ledger(story, known_at).now
    events = seen.events[: seen.until(as_of)]
    if any(event.fields.get("note") == "engine failure" for event in events):
        raise ZeroDivisionError(f"patient born on {story.facts.get('birth_date')}")
    born = story.facts.get("birth_date") is not None
    pathways = tuple(
        _bones(events, born) if ref == BONES else _toy(ref, events, as_of) for ref in enrolled.pathways
    )
    return PatientSnapshot(as_of, known_at, Settings.from_overrides(enrolled.settings), pathways)


def enrolled(_: Enrolment) -> tuple[Enrolled, ...]:
    return ()  # the toy has no pathways in full


def elsewhere(_: Database) -> Derivation:
    """The same toy in another process."""
    return derivation


derivation = Derivation(enrolment, definition, replay, enrolled, elsewhere)


def _snapshot(
    ref: PathwayRef,
    events: Sequence[Event],
    steps: Sequence[StepVerdict] = (),
    timers: Sequence[TimerItem] = (),
    deviations: Sequence[Deviation] = (),
) -> Snapshot:
    last = events[-1] if events else None
    return Snapshot(
        pathway=ref,
        key=ref.id,
        state=last.type if last else "not_started",
        entered_on=last.day if last else None,
        guards={},
        steps=tuple(steps),
        timers=tuple(timers),
        deviations=tuple(deviations),
        facts={},
        profiles={},
        not_determined=(),
        trail=(),
    )


def _toy(ref: PathwayRef, events: Sequence[Event], as_of: date) -> Snapshot:
    boards = [event for event in events if event.type == "board_held"]
    starts = [event for event in events if event.type == "systemic_started"]
    treatments = [event for event in events if event.type == "mdt_started"]
    missing = ("board",) if starts and not boards else ()
    step = StepVerdict("treat", "Treat", bool(boards), () if boards else ("g-board",), missing, ("s-board",))
    time = timedelta(28 if ref == TOY else 42)
    timers = [_response(events, start, start.day + time, as_of) for start in starts]
    unboarded = [event for event in treatments if not any(board.day <= event.day for board in boards)]
    return _snapshot(ref, events, [step], timers, [_departure(event, boards) for event in unboarded])


def _bones(events: Sequence[Event], born: bool) -> Snapshot:
    missing = () if born else ("birth_date",)
    step = StepVerdict("scan", "Scan", False, ("g-bma",), missing, ("s-age",))
    return _snapshot(BONES, [event for event in events if event.type.startswith("bma_")], [step])


def _response(events: Sequence[Event], start: Event, due: date, as_of: date) -> TimerItem:
    late, escalated = due + timedelta(1), due + timedelta(8)
    answers = [e for e in events if e.type == "response_assessed" and e.day >= start.day]
    done = answers[0] if answers else None
    opens = start.day + timedelta(14)
    if done:
        status = "done_late" if done.day >= late else "done"
    elif as_of >= late:
        status = "escalated" if as_of >= escalated else "overdue"
    else:
        status = "open" if as_of >= opens else "scheduled"
    return TimerItem(
        "t-response",
        "Assess response",
        opens,
        due,
        late,
        escalated,
        status,
        ("s-response",),
        (start.id,),
        done.id if done else None,
        done.day if done else None,
    )


def _departure(event: Event, boards: Sequence[Event]) -> Deviation:
    status = "closed" if boards else "open"
    ids = (event.id, *(board.id for board in boards[:1]))
    return Deviation(
        "d-no-board", "Treated without a board", "critical", status, ids, ("s-board",), "none", event.day
    )
