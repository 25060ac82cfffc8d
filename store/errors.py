"""What can go wrong at the store, each as an exception of its own; the message never holds patient data.

The docstring is the default message. The caller knows which patient was asked for and adds the reference
itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.fault import Fault


class StoreError(Exception):
    """The store could not do what was asked."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


class CannotOpen(StoreError):
    """The database cannot be opened."""


class NoDatabase(CannotOpen):
    """There is no database yet, or an empty one."""


class CannotWrite(StoreError):
    """The database cannot be written to; this was not recorded."""


class NoRoom(CannotWrite):
    """There is no room left for the database: the disk is full; this was not recorded."""


class Busy(StoreError):
    """Another program has kept the database locked for too long; this was not recorded, try again."""


class Crossed(Busy):
    """Two writers have stood in each other's way, and this one gave way; it was not recorded, try again."""


class WorkerLost(StoreError):
    """A process that worked for this one has died; what was not answered for was not recorded."""


class BadSeals(StoreError):
    """This is no file of seals that carepath has exported."""


class UnknownPatient(StoreError):
    """There is no patient with this reference."""


class KnownPatient(StoreError):
    """There is a patient with this reference already; nothing was recorded."""


class MergedAway(StoreError):
    """This record was merged into another one: look and record there."""

    def __init__(self, patient_id: int) -> None:
        super().__init__(f"this record was merged into that of patient {patient_id}: look and record there")
        self.patient_id = patient_id

    def __reduce__(self) -> tuple[type[MergedAway], tuple[int]]:
        return type(self), (self.patient_id,)


class NotKnownYet(StoreError):
    """Nothing was recorded about this patient by then."""


class UnknownPathway(StoreError):
    """The patient is enrolled in a pathway version that this installation does not have."""


class Clash(StoreError):
    """Something that there can be only one of is recorded already."""


class CannotDerive(StoreError):
    """The engine failed on this story; nothing was recorded. `cause` is the kind of error it raised."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"the engine failed on this story ({cause}); nothing was recorded")
        self.cause = cause

    def __reduce__(self) -> tuple[type[CannotDerive], tuple[str]]:
        """Pickled as it was made: errors come from other processes too."""
        return type(self), (self.cause,)


class OtherContent(StoreError):
    """Something is recorded under this name already, with other content; use a correction to change it."""


def taken_name() -> OtherContent:
    """Two patients cannot have an entry of the same name at its source."""
    return OtherContent("the name its source gave an entry is recorded for another patient")


class Refused(StoreError):
    """What was said does not fit the vocabulary or the story.

    `faults` hold every reason in full, for the person who said it; the message only names the places.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        places = ", ".join(" ".join(filter(None, (fault.event, fault.field))) or "entry" for fault in faults)
        super().__init__(f"what was said does not fit ({places})")
        self.faults = tuple(faults)

    def __reduce__(self) -> tuple[type[Refused], tuple[Any, ...]]:
        return type(self), (self.faults,)


class Overtaken(StoreError):
    """Somebody recorded something about this patient meanwhile.

    `meanwhile` tells what: which entry, by whom, when.
    """

    def __init__(self, meanwhile: Sequence[str]) -> None:
        told = "; ".join(meanwhile) or "another entry"
        super().__init__(f"somebody recorded about this patient meanwhile, nothing was recorded: {told}")
        self.meanwhile = tuple(meanwhile)

    def __reduce__(self) -> tuple[type[Overtaken], tuple[tuple[str, ...]]]:
        return type(self), (self.meanwhile,)
