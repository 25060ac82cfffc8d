"""Where the keys of this site are, and which ones a command uses for a backup or a copy of its database."""

from __future__ import annotations

from pathlib import Path

from cli.settings import CarepathSettings
from cli.status import BadInput
from cli.workplace import database_url
from store.database import Database, open_existing, sqlite_file
from store.keys import Keys, beside, read_file, write_file


def open_site() -> Database:
    """The database the environment names, which is there already. Raises CannotOpen."""
    return open_existing(database_url(), CarepathSettings.read().site_keys())


def key_file() -> Path | None:
    """The file with the keys of this site; None where they stand in a variable, or nobody named a file."""
    settings, site = CarepathSettings.read(), sqlite_file(database_url())
    if settings.keys is not None:
        return None
    return settings.key_file or (beside(site) if site else None)


def keys_of_backup(file: Path) -> Keys:
    """The keys the environment names, else those beside the backup or beside the SQLite file of this site.

    Raises BadInput where there are none, CannotOpen where they cannot be read.
    """
    if (named := CarepathSettings.read().site_keys()) is not None:
        return named
    site = sqlite_file(database_url())
    places = [beside(file), *([beside(site)] if site else [])]
    for place in places:
        if place.exists():
            return read_file(place)
    told = " or ".join(map(str, places))
    raise BadInput(
        f"a backup is read with the keys of its site: name them with CAREPATH_KEY_FILE, or lay them at {told}"
    )


def check_beside(url: str, keys: Keys) -> None:
    """Raises BadInput where other keys lie beside a new SQLite file: nobody could open it with those."""
    place = sqlite_file(url)
    if place is None or CarepathSettings.read().site_keys() is not None or not beside(place).exists():
        return
    if read_file(beside(place)) != keys:
        raise BadInput(
            f"{beside(place)} holds other keys than those of this site, nothing was written: name another"
            " database with --to, or put that file elsewhere if its database is gone"
        )


def lay_beside(url: str, keys: Keys) -> Path | None:
    """Keep the keys beside a new SQLite file, where the environment names none; answers where.

    Raises CannotOpen.
    """
    place = sqlite_file(url)
    if place is None or CarepathSettings.read().site_keys() is not None or beside(place).exists():
        return None
    write_file(beside(place), keys)
    return beside(place)


def keys_to_name(url: str) -> Path | None:
    """The keys beside this site's SQLite file, where a database at this URL would not find them by itself."""
    site = sqlite_file(database_url())
    if site is None or sqlite_file(url) is not None or CarepathSettings.read().site_keys() is not None:
        return None
    return beside(site)
