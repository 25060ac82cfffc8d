"""`carepath keys`: the secret keys of a site, made, checked and replaced by new ones."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from cli.days import plural
from cli.output import complain, print_json
from cli.parameters import JsonObject
from cli.progress import counted
from cli.settings import CarepathSettings
from cli.site_keys import key_file, open_site
from cli.status import BadInput, Status, Unavailable
from cli.workplace import database_url
from store.database import Database, open_existing
from store.errors import StoreError
from store.keys import KINDS, Keys, new_keys, read_file, replace_file, write_file
from store.rotation import batch, outdated, outdated_factors, people, renew
from store.site_keys import KnownKey, known_keys

app = typer.Typer(
    help="The secret keys of this site: make them, check them, replace them by new ones.",
    no_args_is_help=True,
)

USES = {
    "vault": "encrypts who the patients are",
    "index": "finds them by reference, name or number",
    "signing": "signs the seals of the ledger",
}


@app.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there yet.")],
) -> Status:
    """Make new keys for a new site, in a file that only you may read."""
    if not file.name:
        raise BadInput(f"{str(file)!r} is no name of a file; name one that is not there yet")
    write_file(file, new_keys())
    print(f"New keys are in {file}. Name it with CAREPATH_KEY_FILE, and keep a copy apart from the database:")
    print("without the keys nobody can read who the patients are, ever again.")
    return Status.OK


@app.command()
def check(json: JsonObject = False) -> Status:
    """Whether the keys are those of the database, and everybody is encrypted with the ones in use."""
    with contextlib.closing(open_site()) as database:
        left, number, factors = outdated(database), people(database), outdated_factors(database)
        with database.reading() as connection:
            keys = known_keys(connection)
        in_use = {database.keys.in_use(kind)[0] for kind in KINDS}
    if json:
        rows = [
            {**one._asdict(), "since": one.since.isoformat(), "in_use": one.name in in_use} for one in keys
        ]
        told = {"identities": number, "under_earlier_keys": left, "factors_under_earlier_keys": factors}
        print_json({"keys": rows, **told})
    else:
        _show(key_file() or "CAREPATH_KEYS", keys, in_use)
        print(_told(number, left))
        if factors:
            print(f"Second factors under earlier keys: {factors}. `{_again} vault` renews them.")
    return Status.FOUND if left or factors else Status.OK


@app.command()
def rotate(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="vault, index or signing.")],
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="The key file. Default: the one in use.")
    ] = None,
) -> Status:
    """Put a new key in the place of one in use, and encrypt or index everybody anew with it.

    The key file is replaced as a whole, and kept as it was beside it. Stop other carepaths first.
    """
    if kind not in KINDS:
        raise BadInput(f"which key? {', '.join(KINDS)}, not {kind!r}")
    place, url = _real(file or _file()), database_url()
    keys = read_file(place)
    goes_on = kind != "signing" and _finish_earlier(url, keys, kind)
    if not goes_on:
        keys = keys.rotated(kind)
        name, _ = keys.in_use(kind)
        kept = place.with_name(f"{place.name}.before-{name}")
        replace_file(place, keys, kept)
        print(f"New key {name} in {place}; the file as it was: {kept}")
        try:
            with contextlib.closing(open_existing(url, keys)) as database:
                if kind != "signing":
                    _renew(database)
        except StoreError as error:
            then = (
                "the next command uses it" if kind == "signing" else f"run `{_again} {kind}` again to go on"
            )
            raise Unavailable(f"{error}\nThe new key is in {place} already: {then}.") from None
    print("Give the new file to every machine of this site; with the earlier one carepath refuses to work.")
    return Status.OK


_again = "carepath keys rotate"


def _real(place: Path) -> Path:
    """The file itself: a link to it stays a link."""
    return place.resolve() if place.is_symlink() else place


def _finish_earlier(url: str, keys: Keys, kind: str) -> bool:
    """Finish a rotation that was interrupted, if there is one; whether it was one of this kind of key."""
    with contextlib.closing(open_existing(url, keys)) as database:
        if not (left := outdated(database)):
            return False
        same = outdated(database, [kind]) > 0
        complain(f"carepath: an earlier rotation was not finished; it goes on with {_patients(left)}")
        _renew(database)
    return same


def _renew(database: Database) -> None:
    number = people(database)
    batches = counted(renew(database), number // batch + 1, "batches", quiet=number < batch)
    print(f"Encrypted and indexed anew: {_patients(sum(batches))}.")


def _file() -> Path:
    """The key file in use. Raises BadInput where the keys stand in no file, or nobody named one."""
    if CarepathSettings.read().keys is not None:
        raise BadInput(
            "the keys stand in CAREPATH_KEYS, which no command can change: write them into a file, name it"
            " with --file, and set the variable from it afterwards"
        )
    if (place := key_file()) is None:
        raise BadInput("which key file? Name it with --file or CAREPATH_KEY_FILE")
    return place


def _show(whence: object, keys: list[KnownKey], in_use: set[str]) -> None:
    from cli.console import console, table

    print(f"Keys: {whence}")
    made = table("Key", "In use", "Since", "What it does")
    for one in keys:
        used = one.name in in_use
        made.add_row(
            one.name, "yes" if used else "no", f"{one.since:%Y-%m-%d}", USES[one.kind] if used else ""
        )
    console().print(made)


def _told(number: int, left: int) -> str:
    if left:
        return (
            f"{_patients(left)} of {number} still under earlier keys: an earlier rotation was not finished,"
            " `carepath keys rotate vault` goes on with it."
        )
    return f"Identities of {_patients(number)}, all encrypted and indexed with the keys in use."


def _patients(number: int) -> str:
    return plural(number, "patient")
