"""A pathway, or one guard of it, as a document to read (Markdown)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pathways.checks.declarations import ANYTHING, Held, held
from pathways.checks.sites import Site, sites
from pathways.graph import Node
from pathways.guidelines.statements import Statement
from pathways.pathway import Clause, DeviationRule, Display, Guard, Offer, Pathway, Step, Timer
from pathways.texts.outline import Line, outline
from pathways.texts.speech import say
from pathways.texts.values import quantity
from pathways.texts.voice import Voice
from pathways.texts.wording import event_noun

Lines = Iterator[str]

DISPLAY_KINDS: Final = {
    "recommendation": "a recommendation",
    "opposing": "speaks against the step",
    "limit": "a limit of the evidence, to be told to the patient",
    "prognosis": "a prognostic feature; never a block",
    "evidence": "evidence behind the decision",
    "data": "data to be at hand",
    "source": "age and review status of the source",
}


@dataclass(frozen=True)
class Writer:
    """Writes declarations of one pathway; `statements` gives the grades where the catalogue is at hand."""

    pathway: Pathway
    voice: Voice
    statements: Mapping[str, Statement] = field(default_factory=dict)

    def document(self) -> Lines:
        pathway = self.pathway
        yield f"# {pathway.title}"
        yield ""
        yield f"`{pathway.id}`, version {pathway.version}"
        yield from ([""] if pathway.remarks else [])
        yield from (f"- {remark}" for remark in pathway.remarks)
        yield from self._section("Who is on it", self._ways_in())
        yield from self._section("States", self._states())
        yield from self._section("Moves by the book", self._transitions())
        yield from self._section("Steps", (line for step in pathway.steps for line in self.step(step)))
        yield from self._section("Guards", (line for guard in pathway.guards for line in self.guard(guard)))
        yield from self._section("Dates", (line for timer in pathway.timers for line in self.timer(timer)))
        yield from self._section(
            "Departures", (line for one in pathway.deviations for line in self.deviation(one))
        )
        yield from self._section(
            "Shown at decisions", (line for one in pathway.displays for line in self.display(one))
        )
        yield from self._section("Facts", self._named(pathway.facts))
        yield from self._section("Open questions of the sources", self._named(pathway.open_questions))
        yield from self._section("Terms", self.terms())

    def _section(self, title: str, lines: Iterable[str]) -> Lines:
        written = list(lines)
        if written:
            yield from ("", f"## {title}", "", *written)

    def _ways_in(self) -> Lines:
        if not self.pathway.enrols:
            yield "Every patient."
            return
        yield "A patient of whom one of these was ever known:"
        yield ""
        for way in self.pathway.enrols:
            yield f"- {way.text}"
            yield from _indented(outline(self.voice, way.test), 2)

    def _states(self) -> Lines:
        yield "The first state whose condition holds is the patient's."
        yield ""
        titles = {s.id: s.title for s in self.pathway.states}
        for n, rule in enumerate(self.pathway.rules, 1):
            note = f" ({rule.note})" if rule.note else ""
            head = f"{n}. **{titles.get(rule.state, rule.state)}** `{rule.state}`{note}"
            if rule.when.op == "constant":
                yield f"{head} in all other cases"
            else:
                yield from self._headed(f"{head} if", rule.when)

    def _transitions(self) -> Lines:
        """Moves that differ only in where they start or in the event are one row."""
        rows: dict[tuple[str, str], dict[str, list[str]]] = {}
        for t in self.pathway.transitions:
            passing = [f"{_coded(t.guards)} {'passes' if len(t.guards) == 1 else 'pass'}"] if t.guards else []
            provided = "; ".join([*([t.condition] if t.condition else []), *passing])
            events = rows.setdefault((t.target, provided), {}).setdefault(t.source, [])
            events.append(event_noun([t.event], many=False))
        yield "| From | On | To | Provided that |"
        yield "|---|---|---|---|"
        for (target, provided), by_source in rows.items():
            together: dict[str, list[str]] = {}
            for source, events in by_source.items():
                together.setdefault(" or ".join(events), []).append(source)
            for event, starts in together.items():
                yield f"| {self._several(starts)} | {event} | {target} | {provided} |"

    def _several(self, states: list[str]) -> str:
        going_on = {s.id for s in self.pathway.states if not s.final}
        if len(going_on) < 3 or not going_on <= set(states):
            return ", ".join(states)
        return ", ".join(["every state that is not final", *(s for s in states if s not in going_on)])

    def step(self, step: Step) -> Lines:
        yield f"### {step.title} `{step.id}`"
        yield ""
        for offer in step.offers:
            yield from self._offer(offer)
        if step.on_question:
            yield "- offered while a guard of another step is not known"
        if step.guards:
            yield f"- held back by {_coded(step.guards)}"
        yield from (f"- in {state} without `{guard}`" for state, guard in step.lifted)
        if step.blocked_in:
            yield f"- never allowed in {', '.join(step.blocked_in)}"
        yield from self._sources(step.statements)

    def _offer(self, offer: Offer) -> Lines:
        where = f"offered in {', '.join(offer.states) or 'any state'}"
        if offer.when is None:
            yield f"- {where}"
        else:
            yield from self._headed(f"- {where} if", offer.when)

    def guard(self, guard: Guard) -> Lines:
        """Title, force, every clause with its meaning and its statements, and what lifts the guard."""
        yield f"### {guard.title} `{guard.id}`"
        yield ""
        yield f"Force: {guard.force}"
        yield ""
        for n, clause in enumerate(guard.clauses, 1):
            yield from self.clause(n, clause)
        yield from self._lifted(guard)
        yield from self._sources(guard.statements)

    def clause(self, number: int, clause: Clause) -> Lines:
        force = f" ({clause.force})" if clause.force else ""
        yield f"{number}. {clause.text}{force}: {self._graded(clause.statements)}"
        yield from _indented(outline(self.voice, clause.test), 4)

    def _lifted(self, guard: Guard) -> Lines:
        for name, condition in zip(
            ("not applicable", "replaced", "overruled"), guard.outcome.args, strict=False
        ):
            if condition.op != "constant":
                yield from self._headed(f"- {name} if", condition)

    def timer(self, timer: Timer) -> Lines:
        writer = self._for_each(timer.each)
        yield f"### {timer.title} `{timer.id}`"
        yield ""
        if timer.each is not None:
            yield f"- once for each of: {say(self.voice, timer.each)}"
        parts = {"if": timer.exists, "opens": timer.opens, "due": timer.due, "done by": timer.done}
        for name, node in {
            **parts,
            "no longer asked from": timer.ends,
            "late fulfilment counts until": timer.closes,
        }.items():
            if node is not None:
                yield from writer._headed(f"- {name}", node)
        yield f"- {self._overdue(timer.grace)}"
        yield from self._sources(timer.statements)

    def _overdue(self, grace: Node | None) -> str:
        if grace is None:
            return "never overdue"
        if grace.op == "constant" and grace.param("value") == 0:
            return "overdue from the day after"
        return f"overdue from the day after, with {quantity(self.voice, grace, 'day')} of grace"

    def deviation(self, rule: DeviationRule) -> Lines:
        writer = self._for_each(rule.each)
        yield f"### {rule.title} `{rule.code}`"
        yield ""
        yield f"- severity: {rule.severity}"
        if rule.each is not None:
            yield f"- for each of: {say(self.voice, rule.each)}"
        if rule.timers:
            yield f"- when overdue: {_coded(rule.timers)}"
        if rule.raised is not None:
            yield from writer._headed("- raised if", rule.raised)
        for status, when in rule.statuses:
            yield from writer._headed(f"- {status} if", when)
        if not rule.timers:
            yield f"- {'otherwise ' if rule.statuses else ''}{rule.otherwise}"
        yield from ([f"- why: {rule.why}"] if rule.why else [])
        yield from self._sources(rule.statements)

    def display(self, display: Display) -> Lines:
        yield f"### {display.title} `{display.id}`"
        yield ""
        yield f"- {DISPLAY_KINDS[display.kind]}"
        yield f"- shown with {_coded(display.steps) or 'every step'}"
        if display.applies is not None:
            yield from self._headed("- unless it is known not to hold that", display.applies)
        if display.feature is not None:
            yield from self._headed(f"- {_feature_head(display)} when", display.feature)
        if display.value is not None:
            unit = f" ({display.unit})" if display.unit else ""
            yield from self._headed(f"- shows{unit}:", display.value)
        yield from self._sources(display.statements)

    def terms(self) -> Lines:
        """Every name that is used, with what it stands for, in the order of first use."""
        return self._terms(held(self.pathway))

    def explained(self, node: Node) -> Lines:
        """An expression as an outline, and what the names in it stand for."""
        yield from _indented(outline(self.voice, node), 0)
        terms = list(self._terms([Held("", None, node, ANYTHING)]))
        yield from (["", *terms] if terms else [])

    def _terms(self, expressions: Iterable[Held]) -> Lines:
        for label, site in named_sites(expressions).items():
            voice = replace(self.voice, scope=site.scope, it=max(site.node.free, default=None))
            lines = outline(voice, site.node.args[0])
            if len(lines) > 1:
                yield f"- **{label}**:"
                yield from _indented(lines, 2)
            elif lines[0][1] != label:
                yield f"- **{label}**: {lines[0][1]}"

    def _named(self, nodes: Sequence[tuple[str, Node]]) -> Lines:
        for name, node in nodes:
            yield from self._headed(f"- {name}:", node)

    def _for_each(self, each: Node | None) -> Writer:
        return self if each is None else replace(self, voice=self.voice.about(each))

    def _headed(self, head: str, node: Node) -> Lines:
        """The head and what follows it, on one line or in an outline below."""
        (_, first), *rest = outline(self.voice, node)
        indent = 4 if head[0].isdigit() else 2
        if not rest or all(depth for depth, _ in rest):
            yield f"{head} {first}"
            yield from _indented([(depth - 1, text) for depth, text in rest], indent)
        else:
            yield head
            yield from _indented([(0, first), *rest], indent)

    def _sources(self, ids: Sequence[str]) -> Lines:
        if ids:
            yield f"- statements: {self._graded(ids)}"
        yield ""

    def _graded(self, ids: Sequence[str]) -> str:
        return ", ".join(f"`{id}`{self._grade(id)}" for id in ids)

    def _grade(self, id: str) -> str:
        """The grade as printed, or nothing."""
        known = self.statements.get(id)
        if known is None:
            return ""
        printed = {"LoE": known.loe, "GR": known.gr, "AGO": known.ago}
        shown = [f"{name} {grade}" for name, grade in printed.items() if grade]
        return f" ({', '.join(shown)})" if shown else ""


def _feature_head(display: Display) -> str:
    if display.adverse:
        return "speaks against"
    return "told" if display.kind == "limit" else "met"


def named_sites(expressions: Iterable[Held]) -> dict[str, Site]:
    """The first place of each name."""
    found: dict[str, Site] = {}
    for site in sites(expressions):
        if site.node.op == "named":
            found.setdefault(str(site.node.param("label")), site)
    return found


def _coded(ids: Sequence[str]) -> str:
    return ", ".join(f"`{id}`" for id in ids)


def _indented(lines: Iterable[Line], by: int) -> Lines:
    for depth, text in lines:
        yield f"{' ' * (by + 2 * depth)}- {text}"
