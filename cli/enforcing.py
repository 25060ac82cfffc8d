"""A version or settings put in force for chosen patients: tried, recorded, taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cli.change import check_reason
from cli.enforce_page import show_applied, show_tried, show_undone
from cli.processors import processors
from cli.progress import counted
from cli.status import BadInput, Interrupted, Status
from cli.to_enforce import Asked, Whom
from cli.workplace import Workplace, workplace, worth_a_bar
from store.enforcement import Back, Tried, put_in_force, tried, undoing
from store.identities import references
from store.record import Answered, record_many
from store.recording import NotRecorded


def try_on(asked: Asked, whom: Whom, *, json: bool) -> Status:
    """Tell what would be otherwise for each patient; nothing is written."""
    with workplace() as here:
        found = _tried(here, asked, whom, json)
    show_tried(asked, found, here.today, json=json)
    return Status.OK


def apply_to(asked: Asked, whom: Whom, reason: str, blocked_too: bool, *, json: bool) -> Status:
    """Record it for each patient for whom it was tried and needs no person."""
    with workplace() as here:
        check_reason(here, reason, *whom.named)
        found = _tried(here, asked, whom, json)
        wanted = [one for one in found if one.enrolment and (blocked_too or not one.blocked)]
        change = asked.order.name(here.today, reason, found)
        answers = put_in_force(
            here.database,
            wanted,
            reason,
            change,
            recorder=here.recorder,
            now=here.now,
            derive=asked.derivation(here),
            jobs=processors(),
        )
        again = f"the change is {change}: run the same again for the others, or undo it for those who have it"
        done = _recorded(answers, len(wanted), again, json)
    show_applied(change, found, done, json=json)
    return _status(done)


def take_back(change: str, reason: str, *, json: bool) -> Status:
    """Put back what was in force before a change. Raises BadInput where there is none of that name."""
    with workplace() as here:
        found = undoing(here.database, change, reason)
        if not found.recordings and not found.others:
            raise BadInput(
                f"there is no change {change!r}; `carepath pathway enforce --apply` tells its name"
            )
        here.seen(None, {"change": change})
        names = [one.reference for one in found.recordings]
        rehearsed = list(
            tried(here.database, Back(), names, now=here.now, derive=here.derive, jobs=processors())
        )
        answers = record_many(
            here.database,
            found.recordings,
            recorder=here.recorder,
            now=here.now,
            derive=here.derive,
            jobs=processors(),
        )
        done = _recorded(answers, len(found.recordings), "undo it again for the others", json)
    show_undone(change, found, rehearsed, done, json=json)
    return _status(done)


def _status(answers: Sequence[Answered]) -> Status:
    return Status.FOUND if any(isinstance(one, NotRecorded) for one in answers) else Status.OK


def _tried(here: Workplace, asked: Asked, whom: Whom, quiet: bool) -> list[Tried]:
    chosen = whom.references(here)
    derive = asked.derivation(here)
    answers = tried(here.database, asked.order, chosen, now=here.now, derive=derive, jobs=processors())
    found = list(counted(answers, len(chosen), "patients tried", quiet=quiet or len(chosen) < worth_a_bar))
    _log(here, asked, whom, chosen)
    return found


def _log(here: Workplace, asked: Asked, whom: Whom, chosen: Sequence[str]) -> None:
    """Write into the access log who is about to be shown: each who was named, else all as one list."""
    version = asked.order.pathway
    details = {
        "version": f"{version.id} {version.version}" if version else "",
        "set": ", ".join(f"{name}={value}" for name, value in asked.order.settings.items()),
        "state": whom.state,
        "shown": len(chosen),
    }
    if whom.everybody or whom.state:
        here.seen(None, details)
        return
    with here.database.reading() as connection:
        numbers = references(connection)
    for reference in chosen:
        here.seen(numbers[reference], details)


def _recorded(answers: Iterable[Answered], total: int, again: str, quiet: bool) -> list[Answered]:
    """All answers. Raises Interrupted, telling how to go on."""
    try:
        return list(counted(answers, total, "patients", quiet=quiet or total < worth_a_bar))
    except KeyboardInterrupt:
        raise Interrupted(f"whoever was recorded is whole, nobody in part; {again}") from None
