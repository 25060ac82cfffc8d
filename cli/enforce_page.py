"""What putting a version or settings in force would change, or has changed: for a person, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from cli.days import plural
from cli.enforce_lines import together
from cli.output import complain, print_json, visible
from engine.answer import plain
from interop import enforcement_words
from interop.difference_json import changes_as_json
from store.enforcement import IN_FORCE, NOT_ON_IT, Tried, Undoing
from store.record import Answered
from store.recording import NotRecorded, Recorded

if TYPE_CHECKING:
    from cli.to_enforce import Asked

KINDS: Final = {**enforcement_words.KINDS, NOT_ON_IT: "Not on this pathway (--add puts them on it)"}
"""What it comes to for a patient; each patient is listed under the first that holds."""
_ONLY_COUNTED: Final = ("unchanged", IN_FORCE, NOT_ON_IT)
"""Nobody has to look at these: they are named only where they are few."""
NAMED: Final = 20
"""So many that nobody has to look at, or that were changed, are listed by name; of more the number."""


def show_tried(asked: Asked, found: Sequence[Tried], day: date, *, json: bool) -> None:
    """What a dry run found."""
    if json:
        print_json({"patients": len(found), "applied": False, "counts": _counts(found)})
        for one in found:
            print_json(as_json(one))
        return
    from rich.text import Text

    from cli.console import console, heading

    out = console()
    out.print(heading(f"Tried on {plural(len(found), 'patient')}", f"{_order(asked)}, on {day}"))
    _list(found)
    out.print(Text("\nNothing was written.", "bold"), Text(_next(found)))


def _list(found: Sequence[Tried]) -> None:
    """Every patient by name under the gravest of what concerns them; those with the same changes together."""
    from rich.text import Text

    from cli.console import console

    out = console()
    for kind, there in _sorted(found).items():
        number = plural(len(there), "patient")
        out.print(Text(f"\n{KINDS[kind]}  ", "bold").append(number, "not bold dim"))
        if kind in _ONLY_COUNTED and len(there) > NAMED:
            continue
        for group in together(there):
            _print(2, ", ".join(group.patients))
            for (style, words), own in group.lines.items():
                _print_line(style, words, dict(zip(group.patients, own, strict=True)))


def _print_line(style: str, words: str, own: Mapping[str, str]) -> None:
    """What is told of some patients; what is each one's own below it, unless it is the same, too."""
    if len(set(own.values())) == 1:
        _print(4, f"{words} {next(iter(own.values()))}".rstrip(), style)
        return
    _print(4, words, style)
    _print(6, "; ".join(f"{reference} {said}" for reference, said in own.items()), style)


def _print(indent: int, line: str, style: str = "") -> None:
    from rich.padding import Padding
    from rich.text import Text

    from cli.console import console

    console().print(Padding(Text(line, style), (0, 0, 0, indent), expand=False))


def _list_in_short(found: Sequence[Tried]) -> None:
    """What changed for whom, as the dry run tells it; numbers only where they are many."""
    if len(found) <= NAMED:
        _list(found)
        return
    for kind, there in _sorted(found).items():
        print(f"  {plural(len(there), 'patient')}: {KINDS[kind][0].lower()}{KINDS[kind][1:]}")
    print("Too many to list here: --json tells all by name, `carepath show PATIENT` each as it stands now.")


def _order(asked: Asked) -> str:
    version = f"{asked.pathway.title} {asked.pathway.version}" if asked.pathway else ""
    settings = ", ".join(f"{name}={value}" for name, value in asked.order.settings.items())
    return "; ".join(filter(None, (version, settings)))


def _counts(found: Sequence[Tried]) -> dict[str, int]:
    """How many patients each kind concerns; a patient may count in several."""
    counted = Counter(kind for one in found for kind in one.kinds)
    return {kind: counted[kind] for kind in KINDS if counted[kind]}


def _sorted(found: Sequence[Tried]) -> dict[str, list[Tried]]:
    """The patients under the gravest of what concerns them."""
    there: dict[str, list[Tried]] = {kind: [] for kind in KINDS}
    for one in found:
        there[one.kinds[0]].append(one)
    return {kind: patients for kind, patients in there.items() if patients}


def _next(found: Sequence[Tried]) -> str:
    """How to go on."""
    ready = sum(one.enrolment is not None and not one.blocked for one in found)
    blocked = sum(bool(one.blocked) for one in found)
    if not ready and not blocked:
        return "There is nothing to put in force."
    told = f"To put it in force for {plural(ready, 'patient')}: the same with --apply --reason TEXT."
    left = f" {plural(blocked, 'patient')} for whom a step would be blocked: left out unless --blocked-too."
    return told + (left if blocked else "")


def as_json(one: Tried) -> dict[str, Any]:
    """What would be otherwise for one patient."""
    return {
        "patient": one.reference,
        "kinds": list(one.kinds),
        "error": one.error or None,
        "changes": changes_as_json(one.difference),
        "earlier_decisions": [plain(asdict(change)) for change in one.hindsight],
    }


def show_applied(change: str, found: Sequence[Tried], answers: Sequence[Answered], *, json: bool) -> None:
    """What was recorded, and for whom not."""
    changed = [one.reference for one in answers if isinstance(one, Recorded) and one.changed]
    refused = [one for one in answers if isinstance(one, NotRecorded)]
    asked = {one.reference for one in answers}
    left = [one for one in found if one.reference not in asked]
    done = [one for one in found if one.reference in set(changed)]
    if json:
        told = {"change": change if changed else None, "recorded": changed, **_others(refused, left)}
        print_json({**told, "changes": _changes(done)})
        return
    if changed:
        print(f"Put in force for {plural(len(changed), 'patient')}. The change is {change};")
        print(f"`carepath pathway undo {change} --reason TEXT` takes it back.")
    else:
        print("Nothing was recorded.")
    for kind, there in _sorted(left).items():
        names = "" if kind in _ONLY_COUNTED else f": {', '.join(one.reference for one in there)}"
        print(f"Left out, {plural(len(there), 'patient')}. {KINDS[kind]}{names}")
    _complain(refused)
    _list_in_short(done)


def show_undone(
    change: str, found: Undoing, rehearsed: Sequence[Tried], answers: Sequence[Answered], *, json: bool
) -> None:
    """Who is followed as before again, with what that changes as it was `rehearsed`, and who is not."""
    back = [one.reference for one in answers if isinstance(one, Recorded) and one.changed]
    refused = [one for one in answers if isinstance(one, NotRecorded)]
    done = [one for one in rehearsed if one.reference in set(back)]
    if json:
        failed = {one.reference: str(one.error) for one in refused}
        told = {"undone": change, "patients": back, "others": dict(found.others), "not_recorded": failed}
        print_json({**told, "changes": _changes(done)})
        return
    print(f"{change} is taken back for {plural(len(back), 'patient')}.")
    for why in dict.fromkeys(found.others.values()):
        print(
            f"Left as they are, {why}: {', '.join(one for one, told in found.others.items() if told == why)}"
        )
    _complain(refused)
    _list_in_short(done)


def _changes(done: Sequence[Tried]) -> dict[str, Any]:
    return {one.reference: changes_as_json(one.difference) for one in done}


def _others(refused: Sequence[NotRecorded], left: Sequence[Tried]) -> dict[str, Any]:
    return {
        "not_recorded": {one.reference: str(one.error) for one in refused},
        "left_out": {one.reference: one.kinds[0] for one in left},
    }


def _complain(refused: Sequence[NotRecorded]) -> None:
    for one in refused:
        complain(f"{visible(one.reference)}: {one.error}; run the same again")
