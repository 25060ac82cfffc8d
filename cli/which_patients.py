"""Which patients a command is about: those that were typed, those of a table, or those that `list` shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.at_desk import site_desk
from cli.status import BadInput
from cli.tracking_list import wanted_of
from cli.workplace import Workplace
from pathways.titles import closed_states
from store.tracking import tracking_list


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody typed to say which patients are meant."""

    references: Sequence[str]
    file: Path | None
    owner: str
    state: str
    overdue: bool
    deviation: str
    search: str

    @property
    def filtered(self) -> bool:
        """Whether they are those that `list` shows."""
        return any((self.owner, self.state, self.overdue, self.deviation, self.search))

    def owners(self, here: Workplace, to: str) -> dict[str, str]:
        """By reference, to whom each goes. Raises BadInput where that is not said in one way."""
        ways = sum((bool(self.references), self.file is not None, self.filtered))
        if ways != 1:
            told = "name PATIENTs, or give a table with --from, or say which with the options of `list`"
            raise BadInput(f"which patients? {told}{', one of these' if ways else ''}")
        if self.file is not None:
            return _of_file(self.file, to)
        references = list(self.references) or self._listed(here)
        return dict.fromkeys(references, to)

    def _listed(self, here: Workplace) -> list[str]:
        """Those that `list` shows; of a state that closes only where that state was asked for."""
        wanted = wanted_of(site_desk(here), self.state, self.overdue, self.deviation, self.owner, self.search)
        here.bring_up_to_date()
        found = tracking_list(here.database, wanted, limit=None)
        open_ = [row.reference for row in found if wanted.state or row.state not in closed_states()]
        if not open_:
            raise BadInput("`list` shows no open patient with these options: nobody is assigned")
        return open_


def _of_file(file: Path, to: str) -> dict[str, str]:
    from interop.located import BrokenFile
    from interop.owners import read_owners

    try:
        return read_owners(file, owner=to)
    except BrokenFile as broken:
        raise BadInput(f"{file.name}: {broken}") from None
