"""The proposal as a mapping in TOML: what is likely as it would be read, what is open as CHOOSE, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Final

from interop.mapping import folded
from interop.suggest.known_words import Place, is_unknown, perhaps_nothing
from interop.suggest.proposal import ProposedEvent, ProposedTable
from interop.suggest.reading import CHOOSE, Reading
from interop.suggest.table_look import TableLook

_WIDTH: Final = 112

_HEAD: Final = """\
carepath_mapping = 1
name = {name}

# PROPOSED by `carepath mapping suggest` from heads and values: a person reads and corrects it.
# - Wherever CHOOSE stands, a person has to decide; until then the mapping is refused.
# - Behind # stands why a line is proposed. Check also what is called sure: a head does not say everything.
# - Delete what should not be read. docs/mapping.md explains every word, `carepath vocabulary` lists events,
#   fields and codes.
# Then: carepath mapping check FILE.toml, and carepath import TABLE --mapping FILE.toml --preview
"""

_NO_REGISTER: Final = (
    "No table here lists every patient once. A mapping needs one that does, with register = true: "
    "export a list of the patients too, as a second file in a folder or a second sheet, and suggest again."
)


def mapping_text(name: str, tables: Sequence[ProposedTable], passed_over: Sequence[str] = ()) -> str:
    """The whole mapping; `passed_over` are files and sheets that are no tables, each with why."""
    days = _Days(tables)
    lines = [_HEAD.format(name=_quoted(f"Proposed for {name}")), *days.lines(), *_words(tables)]
    for table in tables:
        lines += ["", *_table(table, days, several=len(tables) > 1)]
    if not any(table.register for table in tables):
        lines += ["", *_noted("", _NO_REGISTER)]
    for told in passed_over:
        lines += ["", *_noted("", f"Not looked at: {told}")]
    return "\n".join(lines) + "\n"


class _Days:
    """How days are written: the ways that fit all days of a table, and those of the first as the default."""

    def __init__(self, tables: Sequence[ProposedTable]) -> None:
        self._readings = {id(one): [read for read in one.readings() if read.is_day] for one in tables}
        self._ways = {id(one): self._ways_of(self._readings[id(one)]) for one in tables}
        self.default = next((ways for ways in self._ways.values() if ways), ())
        self.any = any(self._readings.values())

    @staticmethod
    def _ways_of(readings: Sequence[Reading]) -> tuple[str, ...]:
        """What fits every text of every column of days; nothing where there are no texts or nothing fits."""
        written = [set(one.formats) for one in readings if one.formats]
        fitting = set.intersection(*written) if written else set()
        return tuple(one for read in readings[:1] or () for one in _in_order(fitting))

    def lines(self) -> Iterator[str]:
        yield "[days]"
        if len(self.default) == 1:
            known = f"formats = {_list(self.default)}"
            yield from _noted(known, "sure: the only way of writing days that fits all of them")
        elif self.default:
            yield f"# All days fit {' and '.join(self.default)}: nobody can tell from them. Take one."
            yield from (f"# formats = {_list([one])}" for one in self.default)
            yield f"formats = {_list([CHOOSE])}"
        elif self.any and not any(_is_text(one) for reads in self._readings.values() for one in reads):
            told = "sure: the workbook holds its days as days, however they look"
            yield from _noted('formats = ["YYYY-MM-DD"]', told)
        else:
            told = (
                'No way of writing fits all days. Write formats = ["DD.MM.YYYY"] or the like; where days are'
            )
            yield from _noted("", f'{told} numbers counted from an event, write since = "the event" instead.')
            yield f"formats = {_list([CHOOSE])}"
        if any(_has_short_year(one) for one in self.default):
            yield "# Two digits do not tell the year: 1930 means 1930 to 2029."
            yield f"two_digit_years_from = {_quoted(CHOOSE)}"

    def of(self, table: ProposedTable, read: Reading) -> tuple[str, ...] | None:
        """What must stand beside a column of days; None where the default holds."""
        ways = self._ways[id(table)] or tuple(read.formats)
        if not _is_text(read) or ways == self.default:
            return None
        return ways or (CHOOSE,)


def _is_text(read: Reading) -> bool:
    return bool(read.formats) or read.is_mixed


def _in_order(formats: set[str]) -> list[str]:
    return sorted(formats, key=lambda one: (one.startswith("M"), one))


def _has_short_year(pattern: str) -> bool:
    return "YY" in pattern.replace("YYYY", "")


def _words(tables: Sequence[ProposedTable]) -> Iterator[str]:
    """Words that say nothing is known, as they stand in the tables."""
    texts = dict.fromkeys(text for one in tables for column in one.look.columns for text in column.texts)
    unknown = list({folded(one): one for one in texts if is_unknown(one)}.values())
    nothing = list({folded(one): one for one in texts if perhaps_nothing(one)}.values())
    if unknown or nothing:
        yield "\n[words]"
    if unknown:
        yield from _noted(f"unknown = {_list(unknown)}", "sure: words for what is not known")
    if nothing:
        yield "# These may say that nothing is stated, or mean something; if nothing, take away the #."
        yield f"# not_stated = {_list(nothing)}"


def _table(table: ProposedTable, days: _Days, several: bool) -> Iterator[str]:
    look = table.look
    yield "[[table]]"
    yield f"name = {_quoted(look.name)}"
    yield from _place(look, several)
    if table.register:
        yield "register = true  # " + (
            "sure: every patient has one row" if table.one_each else "it stands alone"
        )
        if not table.one_each:
            yield "several_rows = true  # sure: a patient has more than one row"
    yield from _patient(look)
    yield from _facts(table, days)
    for event in table.events:
        yield from _event(table, event, days)
    yield from _not_understood(table)


def _place(look: TableLook, several: bool) -> Iterator[str]:
    layout = look.layout
    if several and layout.sheet is None:
        yield f"file = {_quoted(look.file)}"
    if layout.sheet is not None:
        yield f"sheet = {_quoted(layout.sheet)}"
    else:
        yield f"delimiter = {_quoted(_DELIMITERS[layout.delimiter or ','])}"
    if layout.encoding != "utf-8":
        told = "check that umlauts are right here: the file is not UTF-8"
        yield from _noted(f"encoding = {_quoted(layout.encoding)}", told)


_DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "|"}


def _patient(look: TableLook) -> Iterator[str]:
    if look.patient is not None:
        yield f"patient = {_quoted(look.patient)}  # sure: the head is known, and every row has one"
        return
    yield "# No head says which column names the patient, filled in every row. Name it:"
    yield f"# patient = {_quoted(CHOOSE)}"


def _facts(table: ProposedTable, days: _Days) -> Iterator[str]:
    if not table.facts and not table.open:
        return
    yield "\n[table.facts]"
    yield from _open(table)
    yield from _fields(table, "table.facts", "", table.facts, days)


def _open(table: ProposedTable) -> Iterator[str]:
    """Columns that may mean several things: a line for each, and one that is refused until a person chose."""
    for column, places in table.open.items():
        told = f"{column} may mean {' or '.join(map(_said, dict.fromkeys(one for one, _ in places)))}."
        yield from _noted(
            "", f"{told} Take the # from the line that is right, and delete the line with {CHOOSE}."
        )
        yield from (f"# {_key(place.name)} = {_inline(read)}" for place, read in places if place.of == "fact")
        yield f"{_quoted(f'{CHOOSE} {column}')} = {_quoted(column)}"


def _said(place: Place) -> str:
    return f"{place.name} (here)" if place.of == "fact" else f"{place.name} of {place.of} (below)"


def _inline(read: Reading) -> str:
    words = ", ".join(f"{_quoted(one.word)} = {json.dumps(one.meaning)}" for one in read.values)
    return f"{{column = {_quoted(read.column)}, values = {{{words}}}}}" if words else _quoted(read.column)


def _event(table: ProposedTable, event: ProposedEvent, days: _Days) -> Iterator[str]:
    yield "\n[[table.event]]"
    yield f"type = {_quoted(event.type)}"
    if event.number or sum(one.type == event.type for one in table.events) > 1:
        told = event.number or event.word or (event.date.column if event.date else "")
        yield f"name = {_quoted(f'{event.type} {told}'.strip())}"
    if event.word:
        when = f"when = {{{_key(event.kind)} = {_quoted(event.word)}}}"
        yield from _noted(when, "likely: the word is known for this kind of event")
    if event.date is not None:
        yield from _line("date", event.date, days.of(table, event.date))
    else:
        yield "# No column is clearly the day of it. Name it, for example:"
        yield f"# date = {_quoted(CHOOSE)}"
    if event.one_per:
        yield from _noted(f"one_per = {_list([event.one_per])}", "likely: the rows of one day are one event")
    for place, read in (one for places in table.open.values() for one in places):
        if place.of == event.type:
            yield f"# fields.{_key(place.name)} = {_inline(read)}"
    yield from _fields(table, "table.event", "fields.", event.fields, days)
    if event.lesion:
        yield "\n[[table.event.lesion]]"
        yield from _fields(table, "table.event.lesion", "", event.lesion, days)


_FREE: Final = ("text", "id", "ids", "any")
"""What takes any word, also CHOOSE: only the missing line is refused there."""


def _fields(
    table: ProposedTable, within: str, group: str, fields: dict[str, Reading], days: _Days
) -> Iterator[str]:
    """Fields that take a line first, then those with words, each under a heading of its own."""
    for name, read in fields.items():
        if not read.values:
            yield from _line(f"{group}{_key(name)}", read, days.of(table, read))
    for name, read in fields.items():
        if read.values:
            heading = f"{within}.{group}{_key(name)}"
            yield f"\n[{heading}]"
            yield from _noted(f"column = {_quoted(read.column)}", read.why)
            yield f"[{heading}.values]"
            for one in read.values:
                yield from _noted(f"{_quoted(one.word)} = {json.dumps(one.meaning)}", one.told)


def _line(key: str, read: Reading, formats: tuple[str, ...] | None) -> Iterator[str]:
    """`birth_date = "Geburtsdatum"`, with what else has to be said of the column."""
    if read.constant:
        anything = read.constant == CHOOSE and read.field.type in _FREE
        line = f"# {key} = {_quoted(CHOOSE)}" if anything else f"{key} = {{value = {_quoted(read.constant)}}}"
        yield from _noted(line, read.why)
        return
    more = []
    if read.unit:
        more.append(f"unit = {_quoted(read.unit)}")
    if read.decimal:
        more.append(f"decimal = {_quoted(read.decimal)}")
    if formats is not None:
        if len(formats) > 1:
            yield f"# All days of this column fit {' and '.join(formats)}. Take one."
        more.append(f"formats = {_list(formats if len(formats) == 1 else [CHOOSE])}")
    value = f"{{column = {_quoted(read.column)}, {', '.join(more)}}}" if more else _quoted(read.column)
    yield from _noted(f"{key} = {value}", read.why)


def _not_understood(table: ProposedTable) -> Iterator[str]:
    if table.odd:
        told = f"Words of {table.kind} that are no known event. For each that matters, add a [[table.event]]:"
        yield f"\n# {_comment(told)}"
        for word, count in table.odd.items():
            yield f"#   {_comment(repr(word)) if word else 'others, not shown'}: {count} rows"
    if table.left:
        yield "\n# Not understood, and not read:"
        for column, told in table.left.items():
            yield from _noted("", f"  {column}: {told}")


def _noted(line: str, note: str) -> Iterator[str]:
    """A line with its comment behind it, or above where there is no room."""
    note = _comment(note)
    if line and len(line) + len(note) + 4 <= _WIDTH:
        yield f"{line}  # {note}"
        return
    yield from (f"# {part}" for part in wrap(note, _WIDTH - 2, break_long_words=False))
    if line:
        yield line


def _key(name: str) -> str:
    return name if name.replace("_", "").isalnum() and name.isascii() else _quoted(name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _comment(text: str) -> str:
    """One line, whatever stands in a head."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
