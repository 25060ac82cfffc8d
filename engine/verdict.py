"""Verdicts: every guard with every clause, every offered step with what holds it back (architecture section
2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from engine.evaluate import Program, View
from engine.explain import Explainer
from engine.snapshot import ClauseVerdict, GuardVerdict, StepVerdict
from pathways.pathway import Clause, Guard, Pathway, Step

_RESULT: Final = {True: "pass", None: "unknown"}
_LIFTED: Final = frozenset({"not_applicable", "replaced"})


def guard_verdict(program: Program, explainer: Explainer, view: View, guard: Guard) -> GuardVerdict:
    """The guard's result with all its clauses; a guard that is lifted shows none."""
    result = program[guard.outcome](view)
    if result in _LIFTED:
        return GuardVerdict(guard.id, guard.title, result, guard.force, (), guard.statements)
    clauses = tuple(clause_verdict(program, explainer, view, c) for c in guard.clauses)
    return GuardVerdict(
        guard.id, guard.title, result, _force(program, view, guard), clauses, guard.statements
    )


def _force(program: Program, view: View, guard: Guard) -> str:
    """A guard with soft clauses is soft where only these do not pass (outline 11.4, g-site-method)."""
    soft = {c.force for c in guard.clauses} & {"soft"}
    held = program[guard.outcome](view) in ("fail", "unknown")
    if guard.force == "hard" and soft and held and passes(program[guard.hard](view)):
        return "soft"
    return guard.force


def passes(outcome: str) -> bool:
    return outcome not in ("fail", "unknown")


def clause_verdict(program: Program, explainer: Explainer, view: View, clause: Clause) -> ClauseVerdict:
    value = program[clause.test](view)
    missing = explainer.missing(view, clause.test) if value is None else ()
    return ClauseVerdict(
        clause.text,
        _RESULT.get(value, "fail"),
        explainer.because(view, clause.test),
        missing,
        clause.statements,
    )


def missing_of(verdict: GuardVerdict) -> tuple[str, ...]:
    """The data that would decide a guard whose result is unknown."""
    if verdict.result != "unknown":
        return ()
    return tuple(dict.fromkeys(name for clause in verdict.clauses for name in clause.missing))


class Standing(NamedTuple):
    """Where a patient stands on a pathway: the verdicts, and the steps offered while there are duties."""

    pathway: Pathway
    state: str
    guards: Mapping[str, GuardVerdict]
    closed: bool
    offered: Sequence[Step]


def standing(
    program: Program, view: View, pathway: Pathway, state: str, guards: Mapping[str, GuardVerdict]
) -> Standing:
    if closed(program, view, pathway, state):
        return Standing(pathway, state, guards, True, ())
    return Standing(pathway, state, guards, False, offered_steps(program, view, pathway, state))


def closed(program: Program, view: View, pathway: Pathway, state: str) -> bool:
    """The state has no duties any more, or the patient has left by death, withdrawal or transfer."""
    left = pathway.left is not None and isinstance(program[pathway.left](view), date)
    return left or any(s.closed for s in pathway.states if s.id == state)


def offered_steps(program: Program, view: View, pathway: Pathway, state: str) -> list[Step]:
    """The steps that can be taken up in this state, held back or not; not those that answer a question."""
    return [s for s in pathway.steps if not s.on_question and _offered(program, view, s, state)]


def _offered(program: Program, view: View, step: Step, state: str) -> bool:
    here = [offer.when for offer in step.offers if not offer.states or state in offer.states]
    return any(when is None or program[when](view) is True for when in here)


def open_guards(here: Standing) -> list[GuardVerdict]:
    """Unknown guards of offered steps that count: hard, soft or preference, never info (outline R33)."""
    asked = dict.fromkeys(g for step in here.offered for g in asked_guards(step, here.state))
    verdicts = [here.guards[g] for g in asked]
    return [v for v in verdicts if v.result == "unknown" and v.force != "info"]


def asked_guards(step: Step, state: str) -> tuple[str, ...]:
    lifted = [guard for where, guard in step.lifted if where == state]
    return tuple(g for g in step.guards if g not in lifted) if lifted else step.guards


def holding(program: Program, view: View, pathway: Pathway, step: Step, state: str) -> Iterator[Guard]:
    """The hard guards that hold a step back, as the step names them."""
    declared = {g.id: g for g in pathway.guards}
    asked = (declared[id] for id in asked_guards(step, state))
    return (g for g in asked if g.force == "hard" and not passes(program[g.hard](view)))


def step_verdicts(
    program: Program, view: View, here: Standing, questions: Sequence[GuardVerdict]
) -> tuple[StepVerdict, ...]:
    """Every step offered; `questions` are the unknown guards of all offered steps of all pathways.

    Once the patient has left, every step is blocked (outline 11.8).
    """
    steps = here.pathway.steps
    if here.closed:
        return tuple(StepVerdict(s.id, s.title, False, (), (), s.statements) for s in steps)
    answers = [_step_verdict(program, view, here, s) for s in here.offered]
    answers += [_question_step(s, questions) for s in steps if s.on_question and questions]
    return tuple(answers)


def _step_verdict(program: Program, view: View, here: Standing, step: Step) -> StepVerdict:
    state, guards = here.state, here.guards
    asked = asked_guards(step, state)
    held = tuple(g.id for g in holding(program, view, here.pathway, step, state))
    missing = dict.fromkeys(name for g in held for name in missing_of(guards[g]))
    statements = dict.fromkeys((*step.statements, *(s for g in asked for s in guards[g].statements)))
    allowed = not held and state not in step.blocked_in
    return StepVerdict(step.id, step.title, allowed, held, tuple(missing), tuple(statements))


def _question_step(step: Step, unknown: Sequence[GuardVerdict]) -> StepVerdict:
    missing = dict.fromkeys(name for verdict in unknown for name in missing_of(verdict))
    statements = dict.fromkeys(s for verdict in unknown for s in verdict.statements)
    return StepVerdict(step.id, step.title, True, (), tuple(missing), tuple(statements) or step.statements)
