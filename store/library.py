"""The engine and the shipped pathways, as the store asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache, partial
from itertools import chain

from engine.event import Moment, Story
from engine.replay import Enrolment as Enrolled
from engine.resumed import Memory
from engine.snapshot import PathwayRef, PatientSnapshot
from engine.succession import Period, replay_periods
from pathways.canonical import from_json, to_json
from pathways.fingerprint import fingerprint
from pathways.library import all_pathways
from pathways.pathway import Pathway
from pathways.settings import DEFAULT_SETTINGS, Settings
from store import definitions
from store.canonical import digest
from store.database import Database
from store.derivation import Derivation, Enrolment
from store.errors import UnknownPathway

Named = Mapping[PathwayRef, Pathway]
"""Pathways by what enrolments name them."""


def shipped(database: Database, also: tuple[str, ...] = ()) -> Derivation:
    """The pathways of this program and, for patients enrolled in other versions, those kept beside them.

    `also` are versions that nobody is enrolled in yet, as canonical JSON. Raises CanonicalError.
    """
    shelf = _Shelf(database, _of_this_program(), _named(from_json(body) for body in also))
    elsewhere = partial(shipped, also=also) if also else shipped
    return Derivation(shelf.enrolment, shelf.definition, shelf.replay, shelf.enrolled, elsewhere)


class _Shelf:
    """Pathways by fingerprint; what is not there is looked for in the database once."""

    def __init__(self, database: Database, current: Named, also: Named) -> None:
        self.database = database
        self.current = {ref.id: ref for ref in current}
        self.pathways = {ref.fingerprint: pathway for ref, pathway in chain(also.items(), current.items())}
        self._memory = Memory()
        self._kept = lru_cache(maxsize=256)(self._enrolled)

    def enrolment(self, chosen: Sequence[str] | None, settings: Mapping[str, object]) -> Enrolment:
        unknown = [id for id in chosen or () if id not in self.current]
        if unknown:
            raise UnknownPathway(f"there is no pathway {unknown[0]!r}; pathways: {', '.join(self.current)}")
        refs = tuple(self.current[id] for id in self.current if chosen is None or id in chosen)
        complete = Settings.from_overrides(settings) if settings else DEFAULT_SETTINGS
        return Enrolment(refs, dict(complete))

    def definition(self, ref: PathwayRef) -> str:
        return _text(self._pathway(ref))

    def replay(self, enrolment: Enrolment, story: Story, as_of: date, known_at: Moment) -> PatientSnapshot:
        periods = [Period(self.enrolled(one), until) for one, until in enrolment.in_turn()]
        return replay_periods(periods, story, as_of, known_at, self._memory)

    def enrolled(self, enrolment: Enrolment) -> tuple[Enrolled, ...]:
        return self._kept(enrolment.pathways, tuple(enrolment.settings.items()))

    def _enrolled(
        self, refs: tuple[PathwayRef, ...], settings: tuple[tuple[str, str | int], ...]
    ) -> tuple[Enrolled, ...]:
        chosen = Settings.from_overrides(dict(settings))
        return tuple(Enrolled(self._pathway(ref), chosen) for ref in refs)

    def _pathway(self, ref: PathwayRef) -> Pathway:
        if ref.fingerprint not in self.pathways:
            with self.database.reading() as connection:
                body = definitions.find(connection, ref.fingerprint)
            if body is None:
                raise UnknownPathway(f"pathway {ref.id} {ref.version} as enrolled is not to be found here")
            if f"sha256:{digest(body)}" != ref.fingerprint:
                raise UnknownPathway(f"pathway {ref.id} {ref.version} is not kept here as it was enrolled")
            self.pathways[ref.fingerprint] = from_json(body)
        return self.pathways[ref.fingerprint]


def version(database: Database, fingerprint: str) -> Pathway | None:
    """A version that ships, or is kept beside the ledger; None where it is neither. Raises CanonicalError."""
    for ref, pathway in _of_this_program().items():
        if ref.fingerprint == fingerprint:
            return pathway
    with database.reading() as connection:
        body = definitions.find(connection, fingerprint)
    return from_json(body) if body is not None else None


def versions(database: Database) -> list[PathwayRef]:
    """The versions that ship, then those besides in which patients are or were enrolled."""
    shipped_ = list(_of_this_program())
    with database.reading() as connection:
        return [*shipped_, *(one for one in definitions.kept(connection) if one not in shipped_)]


def _named(pathways: Iterable[Pathway]) -> Named:
    return {ref_of(pathway): pathway for pathway in pathways}


@cache
def _of_this_program() -> Named:
    return _named(all_pathways())


def ref_of(pathway: Pathway) -> PathwayRef:
    """The version by which an enrolment names a pathway."""
    return PathwayRef(pathway.id, pathway.version, fingerprint(pathway))


@lru_cache(maxsize=256)
def _text(pathway: Pathway) -> str:
    """As many as there are fingerprints kept: one for each version, whatever databases keep it."""
    return to_json(pathway)
