"""How large the parts of a case may be: more than care ever brings about, little enough to be read at once.

What goes beyond is a slip of a program, not a story; it is refused before anything is worked out from it.
docs/case-files.md lists the limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

most_events: Final = 20_000
"""Events of one case; likewise checkpoints."""

most_rows: Final = 1_000
"""Entries of any other list, such as the lesions of one imaging."""

most_keys: Final = 500
"""Keys of one mapping; the longest that means something has about 150."""

longest_name: Final = 200
"""Characters of an id, of a patient's reference (as in `store.identities`) or of a key."""

most_columns: Final = 1_000
"""Columns of a long table."""

most_sheet_rows: Final = 1_048_576
"""Rows of a sheet: those that spreadsheets have."""

most_sheet_cells: Final = 20_000_000
"""Cells of a sheet, empty ones before others included."""

longest_text: Final = 20_000
"""Characters of any other text."""

longest_cell: Final = 200_000
"""Characters of a cell that holds a list or a mapping."""

most_digits: Final = 18
"""Digits of a whole number that is no id."""

most_digits_told: Final = 4_000
"""Digits of a whole number that is taken in at all, to be told where it stands."""

most_told: Final = 100
"""Faults of one patient that are told one by one."""

most_faults: Final = 1_000
"""Faults of one case after which reading stops."""

_ids: Final = frozenset({"id", "target", "patient"})


class Excess(NamedTuple):
    """What is too large: under `key` of the mapping `within`, told in words."""

    within: object
    key: str | None
    message: str


def case_excesses(case: Mapping[str, object]) -> Iterator[Excess]:
    """Everything in a case that is too large to be read."""
    rest = {key: value for key, value in case.items() if key not in ("events", "checkpoints")}
    for excess in excesses(rest):
        yield excess._replace(within=case) if excess.within is rest else excess
    for key in case.keys() - rest.keys():
        yield from _listed(case, key)


def _listed(case: Mapping[str, object], key: str) -> Iterator[Excess]:
    """What is too large in the events or checkpoints; each is named by its id, else by its place."""
    rows = case[key]
    if not isinstance(rows, list):
        return
    if len(rows) > most_events:
        yield Excess(case, key, _too_many(key, "entries", len(rows), most_events))
        return
    for number, row in enumerate(rows, 1):
        for excess in excesses(row):
            id = row.get("id") if isinstance(row, Mapping) else None
            named = isinstance(id, str) and 0 < len(id) <= longest_name
            yield excess._replace(message=f"{id if named else f'{key[:-1]} {number}'}: {excess.message}")


def excesses(value: object, key: str | None = None) -> Iterator[Excess]:
    """Everything in a value that is too large to be read; `key` is the name under which it stands."""
    waiting: list[tuple[object, object, str | None]] = [(value, None, key)]
    while waiting:
        entry, within, key = waiting.pop()
        if told := _excess(key, entry):
            yield Excess(entry if isinstance(entry, Mapping) else within, key, told)
        elif isinstance(entry, Mapping):
            waiting += [(part, entry, name) for name, part in entry.items()]
        elif isinstance(entry, (list, tuple)):
            waiting += [(part, within, key) for part in entry]


def _excess(key: str | None, value: object) -> str | None:
    """Says so when a value is too large by itself, whatever it holds."""
    if isinstance(value, str):
        return text_excess(key, value, longest_name if key in _ids else longest_text)
    if isinstance(value, int):
        digits = longest_name if key in _ids else most_digits
        told = f"{key!r} has more than {digits} digits; what is no number stands in quotes"
        return told if abs(value) >= 10**digits else None
    if isinstance(value, Mapping):
        if len(value) > most_keys:
            return _too_many(key, "keys", len(value), most_keys)
        longest = max((len(str(name)) for name in value), default=0)
        told = f"a key has {longest:,} characters; at most {longest_name} are read"
        return told if longest > longest_name else None
    if isinstance(value, (list, tuple)) and len(value) > most_rows:
        return _too_many(key, "entries", len(value), most_rows)
    return None


def text_excess(key: str | None, text: str, most: int) -> str | None:
    """Says so when a text is longer than `most`."""
    return None if len(text) <= most else _too_many(key, "characters", len(text), most)


def _too_many(key: str | None, what: str, number: int, most: int) -> str:
    return f"{repr(key) if key else 'it'} has {number:,} {what}; at most {most:,} are read"


def told_in_part(lines: Sequence[str], rest: str) -> str:
    """The first lines, and how many more there are: `and 12 more` with what `rest` calls them."""
    more = len(lines) - most_told
    return "\n".join([*lines[:most_told], *([f"and {more:,} more {rest}"] if more > 0 else [])])


def whole_number(digits: str) -> int:
    """A whole number as it stands in JSON. Raises ValueError for one that is longer than can be told."""
    if len(digits) > most_digits_told:
        raise ValueError(f"a whole number has {len(digits):,} digits; at most {most_digits} are read")
    return int(digits)
