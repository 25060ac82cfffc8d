"""Guards with every clause, and the steps that are offered with what holds them back (R22, R33, 11.8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.naive.meaning import value
from engine.naive.sight import Sight
from engine.naive.why import because, missing
from engine.snapshot import ClauseVerdict, GuardVerdict, StepVerdict
from pathways.pathway import Clause, Guard, Pathway, Step

HOLDS_BACK = ("fail", "unknown")


def guard_verdict(guard: Guard, sight: Sight) -> GuardVerdict:
    """A guard that does not concern the patient or is replaced shows no clauses."""
    result = value(guard.outcome, sight)
    lifted = result in ("not_applicable", "replaced")
    clauses = () if lifted else tuple(clause_verdict(clause, sight) for clause in guard.clauses)
    force = _force(guard, str(result), sight)
    return GuardVerdict(guard.id, guard.title, str(result), force, clauses, guard.statements)


def _force(guard: Guard, result: str, sight: Sight) -> str:
    """A hard guard is soft where only its soft clauses do not pass (g-site-method)."""
    softened = guard.force == "hard" and any(clause.force == "soft" for clause in guard.clauses)
    if softened and result in HOLDS_BACK and value(guard.hard, sight) not in HOLDS_BACK:
        return "soft"
    return guard.force


def clause_verdict(clause: Clause, sight: Sight) -> ClauseVerdict:
    holds = value(clause.test, sight)
    result = "unknown" if holds is None else "pass" if holds is True else "fail"
    lacking = missing(clause.test, sight) if holds is None else ()
    return ClauseVerdict(clause.text, result, because(clause.test, sight), lacking, clause.statements)


def lacking(guard: GuardVerdict) -> tuple[str, ...]:
    """The data that would decide a guard whose result is unknown."""
    if guard.result != "unknown":
        return ()
    return tuple(dict.fromkeys(name for clause in guard.clauses for name in clause.missing))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a patient stands on a pathway, with the verdict of each of its guards."""

    pathway: Pathway
    sight: Sight
    state: str
    guards: Mapping[str, GuardVerdict]

    @property
    def closed(self) -> bool:
        """The state has no duties any more, or the patient has left."""
        left = self.pathway.left is not None and isinstance(value(self.pathway.left, self.sight), date)
        return left or any(one.closed for one in self.pathway.states if one.id == self.state)

    def offered(self) -> list[Step]:
        """The steps that can be taken up here; those that answer a question are offered by the question."""
        steps = [] if self.closed else self.pathway.steps
        return [step for step in steps if not step.on_question and self._offers(step)]

    def _offers(self, step: Step) -> bool:
        return any(
            (not offer.states or self.state in offer.states)
            and (offer.when is None or value(offer.when, self.sight) is True)
            for offer in step.offers
        )

    def open_guards(self) -> Iterator[GuardVerdict]:
        """Unknown guards of offered steps, each once; what is only shown raises no question."""
        asked = dict.fromkeys(id for step in self.offered() for id in asked_guards(step, self.state))
        for verdict in (self.guards[id] for id in asked):
            if verdict.result == "unknown" and verdict.force != "info":
                yield verdict

    def steps(self, questions: Sequence[GuardVerdict]) -> tuple[StepVerdict, ...]:
        """Every step offered; all of them, blocked, once the patient has left."""
        if self.closed:
            steps = self.pathway.steps
            return tuple(StepVerdict(s.id, s.title, False, (), (), s.statements) for s in steps)
        answering = [step for step in self.pathway.steps if step.on_question and questions]
        return (
            *(self._verdict(step) for step in self.offered()),
            *(_answering(step, questions) for step in answering),
        )

    def _verdict(self, step: Step) -> StepVerdict:
        asked = asked_guards(step, self.state)
        hard = {guard.id: guard.hard for guard in self.pathway.guards if guard.force == "hard"}
        held = tuple(id for id in asked if id in hard and value(hard[id], self.sight) in HOLDS_BACK)
        return StepVerdict(
            step.id,
            step.title,
            not held and self.state not in step.blocked_in,
            held,
            tuple(dict.fromkeys(name for id in held for name in lacking(self.guards[id]))),
            tuple(
                dict.fromkeys([*step.statements, *(s for id in asked for s in self.guards[id].statements)])
            ),
        )


def asked_guards(step: Step, state: str) -> tuple[str, ...]:
    """The guards of a step, but for those that are lifted in this state."""
    return tuple(id for id in step.guards if (state, id) not in step.lifted)


def _answering(step: Step, questions: Sequence[GuardVerdict]) -> StepVerdict:
    names = dict.fromkeys(name for guard in questions for name in lacking(guard))
    statements = dict.fromkeys(id for guard in questions for id in guard.statements)
    return StepVerdict(step.id, step.title, True, (), tuple(names), tuple(statements) or step.statements)
