"""`carepath identify --from`: who many patients are, from a table, all of them or none."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from cli.days import plural
from cli.output import print_json
from cli.status import BadInput, Status
from cli.workplace import workplace
from store.errors import Refused
from store.roster import Completed, complete


def from_roster(file: Path, dry_run: bool, json: bool) -> Status:
    """Keep what the table says. Raises BadInput with everything wrong with it; then nothing was kept."""
    from interop.located import BrokenFile
    from interop.roster import read_roster

    try:
        roster = read_roster(file)
    except BrokenFile as broken:
        raise BadInput(f"{file.name}: {broken}") from None
    with workplace() as here:
        found = None
        try:
            found = complete(
                here.database,
                roster.rows,
                look=here.look(),
                source="roster",
                now=here.now,
                derive=here.derive,
                rehearse=dry_run or bool(roster.faults),
            )
            faults = roster.faults
        except Refused as refused:
            faults = (*roster.faults, *refused.faults)
        if faults or found is None:
            told = "\n".join(f"  {fault}" for fault in sorted(faults, key=lambda one: _row(one.event)))
            raise BadInput(f"nothing was kept of {file.name}:\n{told}")
        if dry_run:
            here.seen(None, {"tried": len(roster.rows)})
    _tell(found, dry_run, json)
    return Status.OK


def _row(event: str | None) -> int:
    return int((event or "row 0").rpartition(" ")[2])


def _tell(found: Completed, dry_run: bool, json: bool) -> None:
    what = Counter(one for all_ in found.changed.values() for one in all_)
    if json:
        told = {"changed": len(found.changed), "unchanged": found.unchanged, "shared_numbers": found.shared}
        print_json({**told, "kept": not dry_run, "what": dict(what)})
        return
    parts = ", ".join(f"{words} of {what[one]}" for one, words in _WORDS.items() if what[one])
    print(
        f"{plural(len(found.changed), 'patient')} completed{f' ({parts})' if parts else ''},"
        f" {found.unchanged} as known before."
    )
    if found.shared:
        print(f"{plural(found.shared, 'number')} of several patients; `carepath find NUMBER` shows them.")
    if dry_run:
        print("Nothing was kept: this was a trial.")


_WORDS = {"name": "name", "numbers": "numbers", "born": "date of birth"}
