"""One patient under other settings: what the answer would be, and how it would differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.difference import Change, Difference, difference
from engine.event import Story
from engine.replay import Enrolment, replay_patient
from engine.snapshot import PatientSnapshot, StepVerdict


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """A profile's result on both sides."""

    profile: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`before` under the patient's own settings, `after` under the others."""

    before: PatientSnapshot
    after: PatientSnapshot

    @property
    def difference(self) -> Difference:
        """Changes of states, of what may be done, of due items and deviations.

        A step that may not be taken on either side is no change, whatever holds it.
        """
        found = difference(self.before, self.after)
        return replace(found, steps=tuple(change for change in found.steps if _allowed_once(change)))

    @property
    def profiles(self) -> tuple[ProfileChange, ...]:
        """Profiles whose own result is another."""
        results = self.after.main.profiles
        both = ((name, old, results[name]) for name, old in self.before.main.profiles.items())
        return tuple(ProfileChange(*one) for one in both if one[1] != one[2])

    @property
    def side(self) -> ProfileChange | None:
        """The classification under the chosen profile, where it is another one now: met, not met or open."""
        old, new = _classified(self.before), _classified(self.after)
        return None if old == new or not new else ProfileChange(_chosen(self.after), old, new)

    def __bool__(self) -> bool:
        return bool(self.side or self.profiles or self.difference)


def compare(
    before: PatientSnapshot, enrolments: Sequence[Enrolment], story: Story, overrides: Mapping[str, object]
) -> Comparison:
    """A snapshot beside the one that other settings would give for the same day and knowledge.

    Raises SettingError for a setting that does not exist or a value it does not take.
    """
    others = [replace(one, settings=one.settings.replace(overrides)) for one in enrolments]
    after = replay_patient(others, story, before.as_of, before.known_at, companion_trails=False)
    return Comparison(before, after)


def _allowed_once(change: Change[StepVerdict]) -> bool:
    sides = [side is not None and side.allowed for side in (change.before, change.after)]
    return sides[0] != sides[1]


def _chosen(snapshot: PatientSnapshot) -> str:
    return str(snapshot.settings["definition_profile"])


def _classified(snapshot: PatientSnapshot) -> str:
    return snapshot.main.profiles.get(_chosen(snapshot), "")
