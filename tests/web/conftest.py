"""The application in this process, with the patients of a few examples and somebody in every role."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cli.incoming import Incoming, open_source, recording
from coordination.entries import Assigned
from coordination.saying import say
from notifications.site_now import SiteNow
from store import accounts, identities
from store.database import Database, open_database
from store.library import shipped
from store.record import record_many
from tests.coordination.people import OFFICE
from tests.keys import KEYS
from tests.passwords import PASSWORD as PASSWORD
from tests.passwords import quick_hashes as quick_hashes
from tests.store.cast import at
from web.app import application
from web.place import Place

EXAMPLES = Path(__file__).parents[1] / "examples"
RECORDED = at("2025-02-03")
NOON = at("2025-03-03")
"""The time by the application's clock: some days after what was recorded."""
ROLES = {
    "anna": ("coordinator",),
    "ben": ("clinician",),
    "lena": ("chair",),
    "audit": ("auditor",),
    "second": ("auditor",),
    "admin": ("administrator",),
    "program": ("integration",),
}


@dataclass
class Desk:
    """An application with its database; `now` is the time by its clock."""

    database: Database
    now: datetime = NOON

    def __post_init__(self) -> None:
        self.place = Place(
            self.database, shipped(self.database), lambda: self.now, secure=False, site=SiteNow()
        )
        self.app = application(self.place)

    def pass_(self, time: timedelta) -> None:
        self.now += time

    def browser(self, name: str = "") -> Browser:
        """A browser in which somebody has signed in, or nobody."""
        made = Browser(TestClient(self.app, base_url="http://testserver", follow_redirects=False))
        if name:
            made.sign_in(name, self.database, self.now)
        return made

    def number(self, reference: str) -> int:
        with self.database.reading() as connection:
            head = identities.find(connection, reference)
        assert head is not None
        return head.patient_id


@dataclass
class Browser:
    """One browser; forms are sent with the key of the sign-in, as pages do it."""

    client: TestClient
    form_key: str = ""

    def sign_in(self, name: str, database: Database, now: datetime) -> None:
        with database.writing() as connection:
            found = next(one for one in accounts.all_accounts(connection) if one.name == name)
            secret = accounts.begin(connection, found.id, now, "test")
        self.client.cookies.set("carepath", secret)
        with database.reading() as connection:
            signed = accounts.whose(connection, secret, now)
        assert signed is not None
        self.form_key = signed[0].form_key

    def get(self, path: str, **headers: str):  # type: ignore[no-untyped-def]
        return self.client.get(path, headers=headers)

    def send(self, path: str, **fields: str | Sequence[str]):  # type: ignore[no-untyped-def]
        return self.client.post(path, data={"form_key": self.form_key, **fields})


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, quick_hashes: None) -> Path:
    """An SQLite file with patients of anna and ben, and an account for every role."""
    file = tmp_path_factory.mktemp("desk") / "carepath.db"
    database = open_database(f"sqlite:///{file}", KEYS)
    for example in sorted(EXAMPLES.glob("*.yaml")):
        source = open_source(example)
        recordings = [recording(one, source) for one in source.patients if isinstance(one, Incoming)]
        list(record_many(database, recordings, recorder="anna", now=RECORDED, derive=shipped(database)))
    with database.writing() as connection:
        for entry in OFFICE:
            say(connection, entry, recorder="anna", now=NOON)
        for place, number in enumerate(identities.references(connection).values()):
            owner = Assigned(owner=("anna", "ben")[place % 2])
            say(connection, owner, patient_id=number, recorder="lena", now=NOON)
        for name, roles in ROLES.items():
            accounts.add(connection, name, roles, PASSWORD, NOON, must_change=False)
    database.close()
    return file


@pytest.fixture
def desk(filled: Path, tmp_path: Path) -> Iterator[Desk]:
    file = tmp_path / "carepath.db"
    shutil.copy(filled, file)
    database = open_database(f"sqlite:///{file}", KEYS)
    yield Desk(database)
    database.close()
