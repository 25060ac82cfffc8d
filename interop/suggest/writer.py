"""The proposal as a mapping in TOML: what is likely as it would be read, what a person decides, and why.

It always passes `carepath mapping check`. What is not decided is not imported unseen: it names a column that
no table has, a way of writing days that refuses what is doubtful, or a word that is not explained.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from textwrap import wrap
from typing import Final

from interop.mapping import folded
from interop.suggest.known_words import Place, is_unknown, perhaps_nothing
from interop.suggest.proposal import ProposedEvent, ProposedTable
from interop.suggest.reading import Reading, odd_rows
from interop.suggest.table_look import TableLook
from interop.suggest.undecided import UNDECIDED

_WIDTH: Final = 112

_HEAD: Final = """\
carepath_mapping = 1
name = {name}

# PROPOSED by `carepath mapping suggest` from heads and values: a person reads and corrects it.
# - Wherever TO BE DECIDED BY YOU stands, a person has to decide; until then an import refuses it, or does not
#   read it.
# - Behind # stands why a line is proposed. Check also what is called sure: a head does not say everything.
# - Delete what should not be read. docs/mapping.md explains every word, `carepath vocabulary` lists events,
#   fields and codes.
# Then: carepath mapping check FILE.toml, and carepath import TABLE --mapping FILE.toml --preview
"""

_NO_REGISTER: Final = (
    f"{UNDECIDED}: no table here lists every patient once. This one names most of them and stands for the "
    "list; patients who are not in it are refused. Better export a list of the patients too, as a second "
    "file in a folder or a second sheet, and suggest again."
)


def mapping_text(name: str, tables: Sequence[ProposedTable], passed_over: Sequence[str] = ()) -> str:
    """The whole mapping; `passed_over` are files and sheets that are no tables, each with why."""
    days = _Days(tables)
    lines = [_HEAD.format(name=_quoted(f"Proposed for {name}")), *days.lines(), *_words(tables)]
    names = _names(tables)
    for table, own in zip(tables, names, strict=True):
        lines += ["", *_table(table, own, days, several=len(tables) > 1)]
    for told in passed_over:
        lines += ["", *_noted("", f"Not looked at: {told}")]
    return "\n".join(lines) + "\n"


def _names(tables: Sequence[ProposedTable]) -> list[str]:
    """What each table is called: by its sheet or file, told apart where two are called alike."""
    names = [one.look.name for one in tables]
    return [
        name if names.count(name) == 1 else f"{one.look.file} {name}"
        for name, one in zip(names, tables, strict=True)
    ]


class _Days:
    """How days are written: the ways that fit all days of a table, and those of the first as the default."""

    def __init__(self, tables: Sequence[ProposedTable]) -> None:
        self._readings = {id(one): [read for read in one.readings() if read.is_day] for one in tables}
        self._ways = {id(one): self._ways_of(self._readings[id(one)]) for one in tables}
        every = [read for reads in self._readings.values() for read in reads]
        mixed = (one.formats for one in every if one.is_mixed and one.formats)
        self.default = next((ways for ways in self._ways.values() if ways), next(mixed, ()))
        self.any = bool(every)

    @staticmethod
    def _ways_of(readings: Sequence[Reading]) -> tuple[str, ...]:
        """What fits every text of every column of days; nothing where there are no texts or nothing fits."""
        written = [set(one.formats) for one in readings if one.formats and not one.is_mixed]
        fitting = set.intersection(*written) if written else set()
        return tuple(one for read in readings[:1] or () for one in _in_order(fitting))

    def lines(self) -> Iterator[str]:
        yield "[days]"
        if self.default:
            known = "sure: the only way of writing days that fits all of them"
            if any(read.is_mixed for reads in self._readings.values() for read in reads):
                known = "likely: the way of writing days that fits all, or most of them"
            yield from _formats(self.default, known)
        elif self.any:
            told = "sure: the workbook holds its days as days, however they look"
            yield from _noted('formats = ["YYYY-MM-DD"]', told)
        else:
            told = f"{UNDECIDED}: no column is known to hold days. Write how they are written; where they are"
            yield from _noted("", f'{told} numbers counted from an event, since = "the event" instead.')
            yield 'formats = ["YYYY-MM-DD"]'

    def of(self, table: ProposedTable, read: Reading) -> tuple[str, ...] | None:
        """What must stand beside a column of days; None where the default holds."""
        ways = read.formats if read.is_mixed else self._ways[id(table)] or read.formats
        return None if not ways or ways == self.default else ways


def _formats(ways: Sequence[str], known: str) -> Iterator[str]:
    """How days are written, each line as it is read: a day that may be two different ones is refused."""
    if len(ways) > 1:
        yield f"# {UNDECIDED}: the days fit {' and '.join(ways)}, and nobody can tell from them. Keep one;"
        yield "# until then a day that may be two different ones is refused."
    if any(map(_has_short_year, ways)):
        yield f"# {UNDECIDED}: two digits do not tell the year. Write these lines instead, with the"
        yield "# first of the hundred years that they mean (1930: 30 is 1930, 29 is 2029). Until then they"
        yield "# are refused."
        yield f"# formats = {_list(ways)}"
        yield "# two_digit_years_from = 1930"
    sure = len(ways) == 1 and not _has_short_year(ways[0])
    yield from _noted(f"formats = {_list(list(map(_with_long_year, ways)))}", known if sure else "")


def _has_short_year(pattern: str) -> bool:
    return "YYYY" not in pattern


def _with_long_year(pattern: str) -> str:
    return pattern if "YYYY" in pattern else pattern.replace("YY", "YYYY")


def _in_order(formats: set[str]) -> list[str]:
    return sorted(formats, key=lambda one: (one.startswith("M"), one))


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


def _table(table: ProposedTable, name: str, days: _Days, several: bool) -> Iterator[str]:
    look = table.look
    yield "[[table]]"
    yield f"name = {_quoted(name)}"
    yield from _place(look, several)
    if table.register and table.one_each:
        yield "register = true  # sure: every patient has one row"
    elif table.register:
        yield from _noted("", _NO_REGISTER) if several else ()
        yield "register = true" + ("" if several else "  # it stands alone")
        yield "several_rows = true  # sure: a patient has more than one row"
    if optional := _optional_columns(table):
        yield from _noted(f"optional_columns = {_list(optional)}", "sure: not every number has all columns")
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
    if layout.header_row > 1:
        told = "likely: no row above it has a head that names the patient"
        yield from _noted(f"header_row = {layout.header_row}", told)
    if layout.encoding != "utf-8":
        told = "check that umlauts are right here: the file is not UTF-8"
        yield from _noted(f"encoding = {_quoted(layout.encoding)}", told)


_DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "|"}


def _patient(look: TableLook) -> Iterator[str]:
    if look.patient is None:
        yield f"# {UNDECIDED}: no head says which column names the patient, in every row."
        yield f"patient = {_quoted(UNDECIDED)}"
        return
    told = "sure: the head is known, and every row has one"
    if look.nameless:
        told = f"sure: the head is known{odd_rows(look.nameless, 'without a patient, and refused')}"
    yield from _noted(f"patient = {_quoted(look.patient)}", told)


def _optional_columns(table: ProposedTable) -> list[str]:
    """Columns of a repeated event that are not there for each of its numbers."""
    there = {one.name for one in table.look.columns}
    named = [
        _at(read.column, number)
        for event in table.events
        for read in event.readings()
        for number in event.repeat
        if "{n}" in read.column
    ]
    return list(dict.fromkeys(one for one in named if one not in there))


def _at(column: str, number: str) -> str:
    return column.replace("{n}", number)


def _facts(table: ProposedTable, days: _Days) -> Iterator[str]:
    if not table.facts and not table.open:
        return
    yield "\n[table.facts]"
    yield from _open(table)
    yield from _fields(table, "table.facts", "", table.facts, days)


def _open(table: ProposedTable) -> Iterator[str]:
    """Columns that may mean several things: nothing is read until a person took the # from one line."""
    for column, places in table.open.items():
        told = f"{column} may mean {' or '.join(map(_said, dict.fromkeys(one for one, _ in places)))}."
        yield from _noted("", f"{UNDECIDED}: {told} Take the # from the line that is right.")
        yield from (f"# {_key(place.name)} = {_inline(read)}" for place, read in places if place.of == "fact")


def _said(place: Place) -> str:
    return f"{place.name} (here)" if place.of == "fact" else f"{place.name} of {place.of} (below)"


def _inline(read: Reading) -> str:
    known = (one for one in read.values if one.meaning != UNDECIDED)
    words = ", ".join(f"{_quoted(one.word)} = {json.dumps(one.meaning)}" for one in known)
    return f"{{column = {_quoted(read.column)}, values = {{{words}}}}}" if words else _quoted(read.column)


def _event(table: ProposedTable, event: ProposedEvent, days: _Days) -> Iterator[str]:
    yield "\n[[table.event]]"
    yield f"type = {_quoted(event.type)}"
    if sum(one.type == event.type for one in table.events) > 1:
        yield f"name = {_quoted(f'{event.type} {event.told}'.strip())}"
    if event.repeat:
        numbers = ", ".join(one if str(int(one)) == one else _quoted(one) for one in event.repeat)
        told = "likely: the heads of these columns differ by a number, which stands for {n}"
        yield from _noted(f"repeat = [{numbers}]", told)
    if event.word:
        when = f"when = {{{_key(event.kind)} = {_quoted(event.word)}}}"
        yield from _noted(when, "likely: the word is known for this kind of event")
    if event.date is not None:
        yield from _line("date", event.date, days.of(table, event.date))
    else:
        yield f"# {UNDECIDED}: no column is clearly the day of it."
        yield f"date = {_quoted(UNDECIDED)}"
    if event.one_per:
        yield from _noted(f"one_per = {_list([event.one_per])}", "likely: the rows of one day are one event")
    for place, read in (one for places in table.open.values() for one in places):
        if place.of == event.type:
            yield f"# fields.{_key(place.name)} = {_inline(read)}"
    yield from _fields(table, "table.event", "fields.", event.fields, days)
    for number in event.lesions or ("{n}",) if event.lesion else ():
        yield "\n[[table.event.lesion]]"
        yield from _fields(table, "table.event.lesion", "", _lesion_at(event, number, table.look), days)


def _lesion_at(event: ProposedEvent, number: str, look: TableLook) -> dict[str, Reading]:
    """What one of several lesions side by side tells: the columns with its number."""
    there = {"", *(one.name for one in look.columns)}
    own = {
        name: replace(read, column=_at(read.column, number), constant=_at(read.constant, number))
        for name, read in event.lesion.items()
    }
    return own if not event.lesions else {name: read for name, read in own.items() if read.column in there}


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
                if one.meaning == UNDECIDED:
                    yield from _noted(f'# {_quoted(one.word)} = ""', f"{UNDECIDED}: {one.told}")
                else:
                    yield from _noted(f"{_quoted(one.word)} = {json.dumps(one.meaning)}", one.told)


def _line(key: str, read: Reading, formats: Sequence[str] | None) -> Iterator[str]:
    """`birth_date = "Geburtsdatum"`, with what else has to be said of the column."""
    if read.constant == UNDECIDED:
        how = 'Name the column; or write {value = "..."} for all rows, "unknown" where nobody knows it.'
        yield from _noted("", f"{UNDECIDED}: {read.why}. {how}")
        yield f"{key} = {_quoted(UNDECIDED)}"
    elif read.constant:
        yield from _noted(f"{key} = {{value = {_quoted(read.constant)}}}", read.why)
    elif UNDECIDED in (read.unit, read.decimal):
        yield from _noted("", f"{UNDECIDED}: {read.why}. Write this line in place of the one below it:")
        yield f"# {key} = {_column(read, None)}".replace(UNDECIDED, "...")
        yield f"{key} = {_quoted(UNDECIDED)}"
    else:
        yield from _doubts(formats or ())
        yield from _noted(f"{key} = {_column(read, formats)}", read.why)


def _doubts(formats: Sequence[str]) -> Iterator[str]:
    """What a person has to decide of the ways in which a column writes its days."""
    if len(formats) > 1:
        yield f"# {UNDECIDED}: the days of this column fit {' and '.join(formats)}. Keep what is meant."
    if any(map(_has_short_year, formats)):
        yield f"# {UNDECIDED}: two digits do not tell the year. Write YY here, and under [days]"
        yield "# two_digit_years_from = 1930 (30 is 1930, 29 is 2029) or the like."


def _column(read: Reading, formats: Sequence[str] | None) -> str:
    """The column, with unit, decimal sign and ways of writing days where they have to be said."""
    said = (("unit", read.unit), ("decimal", read.decimal))
    more = [f"{name} = {_quoted(value)}" for name, value in said if value]
    more += [f"formats = {_list(list(map(_with_long_year, formats)))}"] if formats else []
    return f"{{column = {_quoted(read.column)}, {', '.join(more)}}}" if more else _quoted(read.column)


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
    if line and not note:
        yield line
        return
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
