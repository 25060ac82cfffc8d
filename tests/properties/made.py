"""Generated pathways: every kind of declaration, over generated expressions, without a problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from hypothesis import strategies as st

from pathways.checks.declared import FORCES, KINDS, SEVERITIES, STATUSES
from pathways.checks.sites import ELEMENT_TYPES, Element
from pathways.declare import guard as declared_guard
from pathways.declare import profile as declared_profile
from pathways.graph import Node, node, walk
from pathways.language import Bool
from pathways.operators import OPERATORS
from pathways.pathway import (
    Clause,
    DataQuestion,
    DeviationRule,
    Display,
    Enrols,
    Guard,
    Offer,
    Pathway,
    Profile,
    Rule,
    State,
    Step,
    Timer,
    Transition,
)
from pathways.vocabulary import load_vocabulary
from tests.pathways.graphs import READ_TYPES, Author, holding

STATEMENT: Final = "abc7-contralateral-axilla-regional"
STATES: Final = ("first", "second", "third", "last")
_TRUE: Final = node("constant", "bool", value=True)
_SPANS: Final = st.sampled_from([(0, 5), (30, 60), (80, 90), (400, 500)])
_MOVING: Final = ("death", "imaging_done", "mdt_started", "response_assessed", "systemic_started")


@dataclass(frozen=True)
class Maker:
    """Draws the declarations of a pathway; `author` draws their expressions."""

    draw: st.DrawFn
    author: Author

    def one(self, values: Sequence[str]) -> str:
        return self.draw(st.sampled_from(values))

    def some(self, values: Sequence[str], least: int = 0) -> tuple[str, ...]:
        return tuple(self.draw(st.lists(st.sampled_from(values), min_size=least, max_size=3, unique=True)))

    def often(self) -> bool:
        return self.draw(st.sampled_from([True, True, False]))

    def of(self, type: str) -> Node:
        return self.author.of(type)

    def maybe(self, type: str) -> Node | None:
        return self.of(type) if self.often() else None

    def over(self, each: Node | None) -> Maker:
        """For what is declared once for each element of a list."""
        return (
            self if each is None else replace(self, author=replace(self.author, scope={0: Element(each, {})}))
        )

    # ---- guards, steps, profiles ----

    def guards(self) -> tuple[Guard, ...]:
        return tuple(self._guard(f"g-{n}") for n in range(self.draw(st.integers(1, 3))))

    def _guard(self, id: str) -> Guard:
        clauses = [self._clause(f"clause {n}") for n in range(self.draw(st.integers(1, 3)))]
        lifts = {
            name: Bool(self.of("bool")) for name in self.some(("not_applicable", "replaced", "overruled"))
        }
        return declared_guard(id, id, self.one(FORCES), clauses, statements=[STATEMENT], **lifts)

    def _clause(self, text: str) -> Clause:
        return Clause(text, self.of("bool"), (STATEMENT,), self.one(("", "", "hard", "soft", "info")))

    def profile(self) -> Profile:
        criteria = [self._clause(f"criterion {n}") for n in range(self.draw(st.integers(1, 2)))]
        return declared_profile("profile", "profile", criteria, STATEMENT)

    def steps(self, guards: Sequence[Guard]) -> tuple[Step, ...]:
        ids = [guard.id for guard in guards]
        answer = Step("answer", "answer", (Offer(),), (), (STATEMENT,), on_question=True)
        return (*(self._step(f"step-{n}", ids) for n in range(2)), answer)

    def _step(self, id: str, guards: Sequence[str]) -> Step:
        asked = self.some(guards, least=1)
        offers = (Offer((), self.maybe("bool")), Offer(self.some(STATES), self.maybe("bool")))
        lifted = tuple((state, self.one(asked)) for state in self.some(STATES))
        return Step(
            id, id, offers[: self.draw(st.integers(1, 2))], asked, (STATEMENT,), (), lifted, self.some(STATES)
        )

    # ---- duties and departures ----

    def day(self) -> Node:
        """Any day, more often one some time after an event that many stories have."""
        if not self.often():
            return self.of("date")
        anchor = node("latest", "event", (node("events", "events", types=(self.one(_MOVING[1:]),)),))
        days = node("constant", "number", value=self.draw(st.sampled_from([-40, 0, 10, 60, 400])))
        return node("add_days", "date", (node("day", "date", (anchor,)), days))

    def holds(self) -> Node:
        """Any condition, sometimes one that is sure."""
        return _TRUE if self.often() else self.of("bool")

    def each(self) -> Node | None:
        return None if self.often() else self.of(self.one(sorted(ELEMENT_TYPES)))

    def timer(self, id: str) -> Timer:
        each = self.each()
        of = self.over(each)
        anchor = tuple(of.of(type) for type in self.some(("event", "events")))
        return Timer(
            id, id, of.day(), of.day(), (STATEMENT,), of.holds(), each, of.grace(), of.done(),
            None if self.often() else of.day(), None if self.often() else of.day(), anchor,
            listed=self.often(),
        )  # fmt: skip

    def plain_timer(self, id: str) -> Timer:
        """One that most patients have: due some days after an event, done by another."""
        anchor = node("first", "event", (node("events", "events", types=(self.one(_MOVING[1:]),)),))
        then = node("day", "date", (anchor,))
        opens, due = (node("constant", "number", value=value) for value in self.draw(_SPANS))
        days = [node("add_days", "date", (then, number)) for number in (opens, due)]
        grace = node("setting", "number", name="grace_days")
        done = self.draw(st.sampled_from([None, self.done()]))
        return Timer(id, id, days[0], days[1], (STATEMENT,), grace=grace, done=done, anchor=(anchor,))

    def grace(self) -> Node | None:
        """Most have none or a setting; of some the days are worked out."""
        settled = node("setting", "number", name="grace_days")
        return self.draw(st.sampled_from([None, settled, self.of("number")]))

    def done(self) -> Node | None:
        if self.often():
            return self.maybe("event")
        return node("latest", "event", (node("events", "events", types=(self.one(_MOVING[1:]),)),))

    def deviation(self, code: str) -> DeviationRule:
        each = self.each()
        of = self.over(each)
        statuses = tuple((status, of.holds()) for status in self.some(STATUSES))
        events = tuple(of.of(type) for type in self.some(("event", "events")))
        severity, otherwise = self.one(SEVERITIES), self.one(STATUSES)
        return DeviationRule(
            code,
            code,
            severity,
            (STATEMENT,),
            each,
            of.of("bool"),
            statuses,
            otherwise,
            events,
            why="for this",
        )

    def duty(self, code: str, timers: Sequence[str]) -> DeviationRule:
        return DeviationRule(
            code, code, self.one(SEVERITIES), (STATEMENT,), timers=self.some(timers, least=1)
        )

    def display(self, id: str, steps: Sequence[str]) -> Display:
        return Display(
            id, id, self.one(KINDS), (STATEMENT,), self.some(steps), self.maybe("bool"), self.maybe("bool"),
            self.often(), self.maybe(self.one(READ_TYPES)), "units",
        )  # fmt: skip

    # ---- states ----

    def timeless(self) -> Node:
        """A condition that no day changes by itself: it does not read today."""
        made = self.of("bool")
        return self.author.leaf("bool") if _reads_today(made) else made

    def rules_and_ticks(self) -> tuple[tuple[Rule, ...], tuple[Node, ...]]:
        """A state by what happened, one by a day that has come, and the days on which that may be."""
        day = self.author.by("day", "date")
        if _reads_today(day):
            day = node("day", "date", (self.author.leaf("event"),))
        come = node("at_least", "bool", (node("today", "date"), day))
        whens = [self.timeless(), come, self.timeless()]
        rules = [
            Rule(state, when) for state, when in zip(STATES[1:], whens, strict=True) if when is not _TRUE
        ]
        return (*rules, Rule(STATES[0], _TRUE)), (day,)


def _reads_today(one: Node) -> bool:
    return any(below.op == "today" for below in walk(one))


def _states(rules: Sequence[Rule], last: str) -> tuple[State, ...]:
    given = {rule.state for rule in rules}
    return tuple(State(id, id, final=id == last, closed=id == last) for id in STATES if id in given)


def _transitions(maker: Maker, states: Sequence[State], guards: Sequence[Guard]) -> tuple[Transition, ...]:
    """From every state that is not final to every other, each on an event of its own."""
    ids = [guard.id for guard in guards]
    return tuple(
        Transition(source.id, event, target.id, maker.some(ids), order=order, statements=(STATEMENT,))
        for source in states
        for order, (target, event) in enumerate(
            zip(states, maker.draw(st.permutations(_MOVING)), strict=False)
        )
        if source is not target and not source.final
    )


@st.composite
def held_guards(draw: st.DrawFn) -> Guard:
    """A guard that asks by some operators that might else be rare."""
    ops = draw(st.lists(st.sampled_from(tuple(OPERATORS)), min_size=6, max_size=6, unique=True))
    clauses = [Clause(op, draw(holding(op)), (STATEMENT,)) for op in ops]
    return declared_guard("g-held", "g-held", "hard", clauses)


@st.composite
def pathways(draw: st.DrawFn, depth: int = 3) -> Pathway:
    """Any pathway at all."""
    maker = Maker(draw, Author(draw, depth))
    guards = (*maker.guards(), draw(held_guards()))
    rules, ticks = maker.rules_and_ticks()
    states = _states(rules, draw(st.sampled_from(["last", "none"])))
    known = [state.id for state in states]
    steps = tuple(_in_states(step, known) for step in maker.steps(guards))
    timers = [maker.timer("t-0"), maker.plain_timer("t-1")]
    ids = [step.id for step in steps]
    return Pathway(
        id="made",
        key="made",
        version="1.0.0",
        title="Made",
        states=states,
        rules=rules,
        transitions=_transitions(maker, states, guards),
        steps=steps,
        guards=guards,
        timers=tuple(timers),
        deviations=(maker.deviation("d-0"), maker.deviation("d-1"), maker.duty("d-2", ["t-0", "t-1"])),
        displays=(maker.display("shown-0", ids), maker.display("shown-1", ids)),
        facts=tuple(
            (f"fact {type}", maker.of(type)) for type in maker.some((*READ_TYPES, "rows", "set", "dates"))
        ),
        profiles=(maker.profile(),),
        open_questions=(("question", maker.of("bool")),),
        ticks=ticks,
        left=None if maker.often() else maker.day(),
        returned=None if maker.often() else maker.day(),
        question=DataQuestion("q-missing", "missing", maker.of("events"), maker.one(ids[:2])),
        enrols=() if maker.often() else (Enrols("way in", maker.timeless()),),
        settings=tuple(load_vocabulary().settings),
    )


def _in_states(step: Step, known: Sequence[str]) -> Step:
    """A state that no rule gives is none."""
    return replace(
        step,
        offers=tuple(Offer(tuple(s for s in o.states if s in known), o.when) for o in step.offers),
        lifted=tuple((state, guard) for state, guard in step.lifted if state in known),
        blocked_in=tuple(state for state in step.blocked_in if state in known),
    )
