"""The brief in words, as it is laid out on every kind of page: what stands where, how it is called, and how
much of a long story is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

from engine.brief import BOARD, IMAGING, Brief, Condition, Happened, Missing, Profile, Standing
from engine.decision import Ages, Decision, Source
from engine.event import Event, day_of
from engine.evidence import Shown
from interop.brief_imaging import ImagingTable, imaging_table
from interop.event_words import content, datum_words, measured, person_words, value_words
from interop.plain_text import counted, day_words, moment_words, one_line
from pathways.guidelines.statements import Statement
from pathways.intended_use import IN_SHORT

MOST_EVENTS: Final = 10
"""Entries of the story that are told, the latest; the first is told as well."""


class Item(NamedTuple):
    """One line: `mark` is a word that may have a colour, `note` the less loud part, `grades` those of the
    statements behind it.
    """

    mark: str
    text: str
    note: str = ""
    grades: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Open:
    """A condition that is not met or not known, and what of it is open."""

    head: Item
    clauses: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class BriefPage:
    """A page; every text is ready to be read and still to be escaped."""

    title: str
    who: str
    when: str
    standing: tuple[Item, ...]
    question: Item
    others: tuple[Item, ...]
    open: tuple[Open, ...]
    met: tuple[str, ...]
    lifted: tuple[Item, ...]
    missing: tuple[Item, ...]
    boards: tuple[Item, ...]
    history: tuple[Item, ...]
    earlier: str
    imaging: ImagingTable
    profiles: tuple[Item, ...]
    advice: tuple[Group, ...]
    prognosis: tuple[Item, ...]
    statements: tuple[Item, ...]
    other_statements: str
    left_open: tuple[str, ...]
    departures: tuple[Item, ...]
    sources: tuple[Item, ...]
    signed: str
    intended_use: str


_VERDICTS: Final = {
    "allowed": "can be done now",
    "blocked": "cannot be done yet",
    "undetermined": "cannot be judged",
    "not offered": "not offered now",
}
_RESULTS: Final = {"pass": "met", "fail": "not met", "unknown": "unknown"}
_ADVICE: Final = {
    "opposing": "What speaks against it",
    "recommendation": "What the sources recommend here",
}
_FEATURES: Final = ("met", "not_met", "unknown", "")
_TOLD: Final = {"met": "told", "not_met": "not told", "unknown": "unknown", "": "to tell"}


def brief_page(brief: Brief) -> BriefPage:
    """The words of a brief."""
    told, others = _statements(brief)
    story = [one for one in brief.history if one.event.type != BOARD]
    return BriefPage(
        title=one_line(brief.reference),
        who=one_line(person_words(brief.facts, brief.as_of, day_words))
        or "Nothing is known about the person",
        when=f"As of {day_words(brief.as_of)}, known at {moment_words(brief.known_at)}",
        standing=tuple(_standing(brief)),
        question=_question(brief),
        others=tuple(_other_steps(brief.others)),
        open=tuple(_open(one, _events(brief)) for one in brief.conditions if _is_open(one)),
        met=tuple(_brief_condition(one) for one in brief.conditions if one.verdict.result == "pass"),
        lifted=tuple(
            Item(one.verdict.result, one.verdict.title)
            for one in brief.conditions
            if one.verdict.result in ("overruled", "replaced")
        ),
        missing=tuple(_missing(one, _events(brief)) for one in brief.missing),
        boards=tuple(_entry(one) for one in brief.of_type(BOARD)[::-1]),
        history=tuple(_entry(one, _ELSEWHERE.get(one.event.type, ())) for one in _chosen(story)),
        earlier=_earlier(len(story), brief.taken_back),
        imaging=imaging_table(brief.of_type(IMAGING)),
        profiles=tuple(_by_result(brief.profiles)),
        advice=tuple(_advice(brief)),
        prognosis=_together(_shown(brief, "prognosis"), brief),
        statements=told,
        other_statements=others,
        left_open=brief.left_open,
        departures=tuple(Item(one.severity, one.title, one.code) for one in brief.deviations),
        sources=tuple(_source(one) for one in brief.sources),
        signed=brief.tally.text,
        intended_use=IN_SHORT,
    )


# ---- who, and where ----


def _standing(brief: Brief) -> Iterator[Item]:
    yield Item("State", brief.main.state, _since(brief.main, brief.as_of))
    for one in brief.companions:
        yield Item(one.title, one.state, _since(one, brief.as_of))


def _since(one: Standing, as_of: date) -> str:
    if one.entered_on is None:
        return ""
    return f"since {day_words(one.entered_on)}, {counted((as_of - one.entered_on).days, 'day')}"


# ---- the question ----


def _question(brief: Brief) -> Item:
    if brief.question is None:
        return Item("", "No step is offered now.")
    return _step(brief.question)


def _step(one: Decision) -> Item:
    return Item(_VERDICTS[one.verdict or "not offered"], one.title, _held(one))


def _other_steps(others: Iterable[Decision]) -> Iterator[Item]:
    """The other steps, together where the answer is the same."""
    by_verdict: dict[str, list[str]] = {}
    for one in others:
        by_verdict.setdefault(_VERDICTS[one.verdict or "not offered"], []).append(one.title)
    for verdict, titles in by_verdict.items():
        yield Item(verdict, " · ".join(titles))


def _held(one: Decision) -> str:
    """What holds the step back, by the titles of the conditions."""
    if one.verdict in ("allowed", "not offered"):
        return ""
    if not one.held:
        return "by the state of the patient"
    titles = {guard.guard: guard.title for guard in one.guards}
    return "; ".join(titles.get(guard, guard) for guard in one.held)


def _is_open(one: Condition) -> bool:
    return one.verdict.result in ("fail", "unknown")


def _open(one: Condition, events: Mapping[str, Event]) -> Open:
    forces = {"hard": "", "soft": "only warns", "preference": "only remarks", "info": "for information"}
    notes = (forces[one.verdict.force], _age(one.ages))
    head = Item(_RESULTS[one.verdict.result], one.verdict.title, ", ".join(filter(None, notes)))
    clauses = (
        Item(
            _RESULTS[clause.result],
            clause.text,
            _unknown(clause.missing, events),
        )
        for clause in one.open
    )
    return Open(head, tuple(clauses))


def _unknown(missing: Sequence[str], events: Mapping[str, Event]) -> str:
    told = "; ".join(datum_words(name, events, day_words) for name in missing)
    return one_line(f"not known: {told}") if told else ""


def _brief_condition(one: Condition) -> str:
    return f"{one.verdict.title} ({_age(one.ages)})" if one.ages else one.verdict.title


def _age(found: Ages | None) -> str:
    """`5 to 210 d`: how old the newest and the oldest fact is."""
    if found is None:
        return ""
    oldest, newest = found.oldest.days, found.newest.days
    return f"{oldest} d" if oldest == newest else f"{newest} to {oldest} d"


def _missing(one: Missing, events: Mapping[str, Event]) -> Item:
    return Item("unknown", one_line(datum_words(one.name, events, day_words)), "; ".join(one.asked_by))


def _events(brief: Brief) -> dict[str, Event]:
    return {one.event.id: one.event for one in brief.history}


# ---- what happened ----


_ELSEWHERE: Final = {IMAGING: ("lesions", "findings")}


def _chosen(history: Sequence[Happened]) -> list[Happened]:
    """The latest first; of a long story the latest ones and the very first."""
    latest = list(history[-MOST_EVENTS:][::-1])
    return latest if len(history) <= MOST_EVENTS else [*latest, history[0]]


def _earlier(number: int, taken_back: int) -> str:
    hidden = number - MOST_EVENTS - 1
    told = [f"{counted(hidden, 'event')} between them not shown"] if hidden > 0 else []
    if taken_back:
        told.append(
            f"{counted(taken_back, 'entry') if taken_back == 1 else f'{taken_back} entries'} taken back"
        )
    return "; ".join(told)


def _entry(one: Happened, elsewhere: Collection[str] = ()) -> Item:
    """`response assessed: overall PR`, with what was corrected or written later.

    Fields that stand elsewhere on the page are left out.
    """
    event = one.event
    here = {name: value for name, value in event.fields.items() if name not in elsewhere}
    said = one_line(content(replace(event, fields=here)))
    told = f"{event.type.replace('_', ' ')}{': ' if said else ''}{said}"
    notes = [_correction(each) for each in one.corrections]
    if day_of(event.documented) > event.day:
        notes.append(f"written {day_words(day_of(event.documented))}")
    return Item(day_words(event.day), told, "; ".join(notes))


def _correction(one: Event) -> str:
    """`corrected 27 Jan 2025: modality, unknown to ct`."""
    field = str(one.fields.get("field", "")).replace("_", " ").replace(".", " ")
    old, new = (value_words(one.fields.get(name)) for name in ("old", "new"))
    return one_line(f"corrected {day_words(day_of(one.documented))}: {field}, {old} to {new}")


# ---- what the sources say ----


def _by_result(profiles: Iterable[Profile]) -> Iterator[Item]:
    """Side by side: which definitions give which answer."""
    labels: dict[str, list[str]] = {}
    for one in profiles:
        labels.setdefault(one.result, []).append(one.label)
    for result in ("met", "undetermined", "not_met"):
        if result in labels:
            yield Item(result.replace("_", " "), " · ".join(labels[result]))


def _advice(brief: Brief) -> Iterator[Group]:
    """What is to be told, what speaks against, what is recommended. Figures and data stand with `carepath
    why`: a board has one page.
    """
    if limits := _together(_shown(brief, "limit"), brief):
        yield Group("To be told to the patient before treatment", limits)
    for kind, title in _ADVICE.items():
        if found := _shown(brief, kind):
            yield Group(title, tuple(_advised(one, brief) for one in found))


def _shown(brief: Brief, kind: str) -> list[Shown]:
    return [one for one in brief.shown if one.kind == kind]


def _advised(one: Shown, brief: Brief) -> Item:
    """A recommendation, or what speaks against the step, with its grades."""
    return Item(_mark(one), _titled(one), _doubt(one, brief), _grades(_named(one, brief)))


def _together(found: Iterable[Shown], brief: Brief) -> tuple[Item, ...]:
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
    items = [Item(mark, " · ".join(texts)) for mark, texts in sure.items()]
    if perhaps:
        names = tuple(dict.fromkeys(name for one in perhaps for name in one.missing))
        titles = (f"{_titled(one)} ({_mark(one)})" if _mark(one) else _titled(one) for one in perhaps)
        items.append(Item("may concern", " · ".join(titles), _unknown(names, _events(brief))))
    return tuple(items)


def _mark(one: Shown) -> str:
    return _TOLD[one.feature] if one.kind == "limit" else one.feature.replace("_", " ")


def _noted(one: Shown, brief: Brief) -> str:
    printed = [each.grade_text for each in _named(one, brief) if each.grade_system is not None]
    adverse = "speaks against when met" if one.adverse else ""
    notes = ", ".join(filter(None, (adverse, _doubt(one, brief), *dict.fromkeys(printed))))
    return f"{_titled(one)} ({notes})" if notes else _titled(one)


def _titled(one: Shown) -> str:
    value = one_line(measured(one.value, one.unit))
    return f"{one.title}: {value}" if value else one.title


def _doubt(one: Shown, brief: Brief) -> str:
    """What is not known about it."""
    doubt = "not known whether it concerns this patient" if one.applies is None else ""
    asked = one.missing if doubt or one.feature == "unknown" else ()
    return "; ".join(filter(None, (doubt, _unknown(asked, _events(brief)))))


def _named(one: Shown, brief: Brief) -> list[Statement]:
    return [brief.statements[id] for id in one.statements if id in brief.statements]


def _grades(found: Iterable[Statement]) -> tuple[str, ...]:
    """`LoE 2b, GR B, AGO +/-`, `grade not in source`: those of the statements, printed ones first."""
    ordered = sorted(found, key=lambda one: one.grade_system is None)
    return tuple(dict.fromkeys(one.grade_text for one in ordered))


def _statements(brief: Brief) -> tuple[tuple[Item, ...], str]:
    """Those behind the step and what holds it back in full; of the others how many there are."""
    ids = [
        *(brief.question.own if brief.question else ()),
        *(id for one in _holding(brief) for clause in one.open for id in clause.statements),
    ]
    found = {id: brief.statements[id] for id in ids if id in brief.statements}
    told = sorted(found.values(), key=lambda one: one.grade_system is None)
    shown = {id for one in brief.shown for id in one.statements}
    rest = len(set(brief.statements) - set(found) - shown)
    others = f"{counted(rest, 'more statement')} behind the other conditions" if rest else ""
    return tuple(Item("", one.statement, one.id, _grades([one])) for one in told), others


def _holding(brief: Brief) -> list[Condition]:
    """The open conditions that hold something back, or would if they were not only remarks."""
    return [one for one in brief.conditions if _is_open(one) and one.verdict.force in ("hard", "soft")]


def _source(one: Source) -> Item:
    told = [", ".join(filter(None, (each.title, measured(each.value, each.unit)))) for each in one.shown]
    return Item("", one.title, "; ".join(filter(None, (one.currency, *told))))
