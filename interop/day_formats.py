"""Days as a mapping declares them, `DD.MM.YYYY` for 31.12.2024; nothing else is understood."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import lru_cache
from itertools import pairwise

from pathways.vocabulary import ValueFault

_parts = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "YY": r"(?P<short>[0-9]{2})",
    "MMMM": r"(?P<name>[^\W\d_]+\.?)",
    "MMM": r"(?P<name>[^\W\d_]+\.?)",
    "MM": r"(?P<month>[0-9]{1,2})",
    "M": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{1,2})",
    "D": r"(?P<day>[0-9]{1,2})",
    "hh": r"(?P<hour>[0-9]{1,2})",
    "mm": r"(?P<minute>[0-9]{2})",
    "ss": r"(?P<second>[0-9]{2})",
}
_numbers = frozenset(_parts) - {"MMMM", "MMM"}
_token = re.compile("YYYY|YY|MMMM|MMM|MM|M|DD|D|hh|mm|ss|T(?=hh)|[A-Za-z]+|[^A-Za-z]+")

_months = (
    ("jan", "january", "januar", "jänner"),
    ("feb", "february", "februar"),
    ("mar", "march", "märz", "mär", "mrz"),
    ("apr", "april"),
    ("may", "mai"),
    ("jun", "june", "juni"),
    ("jul", "july", "juli"),
    ("aug", "august"),
    ("sep", "sept", "september"),
    ("oct", "october", "okt", "oktober"),
    ("nov", "november"),
    ("dec", "december", "dez", "dezember"),
)
_month_numbers = {name: number for number, names in enumerate(_months, start=1) for name in names}


def format_fault(pattern: str) -> str | None:
    """What is wrong with a declared format; None when it can be used."""
    strange = [part for part in _token.findall(pattern) if part.isalpha() and part not in (*_parts, "T")]
    if strange:
        return f"{strange[0]!r} is no part of a day; write for example DD.MM.YYYY, MM/DD/YYYY or D MMM YYYY"
    for kind in ("YYYY|YY", "MMMM|MMM|MM|M", "DD|D"):
        if sum(part in kind.split("|") for part in _token.findall(pattern)) != 1:
            return f"{pattern!r} must name day, month and year once each, as DD.MM.YYYY does"
    return _time_fault(pattern)


def _time_fault(pattern: str) -> str | None:
    """A time is hours, then minutes, then seconds: each once, none without the one before."""
    parts = _token.findall(pattern)
    counts = [parts.count(part) for part in ("hh", "mm", "ss")]
    if max(counts) > 1 or counts != sorted(counts, reverse=True):
        return f"{pattern!r} must write a time as hh, hh:mm or hh:mm:ss"
    return None


@lru_cache(maxsize=256)
def _expression(pattern: str) -> re.Pattern[str]:
    parts = _token.findall(pattern)
    found = "".join(_parts.get(part, re.escape(part)) for part in parts)
    # Where nothing stands between two numbers, only their width tells where one ends.
    run_together = any(one in _numbers and after in _numbers for one, after in pairwise(parts))
    return re.compile(found.replace("{1,2}", "{2}") if run_together else found)


def has_short_year(pattern: str) -> bool:
    """Whether a format writes the year with two digits."""
    parts = _token.findall(pattern)
    return "YY" in parts


def read_day(text: str, formats: tuple[str, ...], first_year: int | None = None) -> date | datetime:
    """The one day that a text means. Raises ValueFault where it fits no format, several, or is no day."""
    found = [one for pattern in formats if (one := _expression(pattern).fullmatch(text.strip()))]
    meant = {day for one in found if (day := _day(one.groupdict(), first_year)) is not None}
    if len(meant) > 1:
        told = " or ".join(sorted(day.isoformat() for day in meant))
        raise ValueFault(f"{text!r} may be {told}: declare one format for this column")
    if found and not meant:
        raise ValueFault(f"{text!r}: there is no such day")
    if not meant:
        raise ValueFault(f"{text!r} is no day written as {' or '.join(formats)}")
    return meant.pop()


def _day(parts: dict[str, str | None], first_year: int | None) -> date | datetime | None:
    """The day of the parts; None where there is no such day."""
    month = int(parts.get("month") or _month_numbers.get((parts.get("name") or "").rstrip(".").casefold(), 0))
    year = int(parts.get("year") or _whole_year(int(parts["short"] or 0), first_year))
    try:
        day = date(year, month, int(parts["day"] or 0))
        if parts.get("hour") is None:
            return day
        hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
        return datetime.combine(day, time(hour, minute, second))
    except ValueError:
        return None


def _whole_year(short: int, first_year: int | None) -> int:
    if first_year is None:
        raise ValueFault("two digits do not tell the year: write it with four, or set two_digit_years_from")
    return first_year + (short - first_year) % 100
