"""`carepath database`: begin one, bring its tables up to date, or move a site to another."""

from __future__ import annotations

import contextlib
from typing import Annotated

import typer

from cli.copied import shown, tell_chain, told_as_json
from cli.output import complain, print_json
from cli.parameters import JsonObject
from cli.settings import CarepathSettings
from cli.site_keys import check_beside, keys_to_name, lay_beside, open_site
from cli.status import BadInput, Status
from cli.workplace import database_url, workplace
from store.backup import checked
from store.database import Database, open_database, revision_of, sqlite_file, upgrade_database
from store.errors import NoDatabase
from store.keys import Keys
from store.schema import REVISION
from store.site_copy import copy_site, patients_and_entries

app = typer.Typer(
    help="Begin a database, bring its tables up to date, or move a site to another one.", no_args_is_help=True
)


@app.command()
def new() -> Status:
    """Begin a site with nobody in it: in a file that is not there, or in an empty database of a server."""
    url = database_url()
    with contextlib.suppress(NoDatabase):
        if found := revision_of(url):
            raise BadInput(f"{shown(url)} holds a site already, of schema {found}; nothing was changed")
    with workplace(begins=True):
        print(f"A new site stands in {shown(url)}; nobody is in it yet.")
    print("`carepath serve` opens the desk and makes the first administrator; `carepath import` fills it.")
    return Status.OK


@app.command()
def upgrade() -> Status:
    """Bring the tables up to date with this carepath, all or nothing.

    First stop every other carepath that works on the database, and make a backup.
    """
    url = database_url()
    found = upgrade_database(url, CarepathSettings.read().site_keys())
    if found is None:
        print(f"Nothing to do: the tables are those of schema {REVISION}, as this carepath needs them.")
        return Status.OK
    print(f"The tables were brought from schema {found} to {REVISION}; nothing that was recorded changed.")
    if place := sqlite_file(url):
        print(f"The file as it was before: {place}.before-{REVISION}")
    return Status.OK


@app.command()
def copy(
    to: Annotated[str, typer.Option("--to", metavar="URL", help="The empty database to copy into.")],
    json: JsonObject = False,
) -> Status:
    """Copy everything into an empty database of either kind, and prove that both are equal.

    The database that is copied stays as it is. Stop recording in it first.
    """
    with (
        contextlib.closing(open_site()) as source,
        contextlib.closing(_target(to, source.keys)) as target,
    ):
        lay_beside(to, source.keys)  # first: whoever is killed leaves no database that nobody opens
        held = copy_site(source, target)
        found = checked(target)
        with source.reading() as connection:
            _, now_there = patients_and_entries(connection)
    later = now_there - found.entries
    if json:
        print_json({**told_as_json(found, held), "to": shown(to), "recorded_meanwhile": later})
    else:
        print(f"Copied to {shown(to)}, and read back equal, row by row:")
        tell_chain(found)
        print("The database it was copied from is unchanged. To work on the new one, set")
        print(f"CAREPATH_DATABASE_URL={shown(to)}")
        if file := keys_to_name(to):
            print(f"CAREPATH_KEY_FILE={file}")
    if later:
        complain(
            f"Recorded while it was copied, and not in the copy: {later:,} more in the ledger."
            " Stop recording, and copy again into an empty database."
        )
    return Status.FOUND if found.problems or later else Status.OK


def _target(to: str, keys: Keys) -> Database:
    check_beside(to, keys)
    return open_database(to, keys)
