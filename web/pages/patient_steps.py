"""The next steps of a patient, each with its conditions, ready to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.decision import Decision, decisions
from engine.snapshot import ClauseVerdict, GuardVerdict
from interop.clause_words import besides
from interop.event_words import datum_words, path_words
from interop.statement_words import statements
from pathways.guidelines.statements import Statement
from pathways.remedies import who_knows, who_knows_fact
from pathways.titles import pathway_title
from web.pages.patient_words import Looked, looked_at
from web.shown.patient_seen import Seen

OPEN = ("fail", "unknown")


@dataclass(frozen=True, slots=True)
class Missing:
    """A datum that nobody recorded, and who can supply it; `entry` is the one it belongs to, if any."""

    text: str
    who: str
    entry: str
    path: str


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One condition with its result. `aside` says what one does that holds nothing back by itself."""

    result: str
    text: str
    aside: str
    because: tuple[Looked, ...]
    missing: tuple[Missing, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step that is offered. `open` are the conditions that are not met or not known, first those that hold
    the step back; `rest` are the others.
    """

    id: str
    of: str
    title: str
    pathway: str
    verdict: str
    held: tuple[str, ...]
    open: tuple[ClauseRow, ...]
    rest: tuple[ClauseRow, ...]
    own: tuple[Statement, ...]

    @property
    def conditions(self) -> int:
        return len(self.open) + len(self.rest)

    @property
    def passing(self) -> int:
        return sum(one.result == "pass" for one in (*self.open, *self.rest))


def steps(seen: Seen) -> list[StepRow]:
    """The steps offered now on every pathway, those of the main one first; not those the state closes."""
    return [_row(seen, found) for found in _offered(seen) if found.verdict == "allowed" or found.held]


def closed_by_state(seen: Seen) -> list[str]:
    """The titles of those that the state alone closes."""
    return [one.title for one in _offered(seen) if one.verdict != "allowed" and not one.held]


def _offered(seen: Seen) -> Iterator[Decision]:
    view, shown = seen.view, seen.beside.shown
    for enrolment, part in zip(view.enrolled, view.snapshot.pathways, strict=True):
        for step in part.steps:
            yield next(decisions([enrolment], [part], shown, step.step))


def _row(seen: Seen, found: Decision) -> StepRow:
    rows = [row for guard in sorted(found.guards, key=_weight) for row in _clauses(seen, found, guard)]
    main = seen.view.snapshot.main.key
    titles = {guard.guard: guard.title for guard in found.guards}
    return StepRow(
        id=found.name,
        of=found.pathway,
        title=found.title,
        pathway="" if found.pathway == main else pathway_title(found.pathway),
        verdict=found.verdict or "",
        held=tuple(titles.get(one, one) for one in found.held),
        open=tuple(one for one in rows if one.result in OPEN),
        rest=tuple(one for one in rows if one.result not in OPEN),
        own=tuple(statements(found.own)),
    )


def _weight(guard: GuardVerdict) -> tuple[int, int]:
    """What blocks comes first, what is lifted last."""
    results = (*OPEN, "pass")
    rank = results.index(guard.result) if guard.result in results else len(results)
    return (0 if rank < len(OPEN) and guard.force == "hard" else 1, rank)


def _clauses(seen: Seen, found: Decision, guard: GuardVerdict) -> Iterator[ClauseRow]:
    aside = {"soft": "only warns", "preference": "only remarks", "info": "for information"}
    clauses: Sequence[ClauseVerdict] = guard.clauses
    if not clauses:  # one that is lifted has none
        yield ClauseRow(guard.result, guard.title, "", (), (), tuple(statements(guard.statements)))
    for one in sorted(clauses, key=lambda one: (*OPEN, "").index(one.result if one.result in OPEN else "")):
        yield ClauseRow(
            result=one.result if guard.result in (*OPEN, "pass") else guard.result,
            text=one.text,
            aside=besides(guard.guard, one.text) or aside.get(guard.force, ""),
            because=looked_at(one.because, seen),
            missing=tuple(_missing(seen, one.missing)),
            statements=tuple(sorted(statements(one.statements), key=lambda one: one.grade_system is None)),
        )


def _missing(seen: Seen, names: Sequence[str]) -> Iterator[Missing]:
    for name in names:
        entry, _, path = name.partition(".")
        event = seen.events.get(entry) if path else None
        if event:
            yield Missing(path_words(path), who_knows(event.type), event.id, path)
        else:
            yield Missing(datum_words(name, {}), who_knows_fact(name), "", name)
