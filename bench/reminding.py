"""What a job of another queue does to remind: look up one notice and whom it is for, and send; or derive the
patient besides, and decide. Nobody is told.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

from procrastinate import App, PsycopgConnector
from sqlalchemy import URL, make_url, select

from bench.site import NOW, derivation
from notifications.channels import Outgoing
from notifications.decide import Say, decide
from notifications.present import Present, present_or_trouble
from notifications.site_now import SiteNow
from notifications.sweep import kept
from store import identities
from store.database import Database, open_database
from store.derivation import Derivation
from store.keys import read_file
from store.settle import Reckoning
from store.tables import patient
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


site_now = SiteNow()
"""Who works there: asked anew only where something was said since."""


def tell(url: str, keys: str, id: str) -> None:
    """One notice, as it was written down: to the owner of the patient."""
    database, _ = opened(url, keys)
    with database.reading() as connection:
        found = select(notice, patient.c.owner).join(patient, patient.c.id == notice.c.patient_id)
        row = connection.execute(found.where(notice.c.id == id)).one()
        person = site_now(connection).people[row.owner]
        (reference,) = identities.named(connection, [row.patient_id]).values()
    text = f"{reference}: {row.item} {row.rung} {row.due}"
    Nowhere().send(Outgoing(id, person.addresses["email"], "", text, text))


def remind(url: str, keys: str, id: str) -> None:
    """One notice, as it stands now."""
    database, derive = opened(url, keys)
    with database.reading() as connection:
        site = site_now(connection)
        now = LATER.astimezone(site.site.time_zone)
        row = connection.execute(select(notice).where(notice.c.id == id)).one()
        found = present_or_trouble(connection, row.patient_id, site, Reckoning.at(now, derive), now)
    assert isinstance(found, Present)
    decided = decide(kept(row), found)
    assert isinstance(decided, Say)
    Nowhere().send(Outgoing(id, decided.to[0].addresses["email"], "", "", ""))


JOBS = {"tell": tell, "remind": remind}


def procrastinate(url: str | URL) -> App:
    """Its queue in this database."""
    on_server = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    app = App(connector=PsycopgConnector(conninfo=on_server))
    for name, job in JOBS.items():
        app.task(name=name)(job)
    app.task(name="nothing")(nothing)
    return app


def nothing() -> None:
    """A job without work."""


def work_off(app: App) -> None:
    """By one worker, until nothing is due."""
    app.run_worker(wait=False, concurrency=1, listen_notify=False, install_signal_handlers=False)
