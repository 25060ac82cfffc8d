"""An answer of `carepath replay` compared with what a case expects.

Source: docs/case-files.md, the table of `carepath replay --check`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final

from pathways.vocabulary import closest, load_vocabulary

Answer = Mapping[str, object]

_LATE: Final = ("overdue", "escalated")
_FOR_THE_READER: Final = ("remarks", "not_determined_by_sources", "note", "why")
_READ_IN_ENTRIES: Final = frozenset(
    {"title", "because", "note", "statements", "why", "events", "remarks", "guards", "missing"}
)
_NOTHING: Final = object()
_code_at_start = re.compile(r"[dq]-[a-z0-9]+(-[a-z0-9]+)*").match


def differences(
    answer: Answer, expected: Mapping[str, object], codes: Collection[str] | None = None
) -> list[str]:
    """Each difference as one line, `what: expected ... / got ...`; an empty list where all is as expected.

    `answer` is the JSON object that replay prints for a checkpoint. A key of `expected` that nobody knows, or
    whose value has not the right shape, is a difference too, so that no expectation is passed over; so is a
    deviation that is not to be raised and is none of `codes`, where these are given.
    """
    found: list[str] = []
    for key, value in expected.items():
        if key in _comparisons:
            found += _comparisons[key](key, answer, value)
        elif key not in _FOR_THE_READER:
            known = [*_comparisons, *_FOR_THE_READER]
            found.append(f"expected: there is no key {key!r}{closest(key, known)}")
    return found if codes is None else [*found, *_never_raised(expected.get("not_a_deviation"), codes)]


def _state(key: str, answer: Answer, expected: object) -> Iterator[str]:
    if answer.get(key) != expected:
        yield _differs(key, expected, answer.get(key, _NOTHING))


def _each_key(key: str, answer: Answer, expected: object) -> Iterator[str]:
    """Every listed name has the value that is listed; names that are not listed are not asked."""
    if not isinstance(expected, Mapping):
        yield f"expected: {key!r} must be a mapping of names and values"
        return
    given = answer.get(key)
    for name, value in expected.items():
        got = given.get(name, _NOTHING) if isinstance(given, Mapping) else _NOTHING
        if key == "guards" and isinstance(got, Mapping):
            got = got.get("result", _NOTHING)
        if got is _NOTHING or _ordered(name, got) != _ordered(name, value):
            yield _differs(f"{key}.{name}", value, got)


def _deviations(key: str, answer: Answer, expected: object) -> Iterator[str]:
    """Exactly the listed ones, as a set of code, status and severity."""
    listed, problems = _entries(key, expected, ("code", "status", "severity"))
    yield from problems
    raised = _rows(answer, key)
    wanted = {_deviation(entry) for entry in listed}
    for missing in sorted(wanted - {_deviation(entry) for entry in raised}):
        yield f"{key}: expected {missing} / got {_others(raised, missing.split()[0])}"
    told = {_deviation(entry): _with_events(entry) for entry in raised}
    for surplus in sorted(told.keys() - wanted):
        yield f"{key}: expected nothing such / got {told[surplus]}"


def _due(key: str, answer: Answer, expected: object) -> Iterator[str]:
    """Every listed item is there; besides them nothing is overdue or escalated."""
    listed, problems = _entries(key, expected, ("item", "due", "status"), ("opens", "overdue_from"))
    yield from problems
    given = _rows(answer, key)
    compared = ("item", "due", "status", "opens", "overdue_from")
    known = [{name: entry[name] for name in compared if name in entry} for entry in listed]
    for asked in list(known):
        if not any(_agrees(row, asked) for row in given):
            same = [row for row in given if row.get("item") == asked["item"]]
            got = "; ".join(_words({name: row.get(name) for name in asked}) for row in same) or "no such item"
            yield f"{key}: expected {_words(asked)} / got {got}"
            known.append({name: asked[name] for name in ("item", "due")})
    for row in given:
        if row.get("status") in _LATE and not any(_agrees(row, asked) for asked in known):
            told = _words({name: row.get(name) for name in compared})
            yield f"{key}: expected nothing else overdue / got {told}"


def _steps(key: str, answer: Answer, expected: object) -> Iterator[str]:
    """Every listed step is in this list of the answer and not in the other."""
    listed, problems = _entries(key, expected, ("step",))
    yield from problems
    other = "blocked_next" if key == "allowed_next" else "allowed_next"
    here, there = ([row.get("step") for row in _rows(answer, name)] for name in (key, other))
    for entry in listed:
        step = entry["step"]
        if step not in here:
            yield _differs(
                key, step, f"it in {other}" if step in there else ", ".join(map(str, here)) or _NOTHING
            )
        elif step in there:
            yield _differs(key, f"{step} here only", f"it in {other} too")


def _not_raised(key: str, answer: Answer, expected: object) -> Iterator[str]:
    """A code at the start of an entry is not raised; sentences are for the reader."""
    if not isinstance(expected, list):
        yield f"expected: {key!r} must be a list"
        return
    raised = _rows(answer, "deviations")
    for entry in expected:
        code = _code_at_start(str(entry))
        for row in raised:
            if code and row.get("code") == code.group():
                yield f"{key}: expected no {code.group()} / got {_with_events(row)}"


def _never_raised(entries: object, codes: Collection[str]) -> Iterator[str]:
    """Codes that nothing raises: a slip of the pen, which would be as expected for ever."""
    for entry in entries if isinstance(entries, list) else ():
        code = _code_at_start(str(entry))
        if code and code.group() not in codes:
            yield f"expected: there is no deviation {code.group()!r}{closest(code.group(), codes)}"


_comparisons: Mapping[str, Callable[[str, Answer, object], Iterator[str]]] = {
    "state": _state,
    "companion_states": _each_key,
    "profiles": _each_key,
    "guards": _each_key,
    "derived_facts": _each_key,
    "deviations": _deviations,
    "due": _due,
    "allowed_next": _steps,
    "blocked_next": _steps,
    "not_a_deviation": _not_raised,
}


def _entries(
    key: str, expected: object, needed: Sequence[str], compared: Sequence[str] = ()
) -> tuple[list[Mapping[str, object]], list[str]]:
    """The listed entries that can be compared, and what is wrong with the others."""
    if not isinstance(expected, list):
        return [], [f"expected: {key!r} must be a list"]
    entries, problems = [], []
    for number, entry in enumerate(expected, 1):
        if not isinstance(entry, Mapping) or any(name not in entry for name in needed):
            problems.append(f"expected: entry {number} of {key!r} must state {', '.join(needed)}")
            continue
        entries.append(entry)
        for name in entry.keys() - _READ_IN_ENTRIES - {*needed, *compared}:
            hint = closest(name, (*needed, *compared))
            problems += [f"expected: entry {number} of {key!r} has no {name!r}{hint}"] if hint else []
    return entries, problems


def _rows(answer: Answer, key: str) -> list[Mapping[str, object]]:
    rows = answer.get(key)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, (list, tuple)) else []


def _agrees(row: Mapping[str, object], asked: Mapping[str, object]) -> bool:
    return all(row.get(name) == value for name, value in asked.items())


def _deviation(entry: Mapping[str, object]) -> str:
    return f"{entry.get('code')} {entry.get('status')} {entry.get('severity')}"


def _with_events(entry: Mapping[str, object]) -> str:
    events = entry.get("events")
    return (
        f"{_deviation(entry)} ({', '.join(map(str, events))})"
        if isinstance(events, list) and events
        else _deviation(entry)
    )


def _others(raised: Sequence[Mapping[str, object]], code: str) -> str:
    return (
        "; ".join(_with_events(entry) for entry in raised if entry.get("code") == code) or "no such deviation"
    )


def _ordered(name: str, value: object) -> object:
    """The order of codes in a fact that is a set of them means nothing."""
    facts = load_vocabulary().derived_facts
    if isinstance(value, list) and name in facts and facts[name].type == "codes":
        return sorted(map(str, value))
    return value


def _differs(what: str, expected: object, got: object) -> str:
    return f"{what}: expected {_shown(expected)} / got {_shown(got)}"


def _words(entry: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {_shown(value)}" for name, value in entry.items())


def _shown(value: object) -> str:
    if value is _NOTHING:
        return "nothing"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_shown, value))}]"
    return str(value)
