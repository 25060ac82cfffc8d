"""What a job of another queue does to remind: derive the patient, decide about one notice, tell nobody."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

from procrastinate import App, PsycopgConnector
from sqlalchemy import URL, make_url, select

from bench.site import NOW, derivation
from coordination.site_desk import SiteDesk
from notifications.channels import Outgoing
from notifications.decide import Say, decide
from notifications.present import Present, present_or_trouble
from notifications.sweep import kept
from store.database import Database, open_database
from store.derivation import Derivation
from store.keys import read_file
from store.settle import Reckoning
from store.work_tables import notice

LATER = NOW + timedelta(100, hours=1)
"""The moment at which everybody is reminded."""


class Nowhere:
    """A channel that takes everything."""

    name, per_minute = "email", None

    def send(self, one: Outgoing) -> None: ...


@cache
def opened(url: str, keys: str) -> tuple[Database, Derivation]:
    """Once in a process."""
    database = open_database(url, read_file(Path(keys)))
    return database, derivation(database, free=False)


def remind(url: str, keys: str, id: str) -> None:
    """One notice, as it stands now."""
    database, derive = opened(url, keys)
    with database.reading() as connection:
        site = SiteDesk.read(connection)
        now = LATER.astimezone(site.site.time_zone)
        row = connection.execute(select(notice).where(notice.c.id == id)).one()
        found = present_or_trouble(connection, row.patient_id, site, Reckoning.at(now, derive), now)
    assert isinstance(found, Present)
    assert isinstance(decide(kept(row), found), Say)
    Nowhere().send(Outgoing(id, "anna@example.org", "", "", ""))


def procrastinate(url: str | URL) -> App:
    """Its queue in this database."""
    on_server = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    app = App(connector=PsycopgConnector(conninfo=on_server))
    app.task(name="remind")(remind)
    app.task(name="nothing")(nothing)
    return app


def nothing() -> None:
    """A job without work."""


def work_off(app: App) -> None:
    """By one worker, until nothing is due."""
    app.run_worker(wait=False, concurrency=1, listen_notify=False, install_signal_handlers=False)
