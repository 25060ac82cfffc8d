"""One value read against the field it is meant for: canonical, or refused with what was expected.

Source: vocabulary.yaml, types. Canonical values: date, int, float, str, bool, tuple, dict; None is unknown.
"""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from pathways.day_zero import is_counted
from pathways.synonyms import load_synonyms

if TYPE_CHECKING:
    from pathways.vocabulary_field import Field

Number = TypeVar("Number", int, float)

earliest, latest = date(1800, 1, 1), date(2199, 12, 31)
"""Days outside are typing errors, and calendar arithmetic on them would leave the calendar."""

_day = re.compile(r"\d{4}-\d{2}-\d{2}")
_moment = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?")
_yaml_words = {True: "yes, on or true", False: "no, off or false"}


class ValueFault(ValueError):
    """A value that is not what its field asks for; the message names the field and what was expected."""


def closest(name: object, known: Iterable[str]) -> str:
    """The words '; did you mean ...?' for the nearest known name, or nothing."""
    near = nearest(name, known)
    return f"; did you mean {near!r}?" if near else ""


def nearest(name: object, known: Iterable[str]) -> str | None:
    """The known name that is most like it; None where none is."""
    names = {known_name.casefold(): known_name for known_name in known}
    near = difflib.get_close_matches(str(name).casefold(), names, n=1)
    return names[near[0]] if near else None


def shown(value: object) -> str:
    """A value as it reads in a message: short, and in the words of a case file."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, (list, tuple, set, frozenset)):
        return "a list"
    if isinstance(value, date):
        return value.isoformat()
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def parse(field: Field, value: object) -> object:
    """The canonical value; null stays None where the field may be unknown. Raises ValueFault."""
    if value is None:
        if field.nullable:
            return None
        raise _fault(field, value)
    if field.is_list:
        return tuple(_parsers[field.type](field, entry) for entry in _entries(field, value))
    return _parsers[field.type](field, value)


def expected(field: Field) -> str:
    """What the field asks for, in words."""
    words = _words.get(field.type, "a value")
    if field.codes and not field.free_text:
        words = f"{'one or more' if field.type == 'codes' else 'one'} of {', '.join(field.codes)}"
    if field.type == "date" and field.with_time:
        words = "a day as YYYY-MM-DD, with or without a time (2024-07-01T09:30+02:00)"
    return words + _range(field)


def _range(field: Field) -> str:
    parts = []
    if field.minimum is not None:
        parts.append(f"{'more than' if field.exclusive else 'at least'} {field.minimum:g}")
    if field.maximum is not None:
        parts.append(f"{'less than' if field.exclusive else 'at most'} {field.maximum:g}")
    return f" ({' and '.join(parts)})" if parts else ""


def _fault(field: Field, value: object, hint: str = "") -> ValueFault:
    return ValueFault(f"{field.name!r} must be {expected(field)}, not {shown(value)}{hint}")


def _text(field: Field, value: object) -> str:
    if isinstance(value, bool):
        raise _fault(field, value, f" (YAML reads an unquoted {_yaml_words[value]} so: put it in quotes)")
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float)):
        return str(value)
    raise _fault(field, value)


def _identifier(field: Field, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)) or not str(value).strip():
        raise _fault(field, value)
    return str(value).strip()


def _boolean(field: Field, value: object) -> bool:
    if isinstance(value, bool):
        return value
    words = ": write true where it is so, false where it is not"
    raise _fault(field, value, words if isinstance(value, str) else "")


def _integer(field: Field, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _fault(field, value, _quoted_number(value))
    if field.codes and str(value) not in field.codes:
        raise _fault(field, value)
    return _within(field, value)


def _decimal(field: Field, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _fault(field, value, _quoted_number(value))
    try:
        number = float(value)
    except OverflowError:
        raise _fault(field, value) from None
    if not math.isfinite(number):
        raise _fault(field, value)
    return _within(field, number)


def _within(field: Field, number: Number) -> Number:
    low, high = field.minimum, field.maximum
    if low is not None and (number < low or (field.exclusive and number == low)):
        raise _fault(field, number)
    if high is not None and (number > high or (field.exclusive and number == high)):
        raise _fault(field, number)
    return number


def _quoted_number(value: object) -> str:
    return " (write the number without quotes)" if isinstance(value, str) and value.strip().isdigit() else ""


def _date(field: Field, value: object) -> date:
    moment = _read_moment(field, value) if isinstance(value, str) else value
    if not isinstance(moment, date) or (isinstance(moment, datetime) and not field.with_time):
        raise _fault(field, value)
    day = moment.date() if isinstance(moment, datetime) else moment
    counted = not isinstance(value, str) and is_counted(day)
    if not (earliest <= day <= latest or counted):
        raise _fault(field, value, f" (years from {earliest.year} to {latest.year})")
    return moment


def _read_moment(field: Field, text: str) -> date:
    text = text.strip()
    try:
        if _day.fullmatch(text):
            return date.fromisoformat(text)
        if _moment.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        raise _fault(field, text, ": there is no such day or time") from None
    raise _fault(field, text)


def _code(field: Field, value: object) -> str:
    if isinstance(value, bool) and not field.free_text:
        raise _fault(field, value, f" (YAML reads an unquoted {_yaml_words[value]} so: put it in quotes)")
    if field.free_text:
        return _text(field, value)
    if not isinstance(value, str) or value not in field.codes:
        raise _fault(field, value, _meant(field, value) if isinstance(value, str) else "")
    return value


def _meant(field: Field, text: str) -> str:
    """The words '; did you mean ...?' for the codes the text is a synonym of, else for the nearest code."""
    codes = load_synonyms().meant(text, field.codes)
    return f"; did you mean {' or '.join(map(repr, codes))}?" if codes else closest(text, field.codes)


def _codes(field: Field, value: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_code(field, entry) for entry in _entries(field, value, single=True)))


def _identifiers(field: Field, value: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_identifier(field, entry) for entry in _entries(field, value, single=True)))


def _entries(field: Field, value: object, *, single: bool = False) -> Sequence[object]:
    if isinstance(value, (list, tuple)):
        return value
    if single and isinstance(value, (str, int)):
        return [value]
    raise ValueFault(f"{field.name!r} must be a list, not {shown(value)}")


def _mapping(field: Field, value: object) -> dict[str, object]:
    if not isinstance(value, Mapping):
        raise _fault(field, value)
    if field.of is None:
        return {_key(field, key): _entry(field, key, entry) for key, entry in value.items()}
    reading = field.of.read(value)
    if reading.problems:
        raise ValueFault("; ".join(f"in {field.name!r}: {message}" for _, message in reading.problems))
    return reading.values


def _entry(field: Field, key: object, value: object) -> str | None:
    if isinstance(value, (bool, Mapping, list, tuple)):
        raise ValueFault(f"in {field.name!r}: {key!r} must be text, not {shown(value)}")
    return None if value is None else _text(field, value)


def _key(field: Field, key: object) -> str:
    if isinstance(key, bool) or not isinstance(key, (str, int)):
        raise ValueFault(f"a key of {field.name!r} must be a name, not {shown(key)}")
    return str(key)


def _rows(field: Field, value: object) -> tuple[object, ...]:
    rows = _entries(field, value)
    if field.of is None:
        return tuple(rows)
    messages: list[str] = []
    read = [_row(field, number, row, messages) for number, row in enumerate(rows, start=1)]
    ids = [row["id"] for row in read if row.get("id") is not None]
    twice = [name for name, times in Counter(ids).items() if times > 1]
    messages += [f"{field.name!r}: the id {name!r} stands twice" for name in twice]
    if messages:
        raise ValueFault("; ".join(messages))
    return tuple(read)


def _row(field: Field, number: int, row: object, messages: list[str]) -> dict[str, object]:
    if not isinstance(row, Mapping) or field.of is None:
        messages.append(f"entry {number} of {field.name!r} must be a mapping, not {shown(row)}")
        return {}
    reading = field.of.read(row)
    place = f"in {field.name!r}, {row.get('id') or f'entry {number}'}"
    messages += [f"{place}: {message}" for _, message in reading.problems]
    return reading.values


def _anything(_field: Field, value: object) -> object:
    return value


_parsers: Mapping[str, Callable[[Field, object], object]] = {
    "text": _text,
    "id": _identifier,
    "ids": _identifiers,
    "date": _date,
    "integer": _integer,
    "decimal": _decimal,
    "boolean3": _boolean,
    "code": _code,
    "codes": _codes,
    "mapping": _mapping,
    "list": _rows,
    "any": _anything,
}

_words = {
    "text": "text",
    "id": "an id (text, or a whole number)",
    "ids": "a list of ids",
    "date": "a day as YYYY-MM-DD",
    "integer": "a whole number",
    "decimal": "a number",
    "boolean3": "true, false or null (unknown)",
    "mapping": "a mapping",
    "code": "a code or text",
    "codes": "codes or text",
}
