"""What was typed to put a version or settings in force: what, and for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.pathway_find import find, own_file
from cli.status import BadInput
from cli.workplace import Workplace
from pathways.basis import shipped_basis
from pathways.canonical import to_json
from pathways.check import check
from pathways.pathway import Pathway
from pathways.settings import SettingError, Settings
from pathways.titles import known_states
from pathways.vocabulary import closest
from store.derivation import Derivation
from store.enforcement import Order
from store.identities import references
from store.library import ref_of, shipped
from store.tracking import Wanted, tracking_list

_told_at_most = 5


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
