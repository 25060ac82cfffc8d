"""Entries of the ledger as a person reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime

from engine.calendar import completed_years
from engine.event import Event, Moment, day_of
from interop.case_writer import decimal_text, plain_value
from pathways.texts.wording import code_name, event_noun, field_name
from pathways.titles import known_codes
from pathways.vocabulary import load_vocabulary
from pathways.worded import Worded, data, joined, worded

SayDay = Callable[[date], str]


def person_words(facts: Mapping[str, object], today: date, say_day: SayDay = date.isoformat) -> str:
    """`born 1970-04-12, 54 years, female, postmenopausal`: what is known of it."""
    told = [value_words(facts["sex"])] if facts.get("sex") else []
    if facts.get("menopausal_status"):
        told.append(_menopause(str(facts["menopausal_status"])))
    born = facts.get("birth_date")
    if isinstance(born, date):
        age = [worded("{n} years", n=completed_years(born, today))] if born <= today else []
        told[:0] = [worded("born {day}", day=say_day(born)), *age]
    return joined(", ", told)


def facts_words(facts: Mapping[str, object], say_day: SayDay = date.isoformat) -> str:
    """What was known from the beginning, apart from what `person_words` tells: `HER2 status: negative`."""
    told = ((name, facts[name]) for name in load_vocabulary().facts if name in facts and name not in _PERSON)
    return joined(
        "; ",
        (
            worded(
                "{field}: {value}",
                field=field_words(name),
                value=value_words(value, say_day),
            )
            for name, value in told
        ),
    )


_PERSON = ("sex", "birth_date", "menopausal_status")


def _menopause(status: str) -> str:
    return worded("menopausal status unknown") if status == "unknown" else value_words(status)


def when(moment: Moment) -> str:
    """A day, with the time where one is stated."""
    return f"{moment:%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else moment.isoformat()


def type_words(event: Event) -> str:
    """What kind of entry it is: `dose of a bone-modifying drug`."""
    return kind_words(event.type)


def kind_words(type_: str) -> Worded:
    """A kind of entry: `dose of a bone-modifying drug`."""
    return worded(event_noun([type_], many=False))


def field_words(name: str) -> Worded:
    """A field: `overall response`."""
    return worded(field_name(name))


def content(event: Event, say_day: SayDay = date.isoformat) -> str:
    """What an entry says, in one line: `overall response PR; note seen twice`."""
    order = list(load_vocabulary().events[event.type].fields)
    names = sorted(event.fields, key=lambda name: order.index(name) if name in order else len(order))
    return joined("; ", (_named(name, event.fields[name], say_day) for name in names))


def _named(name: str, value: object, say_day: SayDay) -> Worded:
    return worded("{field} {value}", field=field_words(name), value=value_words(value, say_day))


def documented(event: Event) -> str:
    """When the care team had it in writing, where that was not the day it happened."""
    day = day_of(event.documented)
    return "" if day == event.day else f"documented {day}"


def datum_words(name: str, events: Mapping[str, Event], say_day: SayDay = date.isoformat) -> str:
    """A missing value in plain words: `ascites, in e02 (imaging, 2025-01-20)`."""
    entry, _, path = name.partition(".")
    if entry not in events or not path:
        return field_words(name)
    event = events[entry]
    return worded(
        "{datum}, in {entry} ({kind}, {day})",
        datum=path_words(path),
        entry=entry,
        kind=type_words(event),
        day=say_day(event.day),
    )


def path_words(path: str) -> str:
    """`lesions.L2.status` as `status of lesion L2`, `findings.ascites` as `ascites`."""
    group, *parts = path.split(".")
    if group == "primary":
        return field_words(path)
    if group == "lesions" and parts:
        lesion, *last = parts
        if not last:
            return worded("lesion {lesion}", lesion=lesion)
        return worded("{field} of lesion {lesion}", field=field_words(".".join(last)), lesion=lesion)
    words = parts if group == "findings" and parts else [group, *parts]
    return joined(", ", map(field_words, words))


def value_words(value: object, say_day: SayDay = date.isoformat) -> str:
    """A value as a person reads it: `yes`, `lymph node`, `unknown`."""
    if value is None:
        return worded("unknown")
    if isinstance(value, bool):
        return worded("yes") if value else worded("no")
    if isinstance(value, (tuple, list)):
        return _several(value, say_day)
    if isinstance(value, Mapping):
        spans = value.keys() == {"months", "days"}
        return _span(**value) if spans else joined(", ", _parts(value, say_day))
    if isinstance(value, date) and not isinstance(value, datetime):
        return say_day(value)
    if isinstance(value, float):
        return data(decimal_text(value))
    text = str(plain_value(value))
    return worded(code_name(text)) if text in known_codes() else data(code_name(text))


def measured(value: object, unit: str) -> str:
    """A value that was worked out, with its unit; nothing where there is none."""
    if value is None:
        return ""
    told = value_words(value)
    return worded("{value} {unit}", value=told, unit=worded(unit)) if unit and unit != _SPAN_UNIT else told


_SPAN_UNIT = "calendar months and days"
"""Worded by the value itself."""


def _span(months: int, days: int) -> str:
    """`4 years, 4 months, 6 days`."""
    parts = (
        (months // 12, "{n} year", "{n} years"),
        (months % 12, "{n} month", "{n} months"),
        (days, "{n} day", "{n} days"),
    )
    told = [worded(one if number == 1 else many, n=number) for number, one, many in parts if number]
    return joined(", ", told) or worded("{n} days", n=0)


def _several(values: Sequence[object], say_day: SayDay) -> str:
    joint = " | " if any(isinstance(one, Mapping) for one in values) else ", "
    return joined(joint, (value_words(one, say_day) for one in values)) or worded("none")


_evident = ("id", "organ", "diameter_mm", "status")
"""Parts of a lesion that need no name."""


def _parts(value: Mapping[str, object], say_day: SayDay) -> Iterator[str]:
    """`L1 bone 12 mm active, solid yes`."""
    evident = [_with_unit(name, value[name]) for name in _evident if value.get(name) is not None]
    if evident and "id" in value:
        yield joined(" ", evident)
    for name, part in value.items():
        if "id" not in value or name not in _evident or part is None:
            yield _named(name, part, say_day)


def _with_unit(name: str, value: object) -> str:
    told = value_words(value)
    return worded("{value} mm", value=told) if name == "diameter_mm" else told
