"""`carepath pathway coverage --patients`: what the worked patients show of every pathway, and what not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cli.answers import enrolments, read_all
from cli.days import plural
from cli.output import complain, print_json
from cli.status import Status
from engine.profiles import profiles_side_by_side
from engine.reached import reached
from engine.replay import evidence_shown, replay_patient
from interop.case import Case, Checkpoint, Refusal
from interop.said import says
from pathways.library import all_pathways, main_pathway
from pathways.library.never import reasons
from pathways.outcomes import Outcome, numbered_clauses, outcomes
from pathways.pathway import Pathway
from pathways.settings import Settings
from pathways.worked import worked_files

KINDS: Final = ("state", "step", "guard", "profile", "clause", "timer", "deviation", "display")

_HEADS: Final = ("States", "Steps", "Guards", "Profiles", "Clauses", "Timers", "Deviations", "Displays")


@dataclass(frozen=True, slots=True)
class Covered:
    """One pathway with its outcomes: who shows each, and why some cannot be."""

    pathway: Pathway
    patients: int
    shown_by: Mapping[Outcome, Sequence[str]]
    never: Mapping[Outcome, str]

    def wanted(self, kind: str = "") -> list[Outcome]:
        """What worked patients have to show."""
        return [o for o in outcomes(self.pathway) if o not in self.never and kind in ("", o.kind)]

    def missing(self) -> list[Outcome]:
        return [outcome for outcome in self.wanted() if outcome not in self.shown_by]


def covered(pathway: Pathway) -> Covered:
    """What the worked patients of a pathway show of it; a case that is refused is told and shows nothing."""
    shown: dict[Outcome, dict[str, None]] = {}
    patients = 0
    for case in read_all(worked_files(pathway)):
        if isinstance(case, Refusal):
            complain(case.error)
            continue
        patients += 1
        for outcome in (o for one in case.checkpoints for o in _shown(pathway, case, one)):
            shown.setdefault(outcome, {})[case.id] = None
    never = {outcome: why for outcome, why in reasons().items() if outcome.pathway == pathway.key}
    return Covered(pathway, patients, {outcome: tuple(ids) for outcome, ids in shown.items()}, never)


def _shown(pathway: Pathway, case: Case, checkpoint: Checkpoint) -> Iterator[Outcome]:
    """The outcomes that the answer has and the checkpoint says."""
    asked = enrolments(Settings.from_overrides(checkpoint.settings))
    snapshot = replay_patient(
        asked, case.story, checkpoint.as_of, checkpoint.known_at, companion_trails=False
    )
    part = next(one for one in snapshot.pathways if one.key == pathway.key)
    question = (asked, case.story, checkpoint.as_of, checkpoint.known_at)
    profiles = profiles_side_by_side(*question) if pathway.profiles else ()
    found = reached(pathway, part, evidence_shown(*question, only=pathway.key)[pathway.key], profiles)
    expected = checkpoint.expected or {}
    return (outcome for outcome in found if says(expected, outcome, main_pathway()))


def show_patients(only_missing: bool, json: bool) -> Status:
    """Print it; exit status 1 if something is shown by no patient."""
    found = [covered(pathway) for pathway in all_pathways()]
    if json:
        for row in (row for one in found for row in _rows(one)):
            if not only_missing or not (row["patients"] or row["never"]):
                print_json(row)
    else:
        _print(found, only_missing)
    return Status.FOUND if any(one.missing() for one in found) else Status.OK


def _rows(one: Covered) -> Iterator[dict[str, object]]:
    for outcome in outcomes(one.pathway):
        told = {"patients": list(one.shown_by.get(outcome, ())), "never": one.never.get(outcome)}
        yield {**outcome._asdict(), **told}


def _print(found: Sequence[Covered], only_missing: bool) -> None:
    from cli.console import console, table

    made = table("Pathway", *_HEADS)
    for one in found:
        missing = one.missing()
        cells = (_cell(one.wanted(kind), [o for o in missing if o.kind == kind]) for kind in KINDS)
        made.add_row(one.pathway.id, *cells)
    if not only_missing:
        console().print(made)
        _print_never(found)
    _print_missing(found)


def _cell(wanted: Sequence[Outcome], missing: Sequence[Outcome]) -> str:
    """How many are shown, of how many where not all are."""
    if not wanted:
        return "-"
    return f"{len(wanted) - len(missing)} of {len(wanted)}" if missing else str(len(wanted))


def _print_never(found: Sequence[Covered]) -> None:
    by_reason: dict[str, list[str]] = {}
    for one in found:
        for outcome, why in one.never.items():
            by_reason.setdefault(why, []).append(_named(one.pathway, outcome))
    print("\nWhat cannot be, and why:")
    for why, names in by_reason.items():
        print(f"  {why}")
        for name in names:
            print(f"    {name}")


def _print_missing(found: Sequence[Covered]) -> None:
    missing = [(one.pathway, outcome) for one in found for outcome in one.missing()]
    if missing:
        print("\nShown by no worked patient:")
    for pathway, outcome in missing:
        print(f"  {_named(pathway, outcome)}")
    total = sum(len(one.wanted()) for one in found)
    patients = plural(sum(one.patients for one in found), "worked patient")
    print(f"\n{total - len(missing)} of {total} outcomes shown by {patients}")


def _named(pathway: Pathway, outcome: Outcome) -> str:
    told = f"{pathway.key}: {outcome.kind} {outcome.id}"
    if outcome.kind == "clause":
        told += f" ({_texts(pathway)[outcome.id]})"
    return told if outcome.kind == "state" else f"{told}: {outcome.result.replace('_', ' ')}"


def _texts(pathway: Pathway) -> dict[str, str]:
    held = [(guard.id, guard.clauses) for guard in pathway.guards]
    held += [(profile.id, profile.criteria) for profile in pathway.profiles]
    return {name: clause.text for id, clauses in held for name, clause in numbered_clauses(id, clauses)}
