"""A version or settings put in force for chosen patients: tried, recorded, taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.change import check_reason
from cli.enforce_page import show_applied, show_tried, show_undone
from cli.pathway_find import find, own_file
from cli.processors import processors
from cli.progress import counted
from cli.status import BadInput, Interrupted, Status
from cli.workplace import Workplace, workplace, worth_a_bar
from pathways.basis import shipped_basis
from pathways.canonical import to_json
from pathways.check import check
from pathways.pathway import Pathway
from pathways.settings import SettingError, Settings
from pathways.titles import known_states
from pathways.vocabulary import closest
from store.derivation import Derivation
from store.enforcement import Back, Order, Tried, put_in_force, tried, undoing
from store.identities import references
from store.library import ref_of, shipped
from store.record import Answered, record_many
from store.recording import NotRecorded
from store.tracking import Wanted, tracking_list


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


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed: the order, and the version in full where one was named."""

    order: Order
    pathway: Pathway | None = None

    @classmethod
    def of(cls, name: str, settings: Mapping[str, str], add: bool) -> Asked:
        """Raises BadInput for what cannot be put in force."""
        if not name and not settings:
            raise BadInput("what is to be put in force? Name a PATHWAY, or --set NAME=VALUE")
        try:
            Settings.from_overrides(settings)
        except SettingError as error:
            raise BadInput(f"--set: {error}") from None
        if not name:
            return cls(Order(None, settings))
        one = find(name)
        if own_file(name):
            _check_own(name, one)
        return cls(Order(ref_of(one), settings, add), one)

    def derivation(self, here: Workplace) -> Derivation:
        """The functions of the engine, with this version among the pathways."""
        return shipped(here.database, (to_json(self.pathway),) if self.pathway else ())


def _check_own(name: str, one: Pathway) -> None:
    """A pathway of one's own must rest on what ships: the store records no other words."""
    basis = shipped_basis()
    problems = list(check(one, basis.statements, basis.vocabulary, basis.conflicts))
    if problems:
        told = "patients are recorded in the words that ship, and its statements must be of the catalogue"
        lines = [f"  {problem.where}: {problem.message}" for problem in problems[:_told_at_most]]
        more = [f"  and {len(problems) - len(lines)} more"] if len(problems) > len(lines) else []
        raise BadInput("\n".join((f"{name} cannot be put in force; {told}:", *lines, *more)))


_told_at_most = 5


@dataclass(frozen=True, slots=True)
class Whom:
    """The patients that were asked for, in one of these ways."""

    everybody: bool
    state: str
    named: tuple[str, ...]
    file: Path | None

    def references(self, here: Workplace) -> list[str]:
        """Raises BadInput where they were asked for in no way or in two, and for somebody nobody knows."""
        if sum((self.everybody, bool(self.state), bool(self.named or self.file))) != 1:
            raise BadInput("for whom? --all, --state STATE, --patients FILE or --patient REFERENCE")
        if self.state:
            return _in_state(here, self.state)
        with here.database.reading() as connection:
            known = references(connection)
        wanted = list(known) if self.everybody else list(dict.fromkeys((*self.named, *_listed(self.file))))
        unknown = [one for one in wanted if one not in known]
        if unknown:
            shown = ", ".join(map(repr, unknown[:_told_at_most]))
            more = len(unknown) - _told_at_most
            raise BadInput(f"there is no patient {shown}{f' and {more} more' if more > 0 else ''}")
        return wanted


def _in_state(here: Workplace, state: str) -> list[str]:
    if state not in known_states():
        raise BadInput(f"there is no state {state!r}{closest(state, known_states())}")
    here.bring_up_to_date()
    return sorted(one.reference for one in tracking_list(here.database, Wanted(state=state), limit=None))


def _listed(file: Path | None) -> Iterator[str]:
    if file is None:
        return
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{file} is not UTF-8") from None
    yield from filter(None, map(str.strip, text.splitlines()))


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
