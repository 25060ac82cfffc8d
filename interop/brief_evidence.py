"""What the sources say, in the words of a brief: definitions, advice, features, statements, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from engine.brief import Brief, Condition, Profile
from engine.decision import Source
from engine.event import Event
from engine.evidence import Shown
from interop.brief_parts import Group, Item
from interop.event_words import datum_words, measured
from interop.plain_text import counted, day_words, one_line
from pathways.guidelines.statements import Statement
from pathways.worded import data, joined, worded

_ADVICE: Final = {
    "opposing": "What speaks against it",
    "recommendation": "What the sources recommend here",
}
_FEATURES: Final = ("met", "not_met", "unknown", "")
_TOLD: Final = {"met": "told", "not_met": "not told", "unknown": "unknown", "": "to tell"}


def by_result(profiles: Iterable[Profile]) -> Iterator[Item]:
    """Side by side: which definitions give which answer."""
    labels: dict[str, list[str]] = {}
    for one in profiles:
        labels.setdefault(one.result, []).append(one.label)
    for result in ("met", "undetermined", "not_met"):
        if result in labels:
            yield Item(result.replace("_", " "), joined(" · ", map(worded, labels[result])))


def advice(brief: Brief) -> Iterator[Group]:
    """What is to be told, what speaks against, what is recommended. Figures and data stand with `carepath
    why`: a board has one page.
    """
    if limits := together(shown(brief, "limit"), brief):
        yield Group("To be told to the patient before treatment", limits)
    for kind, title in _ADVICE.items():
        if found := shown(brief, kind):
            yield Group(title, tuple(_advised(one, brief) for one in found))


def shown(brief: Brief, kind: str) -> list[Shown]:
    """The displays of one kind."""
    return [one for one in brief.shown if one.kind == kind]


def _advised(one: Shown, brief: Brief) -> Item:
    """A recommendation, or what speaks against the step, with its grades."""
    return Item(_mark(one), _titled(one), _doubt(one, brief), _grades(_named(one, brief)))


def together(found: Iterable[Shown], brief: Brief) -> tuple[Item, ...]:
    """What is alike in one line, each with its grade where its source prints one; at the end what concerns
    the patient only perhaps.
    """
    sure: dict[str, list[str]] = {}
    perhaps: list[Shown] = []
    for one in sorted(found, key=lambda one: _FEATURES.index(one.feature)):
        if one.applies is None:
            perhaps.append(one)
        else:
            sure.setdefault(_mark(one), []).append(_noted(one, brief))
    items = [Item(mark, joined(" · ", texts)) for mark, texts in sure.items()]
    if perhaps:
        names = tuple(dict.fromkeys(name for one in perhaps for name in one.missing))
        titles = joined(" · ", (_with(_titled(one), worded(_mark(one))) for one in perhaps))
        items.append(Item("may concern", titles, not_known(names, brief.by_id)))
    return tuple(items)


def _with(text: str, note: str) -> str:
    return worded("{text} ({note})", text=text, note=note) if note else text


def _mark(one: Shown) -> str:
    return _TOLD[one.feature] if one.kind == "limit" else one.feature.replace("_", " ")


def _noted(one: Shown, brief: Brief) -> str:
    printed = [each.grade_text for each in _named(one, brief) if each.grade_system is not None]
    adverse = worded("speaks against when met") if one.adverse else ""
    notes = joined(", ", filter(None, (adverse, _doubt(one, brief), *dict.fromkeys(printed))))
    return _with(_titled(one), notes)


def _titled(one: Shown) -> str:
    value = one_line(measured(one.value, one.unit))
    title = worded(one.title)
    return worded("{title}: {value}", title=title, value=value) if value else title


def _doubt(one: Shown, brief: Brief) -> str:
    """What is not known about it."""
    doubt = worded("not known whether it concerns this patient") if one.applies is None else ""
    asked = one.missing if doubt or one.feature == "unknown" else ()
    return joined("; ", filter(None, (doubt, not_known(asked, brief.by_id))))


def _named(one: Shown, brief: Brief) -> list[Statement]:
    return [brief.statements[id] for id in one.statements if id in brief.statements]


def _grades(found: Iterable[Statement]) -> tuple[str, ...]:
    """`LoE 2b, GR B, AGO +/-`, `grade not in source`: those of the statements, printed ones first."""
    ordered = sorted(found, key=lambda one: one.grade_system is None)
    return tuple(dict.fromkeys(one.grade_text for one in ordered))


def statements_told(brief: Brief) -> tuple[tuple[Item, ...], str]:
    """Those behind the step and what holds it back in full; of the others how many there are."""
    ids = [
        *(brief.question.own if brief.question else ()),
        *(id for one in _holding(brief) for clause in one.open for id in clause.statements),
    ]
    found = {id: brief.statements[id] for id in ids if id in brief.statements}
    told = sorted(found.values(), key=lambda one: one.grade_system is None)
    shown = {id for one in brief.shown for id in one.statements}
    rest = len(set(brief.statements) - set(found) - shown)
    others = counted(rest, *_MORE) if rest else ""
    return tuple(Item("", one.statement, data(one.id), _grades([one])) for one in told), others


_MORE: Final = (
    "{n} more statement behind the other conditions",
    "{n} more statements behind the other conditions",
)


def _holding(brief: Brief) -> list[Condition]:
    """The open conditions that hold something back, or would if they were not only remarks."""
    return [one for one in brief.conditions if one.is_open and one.verdict.force in ("hard", "soft")]


def source(one: Source) -> Item:
    """A document with its age and review status."""
    told = [
        joined(", ", filter(None, (worded(each.title), measured(each.value, each.unit))))
        for each in one.shown
    ]
    return Item("", one.title, joined("; ", filter(None, (worded(one.currency or ""), *told))))


def not_known(missing: Sequence[str], events: Mapping[str, Event]) -> str:
    """The data that are missing, in words; nothing where none is."""
    told = joined("; ", (datum_words(name, events, day_words) for name in missing))
    return one_line(worded("not known: {fields}", fields=told)) if told else ""
