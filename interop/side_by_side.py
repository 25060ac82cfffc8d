"""The definitions of one patient side by side, with the imaging they rest on and where the sources differ."""

from __future__ import annotations

from dataclasses import dataclass

from engine.event import Event
from engine.history import Ledger
from engine.profiles import ProfileVerdict, concerns, profiles_side_by_side
from pathways.vocabulary import load_vocabulary
from store.patient_view import PatientView


@dataclass(frozen=True, slots=True)
class SideBySide:
    """`verdicts` are those that concern the patient; `imagings` are what the definitions rest on, corrections
    worked in.
    """

    view: PatientView
    verdicts: tuple[ProfileVerdict, ...]
    imagings: tuple[Event, ...]

    @classmethod
    def of(cls, view: PatientView) -> SideBySide:
        story, snapshot = view.dossier.story, view.snapshot
        found = profiles_side_by_side(view.enrolled, story, snapshot.as_of, snapshot.known_at)
        verdicts = tuple(one for one in found if concerns(one.profile, snapshot.main))
        known = Ledger(story, snapshot.known_at).now
        looked_at = dict.fromkeys(
            id
            for one in verdicts
            if is_definition(one.profile)
            for criterion in one.criteria
            for id in criterion.verdict.because
        )
        events = (known.by_id[id] for id in looked_at)
        return cls(view, verdicts, tuple(event for event in events if event.type == "imaging_done"))

    @property
    def definitions(self) -> tuple[ProfileVerdict, ...]:
        return tuple(one for one in self.verdicts if is_definition(one.profile))

    @property
    def selections(self) -> tuple[ProfileVerdict, ...]:
        """Who is selected for a treatment: more than a definition asks."""
        return tuple(one for one in self.verdicts if not is_definition(one.profile))

    @property
    def chosen(self) -> str:
        """The profile that the guards use."""
        return str(self.view.snapshot.settings["definition_profile"])

    @property
    def conflicts(self) -> tuple[str, ...]:
        """Where the sources differ on a criterion that is not met or not known."""
        touched = {
            criterion.conflict
            for one in self.verdicts
            for criterion in one.criteria
            if criterion.conflict and criterion.verdict.result != "pass"
        }
        return tuple(sorted(touched))


def is_definition(profile: str) -> bool:
    """Whether it defines oligometastatic disease; who is selected for a treatment is another matter."""
    return profile in load_vocabulary().settings["definition_profile"].choices
