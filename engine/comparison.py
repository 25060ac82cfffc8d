"""One patient under other settings: what the answer would be, and how it would differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.difference import Difference, difference
from engine.event import Moment, Story
from engine.replay import Enrolment, replay_patient
from engine.snapshot import PatientSnapshot


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
        """Changes of states, steps, due items and deviations."""
        return difference(self.before, self.after)

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
    enrolments: Sequence[Enrolment],
    story: Story,
    as_of: date,
    known_at: Moment,
    overrides: Mapping[str, object],
) -> Comparison:
    """Both answers for one day. Raises SettingError for a setting that does not exist or a value it does not
    take, and ValueError without an enrolment.
    """
    others = [replace(one, settings=one.settings.replace(overrides)) for one in enrolments]
    sides = (
        replay_patient(side, story, as_of, known_at, companion_trails=False) for side in (enrolments, others)
    )
    return Comparison(*sides)


def _chosen(snapshot: PatientSnapshot) -> str:
    return str(snapshot.settings["definition_profile"])


def _classified(snapshot: PatientSnapshot) -> str:
    return snapshot.main.profiles.get(_chosen(snapshot), "")
