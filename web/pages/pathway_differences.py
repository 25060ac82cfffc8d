"""Two versions of a pathway side by side: what became of it, in words, with the statements behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from starlette.responses import Response

from engine.snapshot import PathwayRef
from pathways.difference import HEADINGS, Change
from pathways.pathway import Pathway
from store.library import version, versions
from web.rules import EVERYBODY, Pages
from web.shown.pathway_differences import Behind, compared, statements_of
from web.visit import Stopped, Visit

PAGES = Pages()


@dataclass(frozen=True, slots=True)
class Declared:
    """What became of one declaration, with the statements it names in either version."""

    id: str
    title: str
    changes: tuple[Change, ...]
    statements: tuple[str, ...]


@PAGES.get("/pathways/differences", EVERYBODY)
def compare(visit: Visit) -> Response:
    """The differences of two versions that are chosen, and the choice."""
    there = versions(visit.database)
    names = visit.asked("one")[:100], visit.asked("other")[:100]
    one, other = (named(visit, name) if name else None for name in names)
    found = compared(one, other) if one and other else ()
    return visit.page(
        "pathway_differences.html",
        here="/pathways",
        versions=there,
        names=names,
        older=one,
        newer=other,
        sections=list(_sections(found, one, other)) if one and other else [],
        found=found,
        through=[each for each in found if each.through],
        label=label,
    )


def named(visit: Visit, fingerprint: str) -> Pathway:
    """A version by its fingerprint. Raises Stopped."""
    found = version(visit.database, fingerprint)
    if found is None:
        raise Stopped(404, "There is no such version of a pathway")
    return found


def label(ref: PathwayRef) -> str:
    """A version in a list: two of the same number are told apart by their fingerprints."""
    return f"{ref.id} {ref.version} ({ref.fingerprint.removeprefix('sha256:')[:8]})"


def _sections(found: Iterable[Change], one: Pathway, other: Pathway) -> Iterator[tuple[str, list[Declared]]]:
    """By kind of declaration; what is worded as before, though a name in it changed, stands by itself."""
    behind = statements_of(one), statements_of(other)
    direct = [each for each in found if not each.through]
    for kind, changes in groupby(direct, key=lambda each: each.kind):
        declared = [
            Declared(id, title, tuple(same), _together(behind, kind, id))
            for (id, title), same in groupby(changes, key=lambda each: (each.id, each.title))
        ]
        yield HEADINGS[kind], declared


def _together(behind: tuple[Behind, Behind], kind: str, id: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for side in behind for each in side.get((kind, id), ())))
