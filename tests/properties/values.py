"""Values for every field of the vocabulary, from small pools so that entries of one story meet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from hypothesis import strategies as st

from engine.entries import receptor_faults
from pathways.library import all_pathways
from pathways.vocabulary import Field, FieldSet, load_vocabulary

Raw = dict[str, object]
"""An event, a lesion or the facts as a case file has them."""

vocabulary: Final = load_vocabulary()

FIRST: Final = date(2024, 1, 1)
"""Generated stories begin here; `day(n)` counts from it."""

LESIONS: Final = ("L1", "L2", "L3", "L4", "L5", "L6", "L7")
_GUARDS: Final = tuple(g.id for p in all_pathways() for g in p.guards)
_ITEMS: Final = tuple(dict.fromkeys(t.id for p in all_pathways() for t in p.timers))


def day(number: int) -> str:
    return (FIRST + timedelta(number)).isoformat()


days: Final = st.sampled_from([n + shift for n in range(0, 720, 28) for shift in (0, 1)]).map(day)
moments: Final = st.one_of(
    days,
    st.tuples(days, st.sampled_from(["T08:30", "T08:30", "T23:59:59", "T07:00+01:00", "T16:20-05:00"])).map(
        "".join
    ),
)
_earlier_days: Final = st.sampled_from(
    ["2019-02-28", "2020-02-29", "2021-06-15", "2022-10-31", "2023-08-30", "2023-12-01", "2024-01-01"]
)
BIRTH_DATES: Final = ("1932-05-05", "1968-02-29", "1970-04-12", "1985-12-31")


def values(field: Field) -> st.SearchStrategy[object]:
    """What may be stated for a field; null where it may be unknown."""
    known = _known[field.type](field)
    return st.none() | known if field.nullable else known


def _text(field: Field) -> st.SearchStrategy[object]:
    pools = {"item": _ITEMS, "reason_code": ("contraindication",)}
    return st.sampled_from([*pools.get(field.name, ()), *field.codes_known, "as told"])


def _id(field: Field) -> st.SearchStrategy[object]:
    return st.sampled_from(LESIONS)


def _ids(field: Field) -> st.SearchStrategy[object]:
    pool = _GUARDS if field.name == "overruled_guards" else LESIONS[:4]
    return st.lists(st.sampled_from(pool), max_size=4, unique=True)


def _date(field: Field) -> st.SearchStrategy[object]:
    return moments if field.with_time else _earlier_days | days


def _integer(field: Field) -> st.SearchStrategy[object]:
    low = int(field.minimum or 0)
    return st.integers(low, min(int(field.maximum or 7), low + 7))


def _decimal(field: Field) -> st.SearchStrategy[object]:
    low = int(field.minimum or 0) + field.exclusive
    return st.sampled_from([low, 8, 12.5, 29.9, 30, 45])


def _mapping(field: Field) -> st.SearchStrategy[object]:
    if field.of is not None:
        return contents(field.of)
    return st.dictionaries(
        st.sampled_from(LESIONS[:4]), st.sampled_from(["not reachable", "", None]), max_size=2
    )


def _rows(field: Field) -> st.SearchStrategy[object]:
    assert field.of is not None
    return st.lists(contents(field.of), max_size=4, unique_by=lambda row: str(row["id"]))


def _code(field: Field) -> st.SearchStrategy[object]:
    return st.sampled_from(field.codes)


_known: Final[dict[str, Callable[[Field], st.SearchStrategy[object]]]] = {
    "text": _text,
    "id": _id,
    "ids": _ids,
    "date": _date,
    "integer": _integer,
    "decimal": _decimal,
    "boolean3": lambda _: st.booleans(),
    "code": _code,
    "codes": lambda field: st.lists(_code(field), max_size=4, unique=True),
    "mapping": _mapping,
    "list": _rows,
}


def contents(fields: FieldSet) -> st.SearchStrategy[Raw]:
    """All that is required and some of the rest."""
    free = sorted(name for name, field in fields.items() if not field.required)
    needed = [name for name, field in fields.items() if field.required]

    @st.composite
    def content(draw: st.DrawFn) -> Raw:
        chosen = draw(st.lists(st.sampled_from(free), max_size=6, unique=True)) if free else []
        stated = {name: draw(value_of[fields.what, name]) for name in [*needed, *chosen]}
        if receptor_faults(None, stated):
            stated = {
                name: value for name, value in stated.items() if name not in ("hr_status", "her2_status")
            }
        return stated

    value_of = {(fields.what, name): values(field) for name, field in fields.items()}
    return content()


_of_type: Final[dict[str, st.SearchStrategy[Raw]]] = {}


def content_of(type: str) -> st.SearchStrategy[Raw]:
    """The fields of an event of this type."""
    if type not in _of_type:
        _of_type[type] = contents(vocabulary.events[type].fields)
    return _of_type[type]


@st.composite
def facts(draw: st.DrawFn) -> Raw:
    """Anything known from the beginning."""
    stated = draw(contents(vocabulary.facts))
    return {**stated, "birth_date": draw(st.sampled_from([None, *BIRTH_DATES]))}
