"""The brief in words, as it is laid out on every kind of page: what stands where, how it is called, and how
much of a long story is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from engine.brief import BOARD, IMAGING, Brief, Condition, Happened, Missing, Standing
from engine.decision import Ages, Decision
from engine.event import Event, day_of
from interop.brief_evidence import advice, by_result, not_known, shown, source, statements_told, together
from interop.brief_imaging import imaging_table
from interop.brief_parts import BriefPage, Item, Open
from interop.event_words import content, datum_words, facts_words, person_words, type_words, value_words
from interop.plain_text import counted, day_words, moment_words, one_line
from pathways.intended_use import IN_SHORT
from pathways.worded import data, joined, worded

MOST_EVENTS: Final = 8
"""Entries of the story that are told: what a board decides by, then the latest; the first as well."""
MOST_KNOWN: Final = 800
"""Characters of what was known from the beginning."""
MOST_BOARDS: Final = 6
"""The latest boards."""


_VERDICTS: Final = {
    "allowed": "can be done now",
    "blocked": "cannot be done yet",
    "undetermined": "cannot be judged",
    "not offered": "not offered now",
}
_RESULTS: Final = {"pass": "met", "fail": "not met", "unknown": "unknown"}


def brief_page(brief: Brief) -> BriefPage:
    """The words of a brief."""
    told, others = statements_told(brief)
    boards = brief.of_type(BOARD)
    story = [one for one in brief.history if one.event.type != BOARD]
    return BriefPage(
        title=one_line(brief.reference),
        who=one_line(person_words(brief.facts, brief.as_of, day_words))
        or worded("Nothing is known about the person"),
        known=one_line(facts_words(brief.facts, day_words), MOST_KNOWN),
        when=_when(brief),
        standing=tuple(_standing(brief)),
        question=_question(brief),
        others=tuple(_other_steps(brief.others)),
        open=tuple(_open(one, brief.by_id) for one in brief.conditions if one.is_open),
        met=tuple(_brief_condition(one) for one in brief.conditions if one.verdict.result == "pass"),
        lifted=tuple(
            Item(one.verdict.result, one.verdict.title)
            for one in brief.conditions
            if one.verdict.result in ("overruled", "replaced")
        ),
        missing=tuple(_missing(one, brief.by_id) for one in brief.missing),
        boards=tuple(_entry(one) for one in boards[: -MOST_BOARDS - 1 : -1]),
        earlier_boards=max(len(boards) - MOST_BOARDS, 0),
        history=tuple(_entry(one, _ELSEWHERE.get(one.event.type, ())) for one in _chosen(story)),
        earlier=_earlier(len(story) - len(_chosen(story)), brief.taken_back),
        imaging=imaging_table(brief.of_type(IMAGING)),
        profiles=tuple(by_result(brief.profiles)),
        advice=tuple(advice(brief)),
        prognosis=together(shown(brief, "prognosis"), brief),
        statements=told,
        other_statements=others,
        left_open=brief.left_open,
        departures=tuple(Item(one.severity, one.title, data(one.code)) for one in brief.deviations),
        sources=tuple(source(one) for one in brief.sources),
        signed=brief.tally.text,
        intended_use=IN_SHORT,
    )


# ---- who, and where ----


def _when(brief: Brief) -> str:
    day, known = day_words(brief.as_of), moment_words(brief.known_at)
    told = worded("As of {day}, known at {known}", day=day, known=known)
    if brief.day_zero is None:
        return told
    zero = one_line(brief.day_zero)
    return worded("{told}. Days are counted from day zero, {zero}", told=told, zero=zero)


def _standing(brief: Brief) -> Iterator[Item]:
    yield Item("State", brief.main.state, _since(brief.main, brief.as_of))
    for one in brief.companions:
        yield Item(one.title, one.state, _since(one, brief.as_of))


def _since(one: Standing, as_of: date) -> str:
    if one.entered_on is None:
        return ""
    days = counted((as_of - one.entered_on).days, "{n} day", "{n} days")
    return worded("since {day}, {days}", day=day_words(one.entered_on), days=days)


# ---- the question ----


def _question(brief: Brief) -> Item:
    if brief.question is None:
        return Item("", "No step can be taken now.")
    return _step(brief.question)


def _step(one: Decision) -> Item:
    return Item(_VERDICTS[one.verdict or "not offered"], one.title, _held(one))


def _other_steps(others: Iterable[Decision]) -> Iterator[Item]:
    """The other steps, together where the answer is the same."""
    by_verdict: dict[str, list[str]] = {}
    for one in others:
        by_verdict.setdefault(_VERDICTS[one.verdict or "not offered"], []).append(one.title)
    for verdict, titles in by_verdict.items():
        yield Item(verdict, joined(" · ", map(worded, titles)))


def _held(one: Decision) -> str:
    """What holds the step back, by the titles of the conditions."""
    if one.verdict in ("allowed", "not offered"):
        return ""
    if not one.held:
        return "by the state of the patient"
    titles = {guard.guard: guard.title for guard in one.guards}
    return joined("; ", (worded(titles.get(guard, guard)) for guard in one.held))


def _open(one: Condition, events: Mapping[str, Event]) -> Open:
    forces = {"hard": "", "soft": "only warns", "preference": "only remarks", "info": "for information"}
    notes = filter(None, (worded(forces[one.verdict.force]), _age(one.ages)))
    head = Item(_RESULTS[one.verdict.result], one.verdict.title, joined(", ", notes))
    clauses = (Item(_RESULTS[each.result], each.text, not_known(each.missing, events)) for each in one.open)
    return Open(head, tuple(clauses))


def _brief_condition(one: Condition) -> str:
    title = worded(one.verdict.title)
    return worded("{title} ({age})", title=title, age=_age(one.ages)) if one.ages else title


def _age(found: Ages | None) -> str:
    """`5 to 210 d`: how old the newest and the oldest fact is."""
    if found is None:
        return ""
    oldest, newest = found.oldest.days, found.newest.days
    if oldest == newest:
        return worded("{n} d", n=oldest)
    return worded("{newest} to {oldest} d", newest=newest, oldest=oldest)


def _missing(one: Missing, events: Mapping[str, Event]) -> Item:
    asked_by = joined("; ", map(worded, one.asked_by))
    return Item("unknown", one_line(datum_words(one.name, events, day_words)), asked_by)


# ---- what happened ----


_ELSEWHERE: Final = {IMAGING: ("lesions", "findings")}


_DECISIVE: Final = (
    "tissue_result",
    "systemic_started",
    "systemic_changed",
    "systemic_stopped",
    "mdt_started",
    "mdt_completed",
    "local_treatment",
    "primary_treated",
)
"""What a board decides by: doses and visits of a long course must not crowd it out."""


def _chosen(history: Sequence[Happened]) -> list[Happened]:
    """The latest first; of a long story what is decisive, then the latest, and the very first."""
    places = range(len(history) - 1, -1, -1)
    weighed = sorted(places, key=lambda place: history[place].event.type not in _DECISIVE)
    told = sorted({*weighed[:MOST_EVENTS], *places[-1:]}, reverse=True)
    return [history[place] for place in told]


def _earlier(hidden: int, taken_back: int) -> str:
    there = (
        (hidden, "{n} event between them not shown", "{n} events between them not shown"),
        (taken_back, "{n} entry taken back", "{n} entries taken back"),
    )
    return joined("; ", (counted(number, one, many) for number, one, many in there if number))


def _entry(one: Happened, elsewhere: Collection[str] = ()) -> Item:
    """`response assessment: overall response PR`, with what was corrected or written later.

    Fields that stand elsewhere on the page are left out.
    """
    event = one.event
    here = {name: value for name, value in event.fields.items() if name not in elsewhere}
    said = one_line(content(replace(event, fields=here), day_words))
    kind = type_words(event)
    told = worded("{kind}: {said}", kind=kind, said=said) if said else kind
    notes = [_correction(each) for each in one.corrections]
    if day_of(event.documented) > event.day:
        notes.append(worded("written {day}", day=day_words(day_of(event.documented))))
    return Item(day_words(event.day), told, joined("; ", notes))


def _correction(one: Event) -> str:
    """`corrected 27 Jan 2025: modality, unknown to ct`."""
    field = worded(str(one.fields.get("field", "")).replace("_", " ").replace(".", " "))
    old, new = (value_words(one.fields.get(name), day_words) for name in ("old", "new"))
    day = day_words(day_of(one.documented))
    return one_line(
        worded("corrected {day}: {field}, {old} to {new}", day=day, field=field, old=old, new=new)
    )
