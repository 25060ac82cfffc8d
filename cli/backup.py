"""`carepath backup` and `carepath restore`: one file with all that is recorded, and the way back."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from cli.copied import shown, tell_chain, told_as_json
from cli.output import complain, print_json
from cli.parameters import JsonObject
from cli.site_keys import check_beside, keys_of_backup, lay_beside, open_site
from cli.status import BadInput, Status, Unavailable
from store.backup import Checked, back_up, checked, left_over, opened_backup
from store.database import Database, open_database
from store.site_copy import copy_site

File = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]


def backup(file: File, json: JsonObject = False) -> Status:
    """Write a backup of the database into a new file, also while others work with it."""
    if file.exists():
        raise BadInput(f"{file} is there already, and is not overwritten; name another file")
    _check_own_name(file)
    for other in left_over(file.parent):
        complain(f"carepath: {other} was left by a backup that was killed, with a copy of the database;")
        complain("delete it, unless another backup is being made at this moment")
    with contextlib.closing(open_site()) as database:
        found, digest = back_up(database, file)
    if json:
        print_json({"file": str(file), "sha256": digest, **told_as_json(found)})
    else:
        print(f"Backup in {file}:")
        tell_chain(found)
        print(f"SHA-256 {digest}")
    return _status(found)


def _check_own_name(file: Path) -> None:
    """Raises BadInput for a name that SQLite or carepath gives a file beside a database."""
    if file.name.endswith(_BESIDE):
        told = "would be taken for a file that belongs to a database, as do all whose names end in"
        raise BadInput(f"{file} {told} {', '.join(_BESIDE)}; name another file")


_BESIDE = ("-wal", "-shm", "-journal", ".keys")


def restore(
    file: File,
    to: Annotated[
        str | None, typer.Option("--to", metavar="URL", help="The empty database to restore into.")
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Follow every chain of entries; without --to keep nothing.")
    ] = False,
    json: JsonObject = False,
) -> Status:
    """Restore a backup into an empty database, and prove that it holds the same, row by row.

    With --verify alone the backup is tried in a temporary place, and nothing is kept.
    """
    if to is None and not verify:
        raise BadInput("name an empty database with --to URL, or only try the backup with --verify")
    if not file.is_file():
        raise Unavailable(f"{file}: No such file or directory")
    with opened_backup(file, keys_of_backup(file)) as source:
        found = _restored(source, to, verify) if to else checked(source)
    if json:
        print_json({"file": str(file), "to": shown(to) if to else None, **told_as_json(found)})
    else:
        told = f"restored to {shown(to)}, and read back equal, row by row" if to else "can be restored"
        print(f"{file} {told}:")
        tell_chain(found)
    return _status(found)


def _restored(source: Database, to: str, verify: bool) -> Checked:
    check_beside(to, source.keys)
    with contextlib.closing(open_database(to, source.keys)) as target:
        lay_beside(to, source.keys)  # first: whoever is killed leaves no database that nobody opens
        copy_site(source, target)
        return checked(target, chains=verify)


def _status(found: Checked) -> Status:
    return Status.FOUND if found.problems else Status.OK
