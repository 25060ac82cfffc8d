"""Who a patient is stands in the body of a message where the site allows it, and nowhere else.

The reference, name and number below are in the database. A worker sends by every kind of channel, against
servers that quote what they were sent; every trace it leaves is searched for them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from email.headerregistry import Address
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from notifications.channels import Channel, Outgoing
from notifications.channels.apprise import Apprised
from notifications.channels.email import Email
from notifications.channels.webhook import Webhook
from notifications.worker import Worker
from store.database import Database
from store.recording import Recording
from store.work_tables import WORK
from tests.notifications.office import ANNA, LENA, SITE, assign, furnish
from tests.notifications.servers import MailServer, Receiver, mail_server, receiver
from tests.store.cast import at, entries, event, say
from tests.store.toy import derivation

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

REFERENCE, NAME, NUMBER = "ZZREF-5150", "Zwetschgenbaum, Adelgunde", "XQ-99887766"
WHO = ("zzref", "zwetschgenbaum", "adelgunde", "99887766", "1941")
MORNING = at("2025-04-01", "08:00")
START = event("systemic_started", "2025-03-03", "s1", line=1, regimen_class=["endocrine_cdk46"])


class Broken:
    """A channel with a mistake in it."""

    name, per_minute = "broken", None

    def send(self, one: Outgoing) -> None:
        raise ZeroDivisionError(f"{REFERENCE} {NAME} {one.text}")


@pytest.fixture
def ward(database: Database) -> Database:
    """One patient whose response is overdue; the site tells names, and Anna wants it at once by all ways."""
    ways = {"email": "anna@example.org", "hook": "anna", "sms": "+49170", "broken": "anna"}
    anna = ANNA.model_copy(update={"addresses": ways, "singly": ("overdue",)})
    furnish(database, SITE.model_copy(update={"names_in_messages": True}), anna, LENA)
    facts = {"sex": "female", "birth_date": "1941-07-23"}
    said = Recording(REFERENCE, entries(START), facts=facts, name=NAME, numbers={"insurance": NUMBER})
    say(database, said)
    assign(database, REFERENCE, "anna")
    return database


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[MailServer, Receiver]]:
    with mail_server(tmp_path, "none") as mail, receiver() as found:
        yield mail, found


def channels(mail: MailServer, found: Receiver) -> list[Channel]:
    def now() -> datetime:
        return datetime(2025, 4, 1, tzinfo=UTC)

    sender = Address("carepath", "carepath", "hospital.example")
    email = Email("email", None, "127.0.0.1", mail.port, "none", sender, now)
    hook = Webhook("hook", None, urlsplit(f"http://127.0.0.1:{found.port}/"), b"x" * 24, now)
    sms = Apprised("sms", None, f"json://127.0.0.1:{found.port}/", whole=True)
    return [email, hook, sms, Broken()]


def traces(database: Database) -> str:
    """Everything in the tables that reminders write; the desk is what people said themselves."""
    with database.reading() as connection:
        tables = [one for one in WORK if one.name != "desk"]
        return "".join(repr(connection.execute(one.select()).all()) for one in tables)


def names(text: str) -> list[str]:
    return [one for one in WHO if one in text.casefold()]


@pytest.mark.parametrize("well", [True, False])
def test_nothing_but_the_message_itself_names_anybody(
    ward: Database, servers: tuple[MailServer, Receiver], well: bool, caplog: pytest.LogCaptureFixture
) -> None:
    mail, found = servers
    caplog.set_level(logging.DEBUG)
    for name in ("mail.log", "asyncio"):
        caplog.set_level(logging.CRITICAL, logger=name)  # those of the mail server
    if not well:
        mail.box.answers["DATA"] = f"554 5.6.0 {REFERENCE} {NAME} is refused"
        found.status, found.headers = 400, {"X-Quoted": f"{REFERENCE}"}
    told: list[str] = []
    Worker(ward, derivation, channels(mail, found), "w1", lambda: MORNING, told.append).once()
    kept = traces(ward)
    assert names(kept) == []
    assert names("\n".join(told)) == []
    assert names(caplog.text) == []
    assert kept.count("'sent'") >= (3 if well else 1)
    assert [names(request.path + repr(request.headers)) for request in found.requests] == [[], []]
    if well:
        (one,) = mail.box.mails
        assert names("".join(value for name, value in one.items())) == []
        text = one.get_body(("plain",))
        assert text is not None
        assert names(text.get_content()) == ["zzref", "zwetschgenbaum", "adelgunde"]
        assert all(REFERENCE.encode() in request.body for request in found.requests)
