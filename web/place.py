"""What the application works with: a database, pathways, a clock, and how it is reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from notifications.site_now import SiteNow
from store.database import Database
from store.derivation import Derivation
from web.house import House
from web.jobs import Jobs

if TYPE_CHECKING:
    from web.elsewhere import Elsewhere


@dataclass(frozen=True, slots=True)
class Place:
    """One application's surroundings.

    `secure`: it is reached by HTTPS, so that cookies travel only so. `setup_code` is what the first
    administrator types, told on the terminal; `demo`: all patients are made up. `jobs` are what takes long;
    `elsewhere` is where people may sign in other than here.
    """

    database: Database
    derive: Derivation
    clock: Callable[[], datetime]
    secure: bool
    demo: bool = False
    setup_code: str = ""
    version: str = ""
    site: SiteNow = field(default_factory=SiteNow)
    house: House = field(default_factory=House)
    jobs: Jobs = field(default_factory=Jobs)
    elsewhere: Elsewhere | None = None
