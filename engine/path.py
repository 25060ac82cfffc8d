"""Where a correction points: `overall`, `findings.ascites`, `lesions.L2.status` in the content of an entry.

The content of an entry is flat, except for a few fields that hold a mapping (`findings`, `snapshot`, ...)
and for `lesions`, a list of which each is named by its id. Facts keep their dots: `primary.er` is one name.
Source: vocabulary.yaml (events.correction.field).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

mapping_fields = frozenset({"findings", "snapshot", "uncovered_lesions", "dynamics"})
"""The fields whose value is a mapping. A test compares them with the vocabulary."""


class PathError(ValueError):
    """A path that does not lead anywhere in the entry it is used on; the message says what would."""


class Path(NamedTuple):
    """The parts of a path: a field, then a key in its mapping or the id of a lesion, then a field of it."""

    field: str
    key: str | None = None
    part: str | None = None


def split_path(path: str) -> Path:
    """The parts of a path. Raises PathError for a path that cannot name anything, such as `lesions.L2`."""
    head, dot, rest = path.partition(".")
    if head == "lesions" and dot:
        lesion, _, part = rest.rpartition(".")
        if not lesion or not part:
            raise PathError(f"{path!r} is no path: a field of a lesion is written lesions.<id>.<field>")
        return Path(head, lesion, part)
    if head in mapping_fields and dot:
        if not rest:
            raise PathError(f"{path!r} is no path: a name is missing after the dot")
        return Path(head, rest)
    if not path:
        raise PathError("the path is empty: it names a field of the corrected entry")
    return Path(path)


def read_path(fields: Mapping[str, object], path: str) -> object:
    """The value at `path`; None where it is unknown or not stated.

    Raises PathError when the path names a lesion that the entry does not list.
    """
    field, key, part = split_path(path)
    value = fields.get(field)
    if part is not None:
        return _lesion(value, key)[1].get(part)
    if key is not None:
        return value.get(key) if isinstance(value, Mapping) else None
    return value


def with_path(fields: Mapping[str, object], path: str, value: object) -> dict[str, object]:
    """A copy of `fields` in which `path` holds `value`; `fields` and what it contains stay as they are.

    Raises PathError when the path names a lesion that the entry does not list.
    """
    field, key, part = split_path(path)
    if part is not None:
        value = _with_lesion_field(fields.get(field), key, part, value)
    elif key is not None:
        present = fields.get(field)
        value = {**(present if isinstance(present, Mapping) else {}), key: value}
    return {**fields, field: value}


def _with_lesion_field(lesions: object, id: str | None, part: str, value: object) -> tuple[object, ...]:
    index, lesion = _lesion(lesions, id)
    assert isinstance(lesions, Sequence)
    return (*lesions[:index], {**lesion, part: value}, *lesions[index + 1 :])


def _lesion(lesions: object, id: str | None) -> tuple[int, Mapping[str, object]]:
    listed = lesions if isinstance(lesions, Sequence) else ()
    for index, lesion in enumerate(listed):
        if lesion["id"] == id:
            return index, lesion
    known = ", ".join(str(lesion["id"]) for lesion in listed) or "none"
    raise PathError(f"there is no lesion {id!r} in the entry; listed: {known}")
