"""References of patients as tables write them, and those that a person would take for the same one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from unicodedata import normalize


def written_once(reference: str) -> str:
    """The reference without outer blanks and with every letter as one character (NFC).

    Programs write the same letter as one character or as two, and nobody sees which.
    """
    return normalize("NFC", reference.strip())


def doubtful(references: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """Each reference that differs from another one only in capitals or blanks, with that one.

    `known` are those of patients who are there already. Where both are, somebody has told them apart.
    """
    there = set(known)
    found: dict[str, str] = {}
    first: dict[str, str] = {}
    alike: dict[str, list[str]] = {}
    for one in there:
        alike.setdefault(_seen(one), []).append(one)
    for one in references:
        others = [other for other in alike.get(_seen(one), ()) if other != one]
        if one not in there and others:
            found[one] = others[0]
        earlier = first.setdefault(_seen(one), one)
        if earlier != one and not {one, earlier} <= there:
            found.setdefault(one, earlier)
            found.setdefault(earlier, one)
    return found


def _seen(reference: str) -> str:
    """What a person takes for the same: capitals and blanks make no difference."""
    return normalize("NFC", "".join(normalize("NFC", reference).casefold().split()))
