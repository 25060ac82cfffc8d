"""What an import by a mapping came to: every row and every value of the tables in one of three heaps.

docs/mapping.md says what a row and a value are, and when they are recorded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.event import Story
from interop.mapped_cells import Fate, Notes, cell_text
from interop.mapped_patient import ReadRow, TableRow


@dataclass(slots=True)
class Tally:
    """Rows and values of a table. Rows in = recorded + nothing + refused; values likewise.

    Values that are left unknown say so, are words that nothing explains, or were not needed: nothing was
    recorded with them.
    """

    rows_in: int = 0
    rows_recorded: int = 0
    rows_nothing: int = 0
    rows_refused: int = 0
    values_in: int = 0
    values_recorded: int = 0
    said_unknown: int = 0
    unmapped: int = 0
    not_needed: int = 0
    values_refused: int = 0

    @property
    def values_unknown(self) -> int:
        return self.said_unknown + self.unmapped + self.not_needed

    def add(self, other: Tally) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def refused(self) -> Tally:
        """The same rows when their patient is turned away."""
        return Tally(
            rows_in=self.rows_in,
            rows_refused=self.rows_in,
            values_in=self.values_in,
            values_refused=self.values_in,
        )


Tallies = dict[str, Tally]
"""By the name of the table."""


def tallies_of(rows: Iterable[ReadRow]) -> Tallies:
    """The rows of a patient who is not turned away."""
    found: Tallies = {}
    for one in rows:
        found.setdefault(one.source.table.name, Tally()).add(_row_tally(one))
    return found


def passed_over(rows: Iterable[TableRow]) -> Tallies:
    """Rows that the mapping does not read and that name nobody."""
    found: Tallies = {}
    for table, row in rows:
        filled = sum(bool(cell_text(row.cells.get(name))) for name in table.columns)
        one = Tally(rows_in=1, rows_nothing=1, values_in=filled, not_needed=filled)
        found.setdefault(table.name, Tally()).add(one)
    return found


def _row_tally(one: ReadRow) -> Tally:
    table, row = one.source
    one_each = table.register and not table.several_rows
    recorded = one_each or Fate.RECORDED in one.fates.values()
    fates = dict(one.fates)
    if recorded:
        fates[table.patient] = Fate.RECORDED
    filled = [name for name in table.columns if cell_text(row.cells.get(name))]
    counts = Counter(fates.get(name, Fate.NOTHING) for name in filled)
    return Tally(
        rows_in=1,
        rows_recorded=int(recorded),
        rows_nothing=int(not recorded),
        values_in=len(filled),
        values_recorded=counts[Fate.RECORDED],
        said_unknown=counts[Fate.UNKNOWN],
        unmapped=counts[Fate.UNMAPPED],
        not_needed=counts[Fate.NOTHING],
    )


@dataclass(slots=True)
class Report:
    """The figures of an import; `tables` in the order of the mapping.

    `unmapped` counts words by table, column and word, `left_out` events by table, name and what they lack;
    `reasons` patients and rows turned away by what was wrong, without what names anybody. `retracted` are
    entries, with their patients, that the tables say and somebody has taken back.
    """

    tables: Tallies = field(default_factory=dict)
    events: Counter[str] = field(default_factory=Counter)
    facts: int = 0
    unmapped: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    left_out: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    retracted: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, tables: Iterable[str]) -> Report:
        """An empty report about these tables."""
        return cls({name: Tally() for name in tables})

    def total(self) -> Tally:
        """All tables together."""
        found = Tally()
        for tally in self.tables.values():
            found.add(tally)
        return found

    def add_rows(self, tallies: Tallies, *, refused: bool) -> None:
        """Add the rows of one patient."""
        for name, tally in tallies.items():
            self.tables[name].add(tally.refused() if refused else tally)

    def add_story(self, story: Story, notes: Notes) -> None:
        """Add what is recorded of a patient, and what of the rows is not."""
        self.events.update(event.type for event in story.entries)
        self.facts += len(story.facts)
        self.left_out.update(notes.left_out)
