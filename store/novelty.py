"""What of a recording is new: the lines it adds to a patient's ledger, and the events it only repeats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from engine.entries import EntryError, read_event, read_facts
from engine.event import Event
from engine.fault import Fault
from store import births
from store.births import Births
from store.canonical import canonical, instant
from store.derivation import Derivation
from store.errors import OtherContent, Refused
from store.ledger import Dossier, Line, Told, enrolment_payload, tells_birth, untold
from store.recording import Entry, Recording
from store.restore import is_known
from store.unsaid import Unsaid


@dataclass(slots=True)
class Novelty:
    """The new lines in the order of the ledger, the ids of repeated events, a date of birth not known yet.

    `births` is all that was said about dates of birth, where new corrections are among it. `retracted` are
    those repeated by a retelling that stay retracted.
    """

    lines: list[Line] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    birth_date: date | None = None
    births: Births | None = None
    retracted: tuple[str, ...] = ()

    @property
    def added(self) -> tuple[str, ...]:
        return tuple(line.event_id for line in self.lines if line.event_id)


@dataclass(frozen=True, slots=True)
class Saying:
    """A recording with the circumstances every line of it carries."""

    recording: Recording
    recorder: str
    recorded: datetime
    utc: datetime
    offset: int

    @classmethod
    def at(cls, recording: Recording, recorder: str, recorded: datetime) -> Saying:
        return cls(recording, recorder, recorded, recorded.astimezone(UTC), _minutes(recorded))

    def line(self, kind: str, payload: str, type: str | None = None) -> Line:
        """A line that tells no event."""
        source = self.recording.source
        no_event = (None, type, None, None, None, None)
        return Line(0, 0, kind, *no_event, self.utc, self.offset, self.recorder, source, None, payload)


def novelty(
    saying: Saying, kept: Dossier, there: list[Line], gone: list[Line], derive: Derivation
) -> Novelty:
    """What is new against `kept`, whose lines are `there`; others are `gone` with a merge that was undone.

    Raises Refused and OtherContent.
    """
    new = Novelty()
    _facts(saying, kept, there, new)
    _enrolment(saying, kept, derive, new)
    _events(saying, kept, there, gone, new)
    if (joining := saying.recording.joining) is not None:
        new.lines.append(saying.line(joining.kind, joining.payload))
    return new


def _facts(saying: Saying, kept: Dossier, there: list[Line], new: Novelty) -> None:
    """Facts are stated once; a date of birth is not in the line, which says that it is known from then on."""
    stated = _read_facts(saying.recording.facts or {})
    new.birth_date = _new_birth_date(stated.pop(births.FIELD, None), kept)
    own = (line for line in reversed(there) if line.seq)  # what a merge lends has no place of its own
    known = next((line.payload for line in own if line.kind == "facts"), "{}")
    if stated and _put_right_there(stated, kept):
        stated = {}
    payload = canonical(stated) if stated else known
    if known not in ("{}", payload):
        raise OtherContent(_other_facts)
    if any(is_known(kept.facts.get(name)) and kept.facts[name] != value for name, value in stated.items()):
        raise OtherContent(_other_facts)
    if not there or payload != known or new.birth_date:
        new.lines.append(saying.line("facts", payload, tells_birth if new.birth_date else None))


def _put_right_there(stated: Mapping[str, object], kept: Dossier) -> bool:
    """Whether the source says by now what was corrected here."""
    known = kept.facts_in_force
    return known is not kept.facts and all(known.get(name) == value for name, value in stated.items())


_other_facts = "other facts known from the beginning are recorded for this patient; correct them instead"


def _new_birth_date(stated: object, kept: Dossier) -> date | None:
    """A date of birth that was not known; what was held true before it was corrected is known, too."""
    head = kept.head
    known = (head.birth_date, head.births.first if head.births else None)
    if not isinstance(stated, date) or stated in known or kept.erased:
        return None
    if head.birth_date is not None or head.births:
        raise OtherContent("another date of birth is recorded for this patient; correct it instead")
    return stated


def _read_facts(raw: Mapping[str, object]) -> dict[str, object]:
    if not raw:
        return {}
    try:
        return read_facts(raw)
    except EntryError as error:
        raise Refused(error.faults) from None


def _enrolment(saying: Saying, kept: Dossier, derive: Derivation, new: Novelty) -> None:
    choice, change, put = saying.recording.choice, saying.recording.change, saying.recording.in_force
    if kept.enrolment and not (choice or change or put):
        return
    chosen, told = kept.enrolment, untold
    if put:
        chosen, told = put.enrolment, Told(put.reason, put.change, put.undoes)
    elif choice or chosen is None:
        chosen = derive.enrolment(choice.pathways if choice else None, choice.settings if choice else {})
    if change:
        complete = derive.enrolment(None, {**chosen.settings, **change.settings}).settings
        chosen, told = replace(chosen, settings=complete), Told(change.reason)
    if not kept.enrolment or enrolment_payload(chosen) != enrolment_payload(kept.enrolment):
        new.lines.append(saying.line("enrolment", enrolment_payload(chosen, told)))


def _events(saying: Saying, kept: Dossier, there: list[Line], gone: list[Line], new: Novelty) -> None:
    known = [*(line for line in gone if line.seq), *there]  # an entry of this record is said once for good
    by_id: dict[str | None, Line] = {line.event_id: line for line in known if line.event_id}
    by_source: Sources = {(line.source, line.source_id): line for line in known if line.source_id}
    read = _read(saying, {*by_id, *(line.event_id for line in gone if line.event_id)}, by_source)
    unsaid = Unsaid(saying.recording, kept, there, {event.id for _, event in read})
    new.births = _births(kept, [event for _, event in read], new.birth_date)
    for entry, event, later in _in_recording_order(saying, read):
        line = _event_line(saying, entry, event, later)
        same = by_source.get((line.source, line.source_id)) or by_id.get(line.event_id)
        if same is None and (told := unsaid.take(line)):
            new.repeated.append(told)
        elif same is None:
            new.lines.append(line)
            by_id[line.event_id] = line
            if line.source_id:
                by_source[line.source, line.source_id] = line
        elif same.said != line.said or same.event_id != line.event_id:
            raise OtherContent(f"{same.event_id} is recorded already with other content; correct it instead")
        elif same.seq:
            new.repeated.append(event.id)
    unsaid.check()
    new.retracted = unsaid.retracted(new.repeated)


def _births(kept: Dossier, events: Sequence[Event], born: date | None) -> Births | None:
    """What is known of dates of birth with new corrections of them; None where none is new."""
    known = kept.head.births or Births(kept.head.birth_date or born, {})
    more = births.with_more(known, kept.entries, events)
    return more if more != known and not kept.erased else None


Sources = dict[tuple[str, str | None], Line]


def _read(saying: Saying, given: Set[str | None], by_source: Sources) -> list[tuple[Entry, Event]]:
    """Every entry read against the vocabulary, with an id of its own; raises Refused with all faults."""
    read: list[tuple[Entry, Event]] = []
    faults: list[Fault] = []
    taken = {*given, *filter(None, map(_stated_id, saying.recording.entries))}
    for entry in saying.recording.entries:
        known = by_source.get((saying.recording.source, entry.source_id)) if entry.source_id else None
        try:
            event = _event(entry, known, taken)
        except EntryError as error:
            faults += error.faults
            continue
        taken.add(event.id)
        if not saying.recording.imported and _states(entry, event, "recorded"):
            faults.append(Fault(event.id, "recorded", _not_supplied))
        read.append((entry, event))
    if faults:
        raise Refused(faults)
    return read


_not_supplied = "'recorded' is set when it is recorded; the day it was put in writing is 'documented'"


def _event(entry: Entry, known: Line | None, taken: set[str | None]) -> Event:
    """The event of an entry; one without an id gets that of the line it repeats, else a free one."""
    if isinstance(entry.content, Event):
        return entry.content
    id = entry.content.get("id") or (known and known.event_id) or free_id(taken)
    return read_event({**entry.content, "id": id})


def _stated_id(entry: Entry) -> str | None:
    if isinstance(entry.content, Event):
        return entry.content.id
    id = entry.content.get("id")
    return str(id) if id else None


def _states(entry: Entry, event: Event, time: str) -> bool:
    """Whether an entry gives this of its times itself, or leaves it to follow from the day it happened."""
    if isinstance(entry.content, Event):
        moment = datetime.combine(event.day, event.clock) if event.clock else event.day
        return bool(getattr(event, time) not in (event.day, moment))
    return entry.content.get(time) is not None


def free_id(taken: Set[str | None]) -> str:
    """The id of a further entry: the next number."""
    number = len(taken) + 1
    while f"e{number:02d}" in taken:
        number += 1
    return f"e{number:02d}"


def _in_recording_order(
    saying: Saying, read: list[tuple[Entry, Event]]
) -> list[tuple[Entry, Event, timedelta]]:
    """The entries, each with how much later it is recorded than the first.

    History that states both when it was documented and when it was recorded keeps its order of recording:
    where days of writing are equal, the rules go by it.
    """
    if not saying.recording.imported or all(event.documented == event.recorded for _, event in read):
        return [(entry, event, timedelta(0)) for entry, event in read]
    ranks = {text: n for n, text in enumerate(sorted({event.recorded.isoformat() for _, event in read}))}
    later = [(entry, event, ranks[event.recorded.isoformat()] * instant) for entry, event in read]
    return sorted(later, key=lambda one: one[2])


def _event_line(saying: Saying, entry: Entry, event: Event, later: timedelta) -> Line:
    stated = _states(entry, event, "documented") or _states(entry, event, "recorded")
    basis = "stated" if stated else "occurred" if saying.recording.imported else "recorded"
    documented = saying.recorded if basis == "recorded" else event.documented
    return Line(
        patient_id=0,
        seq=0,
        kind="event",
        event_id=event.id,
        type=event.type,
        day=event.day,
        clock=event.clock.isoformat() if event.clock else None,
        documented=documented.isoformat(),
        basis=basis,
        recorded=saying.utc + later,
        recorded_offset=saying.offset,
        recorder=saying.recorder,
        source=saying.recording.source,
        source_id=entry.source_id,
        payload=_payload(births.unsaid(event)),
    )


def _payload(event: Event) -> str:
    try:
        text = canonical(event.fields)
        text.encode()
    except (TypeError, ValueError):
        raise Refused(
            [Fault(event.id, None, "the entry holds something that cannot be written down")]
        ) from None
    return text


def _minutes(moment: datetime) -> int:
    offset = moment.utcoffset()
    assert offset is not None, "a moment of recording has an offset"
    return int(offset.total_seconds() // 60)
