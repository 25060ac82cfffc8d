"""The site's desk as it stands now, folded anew only where something was said since."""

from __future__ import annotations

from sqlalchemy import Connection

from coordination.site_desk import SiteDesk
from store import desk


class SiteNow:
    """Gives what stands at the site as of a connection; asking again costs one look at an index."""

    def __init__(self) -> None:
        self._state = (-1, -1)
        self._desk = SiteDesk()

    def __call__(self, connection: Connection) -> SiteDesk:
        if (state := desk.state_of_site(connection)) != self._state:
            self._state, self._desk = state, SiteDesk.read(connection)
        return self._desk
