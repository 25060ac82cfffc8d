"""What became of a pathway: the differences between two versions of it, in words.

The declarations are compared field by field; `pathways.differences` says of an expression whether it became
stricter or looser, earlier or later, where the graph allows to tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pathways.checks.declarations import held
from pathways.checks.sites import Site
from pathways.differences.change import ADDED, REMOVED, Change
from pathways.differences.order import Order, order
from pathways.differences.pair import STRICTER, Pair, matched_by
from pathways.differences.wording import Names, Spoken
from pathways.graph import Node
from pathways.pathway import (
    Clause,
    DeviationRule,
    Display,
    Guard,
    Pathway,
    Profile,
    Rule,
    State,
    Step,
    Timer,
    Transition,
)
from pathways.text import voice
from pathways.texts.document import named_sites
from pathways.texts.voice import Voice
from pathways.texts.wording import event_noun

__all__ = ["HEADINGS", "KINDS", "Change", "differences"]

Declaration = State | Rule | Transition | Step | Guard | Timer | DeviationRule | Display | Profile

_KINDS: Final = {
    "states": "state",
    "rules": "state rule",
    "transitions": "move",
    "steps": "step",
    "guards": "guard",
    "timers": "timer",
    "deviations": "deviation",
    "displays": "display",
    "profiles": "profile",
}
_VALUES: Final = {"facts": "fact", "open_questions": "open question"}
KINDS: Final = ("pathway", "way in", *_KINDS.values(), *_VALUES.values(), "data question", "term")
"""Every kind of declaration that a difference may be about."""
HEADINGS: Final = {
    "pathway": "The pathway as a whole",
    "way in": "Who is on it",
    "state": "States",
    "state rule": "What a state asks",
    "move": "Moves by the book",
    "step": "Steps",
    "guard": "Guards",
    "timer": "Dates",
    "deviation": "Departures",
    "display": "Shown at decisions",
    "fact": "Facts shown",
    "profile": "Definition profiles",
    "open question": "Open questions of the sources",
    "data question": "Questions about missing data",
    "term": "What a name stands for",
}
"""What each kind of declaration is called above what became of it."""
_LIFTS: Final = ("not applicable if", "replaced if", "overruled if")


def differences(first: Pathway, second: Pathway) -> list[Change]:
    """Every difference, in the order of the declarations; none when the pathways are equal."""
    return [*_Comparison(first, second).changes()]


class _Comparison:
    """Two versions, and the voices that speak of them."""

    def __init__(self, first: Pathway, second: Pathway) -> None:
        self.first, self.second = first, second
        self.voices = voice(None, first), voice(None, second)
        self.names = Names(self.voices[0].guards, self.voices[1].guards)

    def changes(self) -> Iterator[Change]:
        whole = Pair("pathway", self.second.id, self.second.title, self.names, self.voices)
        yield from whole.fields(self.first, self.second, "question", "enrols", *_KINDS, *_VALUES)
        yield from self._values("way in", *map(_ways_in, (self.first, self.second)))
        for name, kind in _KINDS.items():
            yield from self._declarations(kind, getattr(self.first, name), getattr(self.second, name))
        for name, kind in _VALUES.items():
            yield from self._values(kind, getattr(self.first, name), getattr(self.second, name))
        yield from self._question()
        yield from self._terms()

    def _declarations(
        self, kind: str, first: Sequence[Declaration], second: Sequence[Declaration]
    ) -> Iterator[Change]:
        """What is new and gone, what became of the others, and their order."""
        for one, other in matched_by(_name, first, second):
            if one is None or other is None:
                present = one or other
                assert present is not None
                yield self._pair(kind, present, present).change("", ADDED if one is None else REMOVED)
            elif one != other:
                yield from self._became(self._pair(kind, one, other), one, other)
        names = [list(map(_name, declarations)) for declarations in (first, second)]
        yield from Pair(kind, "", "", self.names, self.voices).order("", *names)

    def _pair(self, kind: str, one: Declaration, other: Declaration) -> Pair:
        voices = _about(self.voices[0], one), _about(self.voices[1], other)
        return Pair(kind, _id(other), self._title(other), self.names, voices)

    def _title(self, declaration: Declaration) -> str:
        if isinstance(declaration, Transition):
            return f"on {event_noun([declaration.event], many=False)}"
        if isinstance(declaration, Rule):
            titles = {s.id: s.title for s in (*self.first.states, *self.second.states)}
            return titles.get(declaration.state, "")
        return declaration.title

    def _became(self, pair: Pair, first: Declaration, second: Declaration) -> Iterator[Change]:
        if isinstance(first, Guard) and isinstance(second, Guard):
            found = [*self._guard(pair, first, second)]
            found = found or [*pair.expression("what it asks", first.outcome, second.outcome)]
            yield from found or pair.expression("what is hard of it", first.hard, second.hard)
        elif isinstance(first, Profile) and isinstance(second, Profile):
            found = [*pair.fields(first, second, "criteria", "result")]
            found += self._conditions(pair, "criteria", first.criteria, second.criteria)
            yield from found or pair.expression("what it asks", first.result, second.result)
        else:
            yield from pair.fields(first, second)

    def _guard(self, pair: Pair, first: Guard, second: Guard) -> Iterator[Change]:
        """Its outcome follows from what lifts it and from its clauses, so these are told instead."""
        derived = [guard.statements == _of_clauses(guard) for guard in (first, second)]
        left_out = ("clauses", "outcome", "hard", *(["statements"] if all(derived) else []))
        yield from pair.fields(first, second, *left_out)
        for what, one, other in zip(_LIFTS, first.outcome.args, second.outcome.args, strict=False):
            yield from pair.expression(what, one, other, STRICTER)
        yield from self._conditions(pair, "clauses", first.clauses, second.clauses)

    def _conditions(
        self, pair: Pair, what: str, first: Sequence[Clause], second: Sequence[Clause]
    ) -> Iterator[Change]:
        for clause, became in self._clauses(first, second):
            yield from self._clause(pair, clause, became)
        yield from pair.order(what, *([clause.text for clause in clauses] for clauses in (first, second)))

    def _clauses(
        self, first: Sequence[Clause], second: Sequence[Clause]
    ) -> Iterator[tuple[Clause | None, Clause | None]]:
        """Clauses of one wording, then those that were worded anew, are gone or new."""
        by_text = [*matched_by(lambda clause: clause.text, first, second)]
        new = [other for one, other in by_text if one is None and other is not None]
        for one, other in by_text:
            if one is not None:
                became = other or next((clause for clause in new if self._became_clause(one, clause)), None)
                new = [clause for clause in new if clause is not became]
                yield one, became
        yield from ((None, other) for other in new)

    def _became_clause(self, first: Clause, second: Clause) -> bool:
        """Two wordings of what asks the same, more or less, or rests on the same statements."""
        return (
            self.names.alike(first.test, second.test)
            or order(first.test, second.test) is not Order.OTHER
            or first.statements == second.statements
        )

    def _clause(self, pair: Pair, first: Clause | None, second: Clause | None) -> Iterator[Change]:
        """A clause more is one more thing to be met, unless it is only shown."""
        present = second or first
        assert present is not None
        counts = STRICTER if present.force != "info" else (ADDED, REMOVED)
        if first is None:
            yield pair.change(
                f"new clause “{present.text}”", counts[0], "", str(Spoken(pair.voices[1], present.test))
            )
        elif second is None:
            yield pair.change(
                f"clause “{present.text}” is gone", counts[1], str(Spoken(pair.voices[0], present.test))
            )
        else:
            what = f"clause “{present.text}”"
            yield from pair.expression(what, first.test, second.test, STRICTER)
            for change in pair.fields(first, second, "test"):
                yield change._replace(what=f"{what}, {change.what}")

    def _values(
        self, kind: str, first: Sequence[tuple[str, Node]], second: Sequence[tuple[str, Node]]
    ) -> Iterator[Change]:
        """Named expressions that are shown."""
        ones, others = dict(first), dict(second)
        for name in ones | others:
            yield from Pair(kind, name, "", self.names, self.voices).expression(
                "", ones.get(name), others.get(name)
            )
        yield from Pair(kind, "", "", self.names, self.voices).order("", list(ones), list(others))

    def _question(self) -> Iterator[Change]:
        """How missing data are flagged."""
        one, other = self.first.question, self.second.question
        present = other or one
        if one == other or present is None:
            return
        pair = Pair("data question", present.code, present.title, self.names, self.voices)
        if one is None or other is None:
            yield pair.change("", ADDED if one is None else REMOVED)
        else:
            yield from pair.fields(one, other)

    def _terms(self) -> Iterator[Change]:
        """What the names stand for that both versions use."""
        ones, others = (named_sites(held(pathway)) for pathway in (self.first, self.second))
        for label in (name for name in ones if name in others):
            first, second = ones[label].node.args[0], others[label].node.args[0]
            if not self.names.alike(first, second):
                voices = _inside(self.voices[0], ones[label]), _inside(self.voices[1], others[label])
                yield from Pair("term", label, "", self.names, voices).expression("", first, second)


def _ways_in(pathway: Pathway) -> list[tuple[str, Node]]:
    return [(way.text, way.test) for way in pathway.enrols]


def _of_clauses(guard: Guard) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s for clause in guard.clauses for s in clause.statements))


def _id(declaration: Declaration) -> str:
    match declaration:
        case Transition():
            return f"{declaration.source} -> {declaration.target}"
        case Rule():
            return declaration.state
        case DeviationRule():
            return declaration.code
        case _:
            return declaration.id


def _name(declaration: Declaration) -> str:
    """By what a declaration is found again in the other version."""
    event = f" {declaration.event}" if isinstance(declaration, Transition) else ""
    return f"{_id(declaration)}{event}"


def _about(voice: Voice, declaration: Declaration) -> Voice:
    each = declaration.each if isinstance(declaration, Timer | DeviationRule) else None
    return voice if each is None else voice.about(each)


def _inside(voice: Voice, site: Site) -> Voice:
    return replace(voice, scope=site.scope, it=max(site.node.free, default=None))
