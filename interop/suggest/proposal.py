"""What each table may say: who the patients are, which facts and events its columns tell, what is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as made_of

from interop.cells import Cell
from interop.mapped_cells import cell_text
from interop.mapping import folded
from interop.suggest.known_words import (
    Found,
    Place,
    head,
    implied,
    is_plain_day,
    is_private,
    kind_of,
    meanings,
    names_kind,
    places_of,
)
from interop.suggest.reading import Reading, open_constant, reading_of
from interop.suggest.side_by_side import kind_told, side_by_side
from interop.suggest.table_look import ColumnLook, TableLook
from interop.suggest.undecided import UNDECIDED
from pathways.vocabulary import Field, load_vocabulary


@dataclass(slots=True)
class ProposedEvent:
    """An event that each row may tell, or each row with `word` in the column `kind`.

    Where several stand side by side, `repeat` are the numbers in the heads of their columns, and `lesions`
    those of the lesions of one event.
    """

    type: str
    repeat: tuple[str, ...] = ()
    kind: str = ""
    word: str = ""
    date: Reading | None = None
    fields: dict[str, Reading] = made_of(default_factory=dict)
    lesion: dict[str, Reading] = made_of(default_factory=dict)
    lesions: tuple[str, ...] = ()
    one_per: str = ""

    @property
    def told(self) -> str:
        """By what it is told apart from others of its type."""
        return self.word or (self.date.column if self.date else "")

    def readings(self) -> Iterator[Reading]:
        """Every column that is read for it."""
        yield from (*([self.date] if self.date else []), *self.fields.values(), *self.lesion.values())


@dataclass(slots=True)
class ProposedTable:
    """A table with what it may say.

    `open` are columns that may mean several things, `left` those that mean nothing known, `odd` words of the
    column of kinds that are no known event.
    """

    look: TableLook
    one_each: bool
    register: bool = False
    facts: dict[str, Reading] = made_of(default_factory=dict)
    events: list[ProposedEvent] = made_of(default_factory=list)
    open: dict[str, tuple[tuple[Place, Reading], ...]] = made_of(default_factory=dict)
    left: dict[str, str] = made_of(default_factory=dict)
    kind: str = ""
    odd: dict[str, int] = made_of(default_factory=dict)

    @property
    def patients(self) -> int:
        """How many patients its rows name."""
        named = {cell_text(row.get(self.look.patient or "")) for row in self.look.cells}
        return len(named - {""})

    @property
    def columns_read(self) -> set[str]:
        """The columns of the table that are read for a field."""
        named = {read.column for read in self.facts.values()}
        for event in self.events:
            numbers = event.repeat or event.lesions or ("",)
            named |= {read.column.replace("{n}", one) for read in event.readings() for one in numbers}
        return named & {one.name for one in self.look.columns}

    def readings(self) -> Iterator[Reading]:
        """Every column that is read for a field."""
        yield from self.facts.values()
        for event in self.events:
            yield from event.readings()


def propose(tables: Sequence[TableLook]) -> list[ProposedTable]:
    """A proposal for each table, one of them as the register of patients.

    It has one row for each patient, where there is such a table; else it is the one with most patients.
    """
    found = [_Proposer(one).table() for one in tables]
    able = found if len(found) == 1 else [one for one in found if one.one_each]
    most = max(able or found, key=lambda one: (len(one.facts), one.patients))
    most.register = True
    return found


class _Proposer:
    """Looks for the place of every column of one table."""

    def __init__(self, look: TableLook) -> None:
        self.look = look
        self.made = ProposedTable(look, _one_each(look))
        self.columns = [one for one in look.columns if one.name != look.patient and not one.is_empty]

    def table(self) -> ProposedTable:
        made = self.made
        kind = _kind_column(self.columns)
        if kind is not None:
            self._by_kind(kind)
        elif made.one_each:
            self._wide()
        else:
            self._one_type()
        for event in made.events:
            _complete(event, made.one_each)
        return made

    def _by_kind(self, kind: ColumnLook) -> None:
        """A column says what each row is."""
        made = self.made
        made.kind = kind.name
        for word, count in kind.counts.most_common():
            type = kind_of(kind.spellings[word])
            if type is None:
                odd = kind.spellings[word] if word in kind.may_be_told else ""
                made.odd[odd] = made.odd.get(odd, 0) + count
            else:
                made.events.append(ProposedEvent(type, kind=kind.name, word=kind.spellings[word]))
        columns = [one for one in self.columns if one is not kind]
        self._plain_days(columns)
        for column in columns:
            if not self._is_a_day_taken(column):
                self._place(column)

    def _wide(self) -> None:
        """One row for each patient: facts, and events of which the days stand in columns of their own."""
        self.columns = list(side_by_side(self.columns))
        days: list[ColumnLook] = []
        for column in self.columns:
            for found in places_of(column.name):
                if found.place.name == "date" and (read := self._read(column, found)):
                    self.made.events.append(ProposedEvent(found.place.of, column.repeats, date=read))
                    days.append(column)
                    break
        for column in self.columns:
            if column not in days:
                self._without_a_day(column)
                self._place(column)

    def _without_a_day(self, column: ColumnLook) -> None:
        """Columns of several events side by side, of which no column tells the day: they are not lost."""
        of = kind_told(column.name)
        if column.repeats and of != "lesion" and all(one.type != of for one in self.made.events):
            self.made.events.append(ProposedEvent(of, column.repeats))

    def _one_type(self) -> None:
        """Several rows for a patient, all of one kind: the kind of which most columns are known."""
        types = [
            "imaging_done" if one.place.of == "lesion" else one.place.of
            for column in self.columns
            for one in places_of(column.name)
            if one.place.of != "fact"
        ]
        named = kind_of(self.look.name)
        best = named or max(dict.fromkeys(types), key=types.count, default=None)
        if best is None:
            for column in self.columns:
                self.made.left[column.name] = _told(column)
            return
        self.made.events.append(ProposedEvent(best))
        self._plain_days(self.columns)
        for column in self.columns:
            if not self._is_a_day_taken(column):
                self._place(column)

    def _plain_days(self, columns: Iterable[ColumnLook]) -> None:
        """The day of every event: the column that names a day and not of what, else the only one of days."""
        days = [one for one in columns if one.share_of_days() > 0.5]
        plain = [one for one in days if is_plain_day(one.name)] or (days if len(days) == 1 else [])
        if len(plain) == 1:
            found = Found(Place("", "date"), is_plain_day(plain[0].name), "a day")
            for event in self.made.events:
                event.date = self._read(plain[0], found)

    def _is_a_day_taken(self, column: ColumnLook) -> bool:
        return any(event.date and event.date.column == column.name for event in self.made.events)

    def _place(self, column: ColumnLook) -> None:
        """Put a column where its head says, or leave it open between several places, or leave it."""
        fitting: dict[Place, Reading] = {}
        for found in places_of(column.name):
            for place in self._here(found.place):
                if read := self._read(column, Found(place, found.sure, found.like)):
                    fitting.setdefault(place, read)
        if len(fitting) > 1:
            self.made.open[column.name] = tuple(fitting.items())
        elif fitting:
            [(place, read)] = fitting.items()
            self._put(column, place, read)
        elif not self._by_values(column):
            self.made.left[column.name] = _told(column)

    def _here(self, place: Place) -> Iterator[Place]:
        """A place as far as this table has it: of a receptor also that of its tissue results."""
        types = {event.type for event in self.made.events}
        if place.of == "fact":
            if self.made.one_each:
                yield place
            last = place.name.rpartition(".")[2]
            yield from (
                Place(one, last) for one in sorted(types) if last in load_vocabulary().events[one].fields
            )
        elif place.of == "lesion" and "imaging_done" in types or place.of in types and place.name != "date":
            yield place

    def _put(self, column: ColumnLook, place: Place, read: Reading) -> None:
        if place.of == "fact":
            target = [self.made.facts]
        else:
            same = self._events_of(column, place)
            target = [one.lesion if place.of == "lesion" else one.fields for one in same]
        if not target or any(place.name in one for one in target):
            self.made.left[column.name] = _told(column)
            return
        for one in target:
            one[place.name] = read

    def _events_of(self, column: ColumnLook, place: Place) -> list[ProposedEvent]:
        """The events of which a column tells: those of its numbers, or else the only one."""
        type = "imaging_done" if place.of == "lesion" else place.of
        events = [one for one in self.made.events if one.type == type]
        if self.made.kind:
            return events
        same = [one for one in events if one.repeat == column.repeats]
        if not same and place.of == "lesion" and column.repeats:
            same = [one for one in events if not one.repeat]
            for one in same[:1]:
                one.lesions = column.repeats
        if len(same) > 1 and (number := head(column.name).number):
            same = [one for one in same if one.date and head(one.date.column).number == number]
        return same if len(same) == 1 else []

    def _by_values(self, column: ColumnLook) -> bool:
        """Put a column of unknown head by its words: where they all are codes of one field of one event."""
        if not self.made.kind or is_private(column.name) or column.is_days:
            return False
        placed = False
        for event in self.made.events:
            own = _only(column, self.look.cells, event)
            fields = {
                name: read
                for name, field in load_vocabulary().events[event.type].fields.items()
                if field.type == "code" and (read := _by_words(own, field))
            }
            needed = {name: read for name, read in fields.items() if read.field.required} or fields
            if len(needed) == 1 and not event.fields.keys() & needed.keys():
                event.fields |= needed
                placed = True
        return placed

    def _read(self, column: ColumnLook, found: Found) -> Reading | None:
        return reading_of(column, _field(found.place), found.sure, found.like)


def _field(place: Place) -> Field:
    known = load_vocabulary()
    if place.name == "date" and place.of != "fact":
        return known.common["date"]
    if place.of == "fact":
        return known.facts[place.name]
    return known.lesion[place.name] if place.of == "lesion" else known.events[place.of].fields[place.name]


def _one_each(look: TableLook) -> bool:
    """Whether each patient has one row."""
    whose = [text for row in look.cells if (text := cell_text(row.get(look.patient or "")))]
    return look.patient is not None and len(set(whose)) == len(whose)


def _kind_column(columns: Sequence[ColumnLook]) -> ColumnLook | None:
    """The column that says what each row is: a head for it, or nothing but known events."""
    best = [
        (sum(count for word, count in one.counts.items() if kind_of(one.spellings[word])), one)
        for one in columns
        if names_kind(one.name)
    ]
    found = max(best, key=lambda one: one[0], default=(0, None))
    return found[1] if found[0] else None


def _only(column: ColumnLook, rows: Sequence[dict[str, Cell]], event: ProposedEvent) -> ColumnLook:
    """The column in the rows of one kind of event."""
    word = folded(event.word)
    own = [cell_text(row.get(column.name)) for row in rows if folded(cell_text(row.get(event.kind))) == word]
    texts = tuple(one for one in own if one)
    return ColumnLook(column.name, texts, 0, tuple(range(len(texts))))


def _by_words(column: ColumnLook, field: Field) -> Reading | None:
    """The column read for a field whose codes are all its words."""
    if not column.counts or any(len(meanings(field, column.spellings[one])) != 1 for one in column.counts):
        return None
    read = reading_of(column, field, False, field.name)
    return read and replace(read, why="likely: all its words in these rows are codes of it")


_asked = {"imaging_done": {"purpose": "only an imaging with purpose staging begins the staging"}}
"""What no event must say, and without which it goes for little; each with why."""


def _complete(event: ProposedEvent, one_each: bool) -> None:
    """What an event must say and no column tells; a lesion by its name."""
    known = load_vocabulary()
    fields = known.events[event.type].fields
    for name, code in implied(event.type, event.told).items():
        if name not in event.fields:
            event.fields[name] = Reading(fields[name], constant=code, why="likely: the word for it says so")
    asked = _asked.get(event.type, {})
    for name, field in fields.items():
        if (field.required or name in asked) and name not in event.fields:
            why = f"no column tells it, and {asked[name]}" if name in asked else "no column tells it"
            event.fields[name] = open_constant(field, why)
    if event.lesion:
        _complete_lesion(event, one_each)


def _complete_lesion(event: ProposedEvent, one_each: bool) -> None:
    fields = load_vocabulary().lesion
    if event.lesions and "id" not in event.lesion:
        event.lesion["id"] = Reading(fields["id"], constant="L{n}", why="one for each group of columns")
    elif one_each and "id" not in event.lesion:
        event.lesion["id"] = Reading(fields["id"], constant="L1", why="one lesion for each patient")
    elif "id" not in event.lesion:
        told = "a lesion needs a name, the same in every imaging of the patient: id = the column of it"
        event.lesion["id"] = Reading(fields["id"], constant=UNDECIDED, why=told)
    for name, field in fields.items():
        if field.required and name not in event.lesion:
            event.lesion[name] = open_constant(field)
    if not one_each and event.date:
        event.one_per = event.date.column


def _told(column: ColumnLook) -> str:
    """What stands in a column that is left, as far as it may be told."""
    if column.is_days:
        return f"days written as {' or '.join(column.formats)}" if column.formats else "days"
    told = ", ".join(
        f"{column.spellings[one]!r} {column.counts[one]} times" for one in sorted(column.may_be_told)
    )
    if told:
        return told
    return "numbers" if column.is_numbers and not is_private(column.name) else "texts, not shown"
