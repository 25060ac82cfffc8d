"""Entries of the ledger as a person reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime

from engine.calendar import completed_years
from engine.event import Event, Moment, day_of
from interop.case_writer import decimal_text, plain_value
from pathways.texts.wording import code_name, event_noun, field_name
from pathways.vocabulary import load_vocabulary

SayDay = Callable[[date], str]


def person_words(facts: Mapping[str, object], today: date, say_day: SayDay = date.isoformat) -> str:
    """`born 1970-04-12, 54 years, female, postmenopausal`: what is known of it."""
    told = [str(facts["sex"])] if facts.get("sex") else []
    if facts.get("menopausal_status"):
        told.append(_MENOPAUSE.get(str(facts["menopausal_status"]), str(facts["menopausal_status"])))
    born = facts.get("birth_date")
    if isinstance(born, date):
        age = [f"{completed_years(born, today)} years"] if born <= today else []
        told[:0] = [f"born {say_day(born)}", *age]
    return ", ".join(told)


def facts_words(facts: Mapping[str, object], say_day: SayDay = date.isoformat) -> str:
    """What was known from the beginning, apart from what `person_words` tells: `HER2 status: negative`."""
    told = ((name, facts[name]) for name in load_vocabulary().facts if name in facts and name not in _PERSON)
    return "; ".join(
        f"{field_name(name)}: {say_day(value) if isinstance(value, date) else value_words(value)}"
        for name, value in told
    )


_PERSON = ("sex", "birth_date", "menopausal_status")

_MENOPAUSE = {
    "pre": "premenopausal",
    "peri": "perimenopausal",
    "post": "postmenopausal",
    "unknown": "menopausal status unknown",
}


def when(moment: Moment) -> str:
    """A day, with the time where one is stated."""
    return f"{moment:%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else moment.isoformat()


def type_words(event: Event) -> str:
    """What kind of entry it is: `dose of a bone-modifying drug`."""
    return event_noun([event.type], many=False)


def content(event: Event) -> str:
    """What an entry says, in one line: `overall response PR; note seen twice`."""
    order = list(load_vocabulary().events[event.type].fields)
    names = sorted(event.fields, key=lambda name: order.index(name) if name in order else len(order))
    return "; ".join(f"{field_name(name)} {value_words(event.fields[name])}" for name in names)


def documented(event: Event) -> str:
    """When the care team had it in writing, where that was not the day it happened."""
    day = day_of(event.documented)
    return "" if day == event.day else f"documented {day}"


def datum_words(name: str, events: Mapping[str, Event], say_day: SayDay = date.isoformat) -> str:
    """A missing value in plain words: `ascites, in e02 (imaging, 2025-01-20)`."""
    entry, _, path = name.partition(".")
    if entry not in events or not path:
        return field_name(name)
    event = events[entry]
    return f"{path_words(path)}, in {entry} ({type_words(event)}, {say_day(event.day)})"


def path_words(path: str) -> str:
    """`lesions.L2.status` as `status of lesion L2`, `findings.ascites` as `ascites`."""
    group, *parts = path.split(".")
    if group == "primary":
        return field_name(path)
    if group == "lesions" and parts:
        lesion, *last = parts
        return f"{field_name('.'.join(last))} of lesion {lesion}" if last else f"lesion {lesion}"
    words = parts if group == "findings" and parts else [group, *parts]
    return ", ".join(field_name(word) for word in words)


def value_words(value: object) -> str:
    """A value as a person reads it: `yes`, `lymph node`, `unknown`."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (tuple, list)):
        return _several(value)
    if isinstance(value, Mapping):
        return _span(**value) if value.keys() == {"months", "days"} else ", ".join(_parts(value))
    if isinstance(value, float):
        return decimal_text(value)
    return code_name(str(plain_value(value)))


def measured(value: object, unit: str) -> str:
    """A value that was worked out, with its unit; nothing where there is none."""
    if value is None:
        return ""
    return value_words(value) if unit == _SPAN_UNIT else f"{value_words(value)} {unit}".rstrip()


_SPAN_UNIT = "calendar months and days"
"""Said by the value itself."""


def _span(months: int, days: int) -> str:
    """`4 years, 4 months, 6 days`."""
    parts = ((months // 12, "year"), (months % 12, "month"), (days, "day"))
    told = [f"{number} {name}{'s' * (number != 1)}" for number, name in parts if number]
    return ", ".join(told) or "0 days"


def _several(values: Sequence[object]) -> str:
    if any(isinstance(one, Mapping) for one in values):
        return " | ".join(value_words(one) for one in values)
    return ", ".join(value_words(one) for one in values) or "none"


_evident = ("id", "organ", "diameter_mm", "status")
"""Parts of a lesion that need no name."""


def _parts(value: Mapping[str, object]) -> Iterator[str]:
    """`L1 bone 12 mm active, solid yes`."""
    evident = [_with_unit(name, value[name]) for name in _evident if value.get(name) is not None]
    if evident and "id" in value:
        yield " ".join(evident)
    for name, part in value.items():
        if "id" not in value or name not in _evident or part is None:
            yield f"{field_name(name)} {value_words(part)}"


def _with_unit(name: str, value: object) -> str:
    return f"{value_words(value)} mm" if name == "diameter_mm" else value_words(value)
