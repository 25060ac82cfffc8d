"""The site's desk as it stands now, folded anew only where something was said since."""

from __future__ import annotations

from sqlalchemy import Connection

from coordination.site_desk import SiteDesk
from store import desk


class SiteNow:
    """Gives what stands at the site as of a connection; asking again costs one look at an index. Threads may
    share one.
    """

    def __init__(self) -> None:
        self._seen = ((-1, -1), SiteDesk())

    @property
    def known(self) -> SiteDesk:
        """What stood when it was last asked for; nothing before that."""
        return self._seen[1]

    def __call__(self, connection: Connection) -> SiteDesk:
        state, (seen, found) = desk.state_of_site(connection), self._seen
        if state != seen:
            found = SiteDesk.read(connection)
            self._seen = state, found
        return found
