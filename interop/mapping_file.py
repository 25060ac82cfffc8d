"""A mapping read from TOML: whole, or refused with every fault of it, each with line, key and what is right.

docs/mapping.md explains the words. What a mapping names in the vocabulary is checked here, before any table
is opened; whether the columns are there is seen when the tables are (`interop.mapped_tables`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

from interop.limits import longest_name, longest_text, most_told
from interop.mapping import EventRule, TableMapping, TableRule, Value, folded
from interop.mapping_parts import MappingFault, Part, Reader
from interop.mapping_values import conditions, event_fields, fact_values, read_value
from interop.toml_lines import toml_lines
from pathways.vocabulary import ValueFault, load_vocabulary

__all__ = ["BadMapping", "MappingFault", "read_mapping", "read_mapping_text"]

largest_mapping = 5_000_000
"""Bytes of a mapping."""

_delimiters = {"comma": ",", ",": ",", "semicolon": ";", ";": ";", "tab": "\t", "\t": "\t", "|": "|"}
_encodings = ("utf-8", "utf-16", "latin-1", "cp1252", "cp850", "iso-8859-15")
_endings = ("refuse", "leave out")


class BadMapping(Exception):
    """A mapping that cannot be used; `faults` are all of them."""

    def __init__(self, name: str, faults: Sequence[MappingFault]) -> None:
        told = [f"{name}{fault}" for fault in faults[:most_told]]
        super().__init__("\n".join(told))
        self.faults = tuple(faults)


def read_mapping(path: Path) -> TableMapping:
    """The mapping of a file. Raises BadMapping."""
    try:
        data = path.read_bytes() if path.stat().st_size <= largest_mapping else None
    except OSError as error:
        told = MappingFault(None, "", f"the mapping cannot be read: {error.strerror}")
        raise BadMapping(str(path), [told]) from None
    if data is None:
        told = MappingFault(None, "", f"a mapping has at most {largest_mapping // 1_000_000} MB")
        raise BadMapping(str(path), [told])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadMapping(
            str(path), [MappingFault(line, "", "the mapping is not UTF-8; save it so")]
        ) from None
    return read_mapping_text(text, str(path))


def read_mapping_text(text: str, name: str) -> TableMapping:
    """The mapping of a text; `name` is told with its faults. Raises BadMapping."""
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > longest_text:
            told = f"the line has {len(line):,} characters; at most {longest_text:,} are read"
            raise BadMapping(name, [MappingFault(number, "", told)])
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadMapping(name, [MappingFault(None, "", f"this is no TOML: {error}")]) from None
    except ValueError:
        told = "a number has more digits than can be read; what is no number stands in quotes"
        raise BadMapping(name, [MappingFault(None, "", told)]) from None
    reader = Reader(toml_lines(text))
    found = _mapping(Part(reader, (), content), Path(name).stem)
    if reader.faults or found is None:
        raise BadMapping(name, sorted(reader.faults, key=lambda fault: fault.line or 0))
    return found


def _mapping(part: Part, stem: str) -> TableMapping | None:
    if part.take("carepath_mapping", int) != 1:
        part.fault("carepath_mapping", "the first line of a mapping is: carepath_mapping = 1")
    name, about = part.text("name") or stem, part.text("about") or ""
    if len(name) > longest_name:
        part.fault("name", f"this has {len(name):,} characters; at most {longest_name} are read")
    beside = tuple(part.texts("beside"))
    unmapped = part.choice("unmapped", ("refuse", "unknown")) or "refuse"
    words = part.part("words")
    unknown, not_stated = words.texts("unknown"), words.texts("not_stated")
    words.end()
    day_zero, formats, first_year = _days(part)
    part.reader.value_lists = _value_lists(part)
    tables = [_table(one) for one in part.parts("table")]
    part.end()
    if not tables:
        part.fault("table", "a mapping needs at least one [[table]]")
        return None
    _check_register(part, tables)
    return TableMapping(
        name=name,
        about=about,
        beside=beside,
        tables=tuple(tables),
        day_zero=day_zero,
        formats=formats,
        first_year=first_year,
        unmapped="unknown" if unmapped == "unknown" else "refuse",
        unknown=frozenset(map(folded, unknown)),
        not_stated=frozenset(map(folded, not_stated)),
    )


def _days(part: Part) -> tuple[str | None, tuple[str, ...], int | None]:
    from interop.day_formats import format_fault, has_short_year

    days = part.part("days")
    since, formats = days.text("since"), tuple(days.texts("formats"))
    first_year = days.take("two_digit_years_from", int)
    if first_year is not None and not 1800 <= first_year <= 2100:
        told = "this must be a year from 1800 to 2100, for example 1930 (30 is 1930, 29 is 2029)"
        days.fault("two_digit_years_from", told)
    if (since is None) == (not formats):
        told = 'say how days are written: [days] with formats = ["DD.MM.YYYY"], or with since = "..." where'
        days.fault("", f"{told} they are numbers of days since something")
    for one in formats:
        if wrong := format_fault(one):
            days.fault("formats", wrong)
        elif has_short_year(one) and first_year is None:
            told = "two digits do not tell the year: write YYYY, or say which years they mean, for example"
            days.fault("formats", f"{told} two_digit_years_from = 1930 (30 is 1930, 29 is 2029)")
    days.end()
    return since, formats, first_year


def _value_lists(part: Part) -> dict[str, dict[str, object]]:
    lists = part.part("values")
    return {name: lists.part(name).everything() for name in lists.names()}


def _check_register(part: Part, tables: Sequence[TableRule]) -> None:
    registers = [table.name for table in tables if table.register]
    if len(registers) != 1:
        told = f"two do: {', '.join(registers)}" if registers else "none does"
        part.fault(
            "table", f"exactly one table says register = true, the one that lists the patients; {told}"
        )
    for table in tables:
        if table.several_rows and not table.register:
            part.fault("table", f"several_rows = true is for the register only, and {table.name!r} is not it")
    names = [table.name for table in tables]
    for name in sorted({name for name in names if names.count(name) > 1}):
        part.fault("table", f"two tables are called {name!r}: give each a name of its own")


def _table(part: Part) -> TableRule:
    delimiter, encoding = part.text("delimiter"), part.text("encoding") or "utf-8"
    if delimiter is not None and delimiter not in _delimiters:
        part.fault("delimiter", f"{delimiter!r} is none of comma, semicolon, tab")
    if encoding not in _encodings:
        part.fault("encoding", f"{encoding!r} is none of {', '.join(_encodings)}")
    file, sheet = part.text("file"), part.text("sheet")
    found = TableRule(
        name=part.text("name") or sheet or file or "table",
        patient=part.text("patient", needed="the column that names the patient") or "",
        register=part.truth("register"),
        several_rows=part.truth("several_rows"),
        file=file,
        sheet=sheet,
        optional=part.truth("optional"),
        header_row=part.number("header_row", 1, least=1),
        skip_rows=part.number("skip_rows", 0, least=0),
        comment=part.text("comment"),
        delimiter=_delimiters.get(delimiter or ""),
        encoding=encoding,
        quotes=part.truth("quotes", default=True),
        when=conditions(part),
        facts=fact_values(part),
        events=tuple(rule for one in part.parts("event") for rule in _events(one)),
        optional_columns=tuple(part.texts("optional_columns")),
    )
    part.end()
    names = [event.name for event in found.events]
    for name in sorted({name for name in names if names.count(name) > 1}):
        part.fault("event", f"two events of this table are called {name!r}: give each a name of its own")
    return found


def _events(part: Part) -> list[EventRule]:
    """The event of this table, once for each word of `repeat` in place of `{n}`."""
    repeats = part.take("repeat", list)
    if repeats is None:
        return [rule] if (rule := _event(part)) else []
    if not repeats:
        part.fault("repeat", "this list is empty, so nothing would be read: name the words for {n}")
    found = []
    for word in repeats:
        one = part.with_word(str(word))
        if rule := _event(one):
            found.append(rule)
    return found


def _event(part: Part) -> EventRule | None:
    type = part.text("type", needed="an event type of `carepath vocabulary`")
    vocabulary = load_vocabulary()
    try:
        kind = vocabulary.event_type(type)
    except ValueFault as fault:
        if type is not None:
            part.fault("type", str(fault))
        return None
    date = read_value(part, "date", vocabulary.common["date"])
    if date is None:
        part.fault("date", "an event needs the column of its day: date = ...")
        date = Value(vocabulary.common["date"], ())
    fields = event_fields(part, kind.name)
    lesions = tuple(fact_values(one, "", vocabulary.lesion) for one in part.parts("lesion"))
    rule = EventRule(
        name=(part.text("name") or kind.name) + part.word,
        type=kind.name,
        date=date,
        fields=fields,
        when=conditions(part),
        id=tuple(part.texts("id")),
        one_per=tuple(part.texts("one_per")),
        lesions=lesions,
        incomplete="leave out" if part.choice("incomplete", _endings) == "leave out" else "refuse",
    )
    stated = {name.split(".")[0] for name, _ in fields} | ({"lesions"} if lesions else set())
    for name, field in kind.fields.items():
        if field.required and name not in stated:
            part.fault("fields", f"{kind.name} needs the field {name!r}: {field.expected}")
    part.end()
    return rule
