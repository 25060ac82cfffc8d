"""Columns that stand side by side for several events or lesions: `drug_1`, `drug_2`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from interop.suggest.known_words import numbered, places_of
from interop.suggest.table_look import ColumnLook


def side_by_side(columns: Sequence[ColumnLook]) -> Iterator[ColumnLook]:
    """The columns, those of several events or lesions as one with `{n}` in its head."""
    heads = {one.name: _Numbered.of(one.name) for one in columns}
    numbers: dict[str, dict[str, None]] = {}
    for head in heads.values():
        if head.kind and head.number:
            numbers.setdefault(head.kind, {})[head.number] = None
    together: dict[str, list[ColumnLook]] = {}
    for column in columns:
        head = heads[column.name]
        several = bool(head.number) and len(numbers.get(head.kind, ())) > 1
        together.setdefault(head.pattern if several else column.name, []).append(column)
    for name, same in together.items():
        alone = name == same[0].name
        yield same[0] if alone else _as_one(name, same, tuple(numbers[heads[same[0].name].kind]))


class _Numbered(NamedTuple):
    """A head with `{n}` in place of its number, and of what kind of event it tells."""

    pattern: str
    number: str
    kind: str

    @classmethod
    def of(cls, column: str) -> _Numbered:
        pattern, number = numbered(column)
        return cls(pattern, number, kind_told(pattern))


def kind_told(column: str) -> str:
    """The kind of event, or `lesion`, of which a head surely tells; empty where it tells none, or a fact."""
    sure = [one.place.of for one in places_of(column) if one.sure or not one.like]
    return "" if "fact" in sure else next(iter(sure), "")


def _as_one(name: str, columns: Sequence[ColumnLook], repeats: tuple[str, ...]) -> ColumnLook:
    return ColumnLook(
        name,
        tuple(text for one in columns for text in one.texts),
        sum(one.days for one in columns),
        tuple(row for one in columns for row in one.rows),
        tuple(whose for one in columns for whose in one.whose),
        repeats,
    )
