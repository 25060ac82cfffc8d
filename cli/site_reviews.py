"""The site's reviews of statements, for commands that need no database and no patient otherwise."""

from __future__ import annotations

from cli.output import complain
from cli.settings import CarepathSettings, data_folder
from pathways.guidelines.signoff import AS_SHIPPED, SignOffs
from store.database import open_database, sqlite_file
from store.errors import StoreError
from store.reviews import sign_offs
from store.sqlite import EMBEDDED


def site_sign_offs() -> SignOffs:
    """The reviews that stand at this site.

    Where there is none yet, none is made; where it cannot be read, that is told, and nothing counts as
    reviewed.
    """
    try:
        settings = CarepathSettings.read()
        url = settings.database_url or f"sqlite:///{data_folder() / EMBEDDED}"
        place = sqlite_file(url)
        if place is not None and not place.exists():
            return AS_SHIPPED
        database = open_database(url, settings.site_keys())
        try:
            return sign_offs(database)
        finally:
            database.close()
    except StoreError as error:
        complain(f"carepath: the site's reviews of statements cannot be read: {error}")
        return AS_SHIPPED
