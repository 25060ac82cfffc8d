"""Channels, messages, settings and the record as an administrator looks after them."""

from __future__ import annotations

import stat
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from jinja2 import TemplateError
from sqlalchemy import insert, text

from cli.settings import CarepathSettings
from coordination.entries import Person
from coordination.saying import say
from notifications.channels import Channel, Down, Outgoing
from notifications.messages import Words
from notifications.preview import Preview
from notifications.site_file import NotConfigured
from store import access, accounts
from store.seals import read_export
from store.work_tables import attempt, message
from tests.web.conftest import NOON, Desk
from web.house import Configured, Finding, House
from web.jobs import Job, Jobs, UnderWay
from web.pages import operations_channels
from web.shown.settings import MEANINGS


def at_once(work: Callable[[], None]) -> None:
    work()


class Way:
    """A channel that keeps what was sent, or is down."""

    name = "email"
    per_minute = 60

    def __init__(self, *, down: bool = False) -> None:
        self.sent: list[Outgoing] = []
        self.down = down

    def send(self, one: Outgoing) -> None:
        if self.down:
            raise Down("the server is away")
        self.sent.append(one)


def with_house(desk: Desk, house: House) -> Desk:
    """The same desk in other surroundings; what takes long is done at once."""
    made = Desk(desk.database, desk.now)
    made.place = replace(made.place, house=house, jobs=Jobs(at_once))
    from web.app import application

    made.app = application(made.place)
    return made


def looks(desk: Desk, what: str) -> list[tuple[str, str]]:
    with desk.database.reading() as connection:
        return [(one.who, one.asked) for one in access.entries(connection) if one.what == what]


def reached(desk: Desk) -> None:
    with desk.database.writing() as connection:
        person = Person(name="anna", addresses={"email": "anna@example.org", "sms": "+491"})
        say(connection, person, recorder="lena", now=NOON)


@pytest.mark.parametrize("down", [False, True])
def test_a_channel_is_tried_out_with_a_message_about_nobody(desk: Desk, down: bool) -> None:
    reached(desk)
    way = Way(down=down)
    channels: Sequence[Channel] = (way,)
    there = with_house(desk, House(channels=lambda: channels))
    page = there.browser("admin").send("/operations/channels", channel="email", to="anna").text
    assert ("the server is away" in page) == down
    assert ("would wait, and be tried again" in page) == down
    assert ("Handed over" in page) != down
    assert [(one.address, one.subject) for one in way.sent] == (
        [] if down else [("anna@example.org", "carepath: test")]
    )
    assert looks(there, "channel test") == [("admin", '{"channel":"email","to":"anna"}')]
    for said in ({"channel": "none", "to": "anna"}, {"channel": "email", "to": "ben"}, {"channel": "email"}):
        assert there.browser("admin").send("/operations/channels", **said).status_code == 422
    assert "messages to anna wait to leave" in there.browser("admin").get("/operations/channels").text


def test_channels_that_cannot_be_read_are_told_with_the_reason(desk: Desk) -> None:
    def broken() -> Sequence[Channel]:
        raise NotConfigured("channels.toml: email: host is missing")

    page = with_house(desk, House(channels=broken)).browser("admin").get("/operations/channels").text
    assert "host is missing" in page


def test_how_a_channel_does_is_told_and_what_was_given_up_is_sent_again(desk: Desk) -> None:
    row = {"recipient": "anna", "channel": "email", "kind": "digest", "reason": "refused", "settled": NOON}
    row |= {"lease": None, "worker": None, "attempts": 0, "digest": None, "made": NOON}
    tries = [(1, "sent", ""), (2, "never", "550 no such mailbox")]
    with desk.database.writing() as connection:
        connection.execute(insert(message), {**row, "id": "m-1", "wake": None, "status": "dead"})
        connection.execute(insert(message), {**row, "id": "m-2", "wake": NOON, "status": "waiting"})
        for number, outcome, told in tries:
            at = NOON + timedelta(hours=number)
            said = {"message": "m-1", "number": number, "at": at, "worker": "w"}
            connection.execute(insert(attempt), {**said, "outcome": outcome, "told": told})
    there = with_house(desk, House(channels=lambda: (Way(),)))
    admin = there.browser("admin")
    page = admin.get("/operations/channels").text
    assert "550 no such mailbox" in page
    assert "Given up" in page
    assert "550 no such mailbox" in admin.get("/operations/messages").text
    assert admin.send("/operations/messages", message="m-1").status_code == 303
    assert "No message was given up" in admin.get("/operations/messages").text
    assert looks(there, "message resent") == [("admin", '{"message":"m-1"}')]
    assert admin.send("/operations/messages", message="m-1").status_code == 422
    assert admin.send("/operations/messages", message="none").status_code == 404


def test_what_a_message_would_say_is_for_those_who_may_see_patients(desk: Desk, tmp_path: Path) -> None:
    admin = desk.browser("admin")
    assert "needs another role" in admin.get("/operations/channels").text
    assert admin.send("/operations/channels/preview", person="anna").status_code == 422
    assert looks(desk, "channel preview") == []
    with desk.database.writing() as connection:
        accounts.change(connection, "admin", roles=["administrator", "clinician"])
    admin = desk.browser("admin")
    answer = admin.send("/operations/channels/preview", person="anna", language="de", patient="V02")
    assert (answer.status_code, "would not be sent" in answer.text) == (200, True)
    ((_, asked),) = looks(desk, "channel preview")
    assert asked == '{"language":"de","of":"anna","patients":"0"}'
    for said in (
        {"person": "anna", "patient": "nobody"},
        {"person": "x"},
        {"person": "anna", "language": "fr"},
    ):
        assert admin.send("/operations/channels/preview", **said).status_code == 422


def test_a_message_is_shown_as_it_would_be_sent(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk.database.writing() as connection:
        accounts.change(connection, "admin", roles=["administrator", "clinician"], teams=["ward"])
    asked: list[set[int]] = []

    def told(*_: object, only: set[int], **__: object) -> Preview:
        asked.append(only)
        return Preview(Words("1 due", "P-1 <b>is</b> due", "<p>"), 1)

    monkeypatch.setattr(operations_channels, "preview", told)
    answer = desk.browser("admin").send("/operations/channels/preview", person="anna", patient="V02")
    assert "P-1 &lt;b&gt;is&lt;/b&gt; due" in answer.text
    assert asked == [{desk.number("V02")}]

    def broken(*_: object, **__: object) -> Preview:
        raise TemplateError("no macro of this name")

    monkeypatch.setattr(operations_channels, "preview", broken)
    answer = desk.browser("admin").send("/operations/channels/preview", person="anna")
    assert (answer.status_code, "no macro of this name" in answer.text) == (422, True)


def test_every_setting_has_its_meaning_and_no_secret_is_shown(desk: Desk) -> None:
    assert set(MEANINGS) == {f"CAREPATH_{name.upper()}" for name in CarepathSettings.model_fields}
    said = (
        Configured("CAREPATH_KEYS", "•••", said=True),
        Configured("CAREPATH_CHANNELS", "/c.toml", said=True),
    )
    there = with_house(desk, House(settings=said))
    page = there.browser("admin").get("/operations/settings").text
    for told in (
        "response_min_months",
        "mdtbc-elig-response-3-6m",
        "C09",
        "no source prints it",
        "/c.toml",
        "•••",
    ):
        assert told in page, told


def test_the_record_is_checked_and_what_was_altered_is_told(desk: Desk) -> None:
    there = with_house(desk, House())
    admin = there.browser("admin")
    assert "Nobody has checked it" in admin.get("/operations/record").text
    assert admin.send("/operations/record", do="verify").status_code == 303
    assert "Every entry is as it was recorded" in admin.get("/operations/record").text
    assert "Checked last on" in desk.browser("admin").get("/operations/record").text  # another start of it
    with desk.database.writing() as connection:
        connection.execute(text("UPDATE ledger SET payload = '{}' WHERE seq = 2 AND patient_id = 1"))
    admin.send("/operations/record", do="verify")
    assert "Stop recording" in admin.get("/operations/record").text
    assert "problems were found" in desk.browser("admin").get("/operations/record").text
    assert [who for who, _ in looks(there, "verify")] == ["admin"] * 2
    assert admin.send("/operations/record", do="nothing").status_code == 422


def test_a_backup_is_made_on_the_server_and_never_given_away(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    there = with_house(desk, House(backups=folder))
    admin = there.browser("admin")
    assert admin.send("/operations/record", do="backup").status_code == 303
    (file,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.name in admin.get("/operations/record").text
    assert all(admin.get(f"/operations/{place}").status_code == 404 for place in (file.name, "backups"))
    assert desk.browser("admin").send("/operations/record", do="backup").status_code == 422  # no folder


def test_everything_is_looked_at_as_by_the_doctor(desk: Desk) -> None:
    found = (Finding("disk", "full", "make room"), Finding("keys", "are there"))
    admin = with_house(desk, House(findings=lambda: found)).browser("admin")
    admin.send("/operations/record", do="doctor")
    page = admin.get("/operations/record").text
    assert "make room" in page
    assert "are there" in page


def test_seals_are_downloaded_to_be_kept_elsewhere(desk: Desk) -> None:
    answer = desk.browser("admin").get("/operations/seals.txt")
    read_export(answer.text.splitlines())
    assert "attachment" in answer.headers["content-disposition"]
    assert len(looks(desk, "seals")) == 1


def test_one_thing_is_done_at_a_time_beside_the_pages(desk: Desk) -> None:
    going, jobs = threading.Event(), Jobs()
    ended = threading.Event()

    def work(job: Job) -> str:
        going.wait(5)
        return "done"

    def clock():  # type: ignore[no-untyped-def]  # as of the place
        ended.set()
        return NOON

    job = jobs.start(Job("verify", "admin", NOON), work, clock)
    with pytest.raises(UnderWay):
        jobs.start(Job("backup", "admin", NOON), work, clock)
    desk.place = replace(desk.place, jobs=jobs)
    from web.app import application

    desk.app = application(desk.place)
    admin = desk.browser("admin")
    assert "The record is being checked" in admin.get("/operations/record").text
    assert admin.send("/operations/record", do="verify").status_code == 409
    going.set()
    assert ended.wait(5)
    assert job.result == "done"


def test_what_fails_or_is_ended_says_so_and_names_nobody() -> None:
    def wrong(job: Job) -> None:
        raise ValueError("Zwetschgenbaum")

    def counts(job: Job) -> list[int]:
        job.halted = True
        return list(job.counted([1, 2], 2))

    jobs = Jobs(at_once)
    assert jobs.start(Job("a", "x", NOON), wrong, lambda: NOON).failed == "a defect (ValueError)"
    halted = jobs.start(Job("b", "x", NOON), counts, lambda: NOON, own=True)
    assert (halted.failed, halted.done) == ("It was ended before it was done.", 1)
    jobs.forget("b", "x")
    assert jobs.last("b", "x") is None
