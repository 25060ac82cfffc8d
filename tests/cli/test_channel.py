"""`carepath channel` and `carepath messages`: ways out tried, what would be said, and what was given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from cli.messages import last_failures, tally, told_of
from notifications.channels import Final as Never
from notifications.channels import Passing
from notifications.deliver import deliver
from store.database import open_database
from store.letters import Letter
from store.library import shipped
from tests.cli.conftest import Clock, Run
from tests.cli.reminded import staffed, worked
from tests.keys import KEYS
from tests.notifications.office import Kept
from tests.notifications.servers import MailServer, mail_server, receiver
from tests.store.cast import NOON

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def office(clinic: Path, any_url: str, clock: Clock) -> Clock:
    """V23 is Anna's; a worker came by on the night before zoledronate was overdue."""
    staffed(any_url, "V23", clock.now)
    clock.set("2025-03-05", "00:05")
    worked(any_url, clock.now)
    return clock


@pytest.fixture
def mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server, and the file that says so."""
    with mail_server(tmp_path) as server:
        configure(
            tmp_path,
            monkeypatch,
            f"""
            [channels.email]
            kind = "email"
            host = "localhost"
            port = {server.port}
            sender = "carepath@hospital.example"
            user = "carepath"
            password = {{ env = "MAIL_PASSWORD" }}
            certificates = "{server.certificate}"
            """,
        )
        monkeypatch.setenv("MAIL_PASSWORD", "s3cret")
        yield server


def configure(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    place = folder / "channels.toml"
    place.write_text(text)
    place.chmod(0o600)
    monkeypatch.setenv("CAREPATH_CHANNELS", str(place))


def test_without_a_file_there_is_the_inbox(run: Run, office: Clock) -> None:
    ran = run("channel", "list")
    assert ran.status == 0
    assert "the inbox here" in ran.out
    assert "CAREPATH_CHANNELS names a file with others" in ran.out
    assert "There is no channel email, by which messages to anna wait to leave.\n" in ran.out


def channels_checked(run: Run) -> dict[str, str]:
    """What doctor found of the channels, by what is to be done."""
    return {one["to_do"]: one["found"] for one in run("doctor", "--json").lines if one["check"] == "channels"}


def test_doctor_knows_whether_the_file_can_be_used(
    run: Run, office: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanting = "There is no channel email, by which messages to anna wait to leave."
    assert channels_checked(run) == {"`carepath channel list`, and docs/channels.md": wanting}
    text = '[channels.email]\nkind = "email"\nhost = "localhost"\nsender = "a@b.example"\nsecurity = "none"'
    configure(tmp_path, monkeypatch, text)
    assert channels_checked(run) == {None: "the file of channels can be used: email"}
    configure(tmp_path, monkeypatch, "[channels.email]")
    ((to_do, found),) = channels_checked(run).items()
    assert to_do.startswith("mend it")
    assert "channels.email.kind: this must be" in found


def test_the_channels_of_a_site(
    run: Run, office: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(
        tmp_path,
        monkeypatch,
        """
        [channels.email]
        kind = "email"
        host = "localhost"
        sender = "carepath@hospital.example"
        security = "none"
        [channels.his]
        kind = "webhook"
        url = "https://his.hospital.example/t0ken"
        secret = { env = "HIS" }
        [channels.sms]
        kind = "apprise"
        url = { env = "SMS" }
        [channels.teams]
        kind = "apprise"
        url = { env = "SMS" }
        content = "whole"
        """,
    )
    monkeypatch.setenv("HIS", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3")
    monkeypatch.setenv("SMS", "json://t0ken")
    rows = run("channel", "list", "--json").lines
    assert [(one["channel"], one["to"], one["per_minute"], one["people"]) for one in rows] == [
        ("inbox", "the inbox here", None, 2),
        ("email", "e-mail by localhost:25, unencrypted, from carepath@hospital.example", 60, 1),
        ("his", "webhook at https://his.hospital.example", 60, 0),
        ("sms", "Apprise, the subject alone", 20, 0),
        ("teams", "Apprise, the whole message", 20, 0),
    ]
    shown = run("channel", "list").out
    assert "any number" in shown
    assert "t0ken" not in shown


@pytest.mark.usefixtures("office")
def test_a_file_that_is_wrong_is_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(tmp_path, monkeypatch, "[channels.email]\nkind = 'email'\nhost = 7")
    for words in (("channel", "list"), ("channel", "test", "email", "--to", "anna"), ("worker", "--once")):
        ran = run(*words)
        assert ran.status == 3
        assert "channels.toml: channels.email.host: input should be a valid string" in ran.err


@pytest.mark.usefixtures("office")
def test_a_channel_is_tried_step_by_step(run: Run, mail: MailServer) -> None:
    ran = run("channel", "test", "email", "--to", "anna")
    assert (ran.status, ran.out.splitlines()) == (
        0,
        [
            f"email: e-mail by localhost:{mail.port}, starttls, from carepath@hospital.example",
            "to anna@example.org",
            f"- connected to localhost:{mail.port}",
            "- encrypted with TLSv1.3, the certificate is accepted",
            "- signed in as carepath",
            "- the mail server took the message",
            "Handed over. Look whether it has arrived: `carepath: test`.",
        ],
    )
    (found,) = mail.box.mails
    assert (found["To"], found["Subject"]) == ("anna@example.org", "carepath: test")


FAILURES = [
    ("550 5.1.1 no", "the mail server refused the address (550 5.1.1): nobody has it there.", "given up"),
    ("450 full", "the mail server refused the address (450).", "would be tried again after a while"),
    ("421 closing", "the mail server refused the address (421).", "Every message by this channel would wait"),
]


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(("answer", "told", "then"), FAILURES)
def test_what_a_failure_means_is_told(run: Run, mail: MailServer, answer: str, told: str, then: str) -> None:
    mail.box.answers["RCPT"] = answer
    ran = run("channel", "test", "email", "--to", "somebody@example.org")
    assert ran.status == 1
    assert "- signed in as carepath\n" in ran.out
    assert f"Not handed over: {told}\n" in ran.out
    assert then in ran.out


@pytest.mark.usefixtures("office")
def test_other_channels_are_tried_too(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiver() as found:
        configure(
            tmp_path,
            monkeypatch,
            f"""
            [channels.hook]
            kind = "webhook"
            url = "http://localhost:{found.port}/in"
            secret = {{ env = "HIS" }}
            [channels.sms]
            kind = "apprise"
            url = {{ env = "SMS" }}
            """,
        )
        monkeypatch.setenv("HIS", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3")
        monkeypatch.setenv("SMS", f"json://localhost:{found.port}/{{address}}")
        hook = run("channel", "test", "hook", "--to", "ward")
        assert "- connected to localhost\n- signed, sent, and taken (HTTP 200)\n" in hook.out
        assert run("channel", "test", "sms", "--to", "+49170").status == 0
    assert [one.path for one in found.requests] == ["/in", "/+49170"]


@pytest.mark.usefixtures("office", "mail")
def test_what_cannot_be_tried(run: Run) -> None:
    for words, told in (
        (("test", "emial", "--to", "anna"), "there is no channel 'emial'; did you mean 'email'?"),
        (("test", "inbox", "--to", "anna"), "the inbox is in the database and needs no test"),
        (("test", "email", "--to", "lena"), "lena has no address for email"),
        (("preview", "ana"), "nobody who works here is called 'ana'; did you mean 'anna'?"),
    ):
        ran = run("channel", *words)
        assert ran.status == 2
        assert told in ran.err


def test_what_the_next_digest_would_say(run: Run, office: Clock, tmp_path: Path) -> None:
    ran = run("channel", "preview", "anna", "--html", tmp_path / "look.html")
    assert ran.out.startswith("Subject: carepath: 1 item, 1 overdue\n\nYour patients on 5 March 2025\n")
    assert "\nV23\n" in ran.out
    assert "overdue for 1 day, was due on 4 March 2025" in ran.out
    assert "V23" in (tmp_path / "look.html").read_text()
    assert (tmp_path / "look.html").stat().st_mode & 0o077 == 0
    assert "of anna; patients 1" in run("access", "--all").out
    assert run("messages", "--json").lines[0]["status"] == "waiting"
    assert "would say nothing" in run("channel", "preview", "lena").out


def test_a_preview_tells_where_a_template_is_wrong(
    run: Run, office: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, template, told in (
        ("message.txt.j2", "Hello {{ page.person }}", ""),
        ("subject.j2", "x\n{% if %}", "does not work: subject.j2:2: Expected an expression"),
        ("message.html.j2", "{{ page.nothing }}", "has no attribute 'nothing'"),
    ):
        folder = tmp_path / name
        folder.mkdir()
        (folder / name).write_text(template)
        monkeypatch.setenv("CAREPATH_TEMPLATES", str(folder))
        ran = run("channel", "preview", "anna")
        assert ran.status == (3 if told else 0)
        assert told in ran.err
        assert ran.out.endswith("\n\nHello anna") is (not told)
    monkeypatch.setenv("CAREPATH_TEMPLATES", str(tmp_path / "none"))
    ran = run("channel", "preview", "anna")
    assert (ran.status, "CAREPATH_TEMPLATES: there is no folder" in ran.err) == (2, True)


def test_a_worker_sends_by_the_channels_of_the_file(
    run: Run, office: Clock, mail: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "subject.j2").write_text("carepath, ward 7: {{ page.items }}")
    monkeypatch.setenv("CAREPATH_TEMPLATES", str(tmp_path))
    office.set("2025-03-05", "08:00")
    ran = run("worker", "--once")
    assert (ran.status, "deliver email: 1 sent" in ran.out) == (0, True)
    (found,) = mail.box.mails
    assert (found["To"], found["Subject"]) == ("anna@example.org", "carepath, ward 7: 1")
    text = found.get_body(("plain",))
    assert text is not None
    assert "overdue for 1 day, was due on 4 March 2025" in text.get_content()


def leaves(url: str, clock: Clock, error: Exception | None = None) -> list[str]:
    """The keys of what a worker hands over now by e-mail."""
    database, email = open_database(url, KEYS), Kept(fails=[error] if error else [])
    deliver(database, "w1", email, now=clock.now, derive=shipped(database))
    database.close()
    return [one.key for one in email.sent]


@pytest.mark.each_database
def test_what_was_given_up_is_sent_again_by_the_same_key(run: Run, office: Clock, any_url: str) -> None:
    (waiting,) = run("messages", "--json").lines
    assert (waiting["to"], waiting["channel"], waiting["status"]) == ("anna", "email", "waiting")
    assert run("messages", "--dead").out == "No message was given up.\n"
    office.set("2025-03-05", "08:00")
    leaves(any_url, office, Never("the mail server refused the address (550)"))
    (dead,) = run("messages", "--dead", "--json").lines
    assert (dead["status"], dead["tries"], dead["until"]) == ("dead", 1, None)
    shown = run("messages").out
    assert "given up" in shown
    assert "the mail server refused the address (550)" in shown
    assert "1 message. `carepath messages resend ID` sends again" in shown
    ran = run("messages", "resend", dead["message"])
    assert ran.out == f"{dead['message']} waits to be sent again, with the next round of a worker.\n"
    assert "sent again by anna; since 2025-03-05 08:00" in run("messages").out
    assert leaves(any_url, office) == [dead["message"]]
    assert run("messages").out == "No message waits, and none was given up.\n"


def test_only_what_was_given_up_is_sent_again(run: Run, office: Clock) -> None:
    (waiting,) = run("messages", "--json").lines
    ran = run("messages", "resend", waiting["message"])
    assert (ran.status, "was not given up (it is waiting)" in ran.err) == (2, True)
    ran = run("messages", "resend", "x")
    assert (ran.status, "there is no message 'x'" in ran.err) == (2, True)


def test_what_is_sent_again_is_tried_as_often_as_before(run: Run, office: Clock, any_url: str) -> None:
    office.set("2025-03-05", "08:00")
    leaves(any_url, office, Never("no"))
    (dead,) = run("messages", "--dead", "--json").lines
    run("messages", "resend", dead["message"])
    leaves(any_url, office, Passing("not now"))
    office.now += timedelta(minutes=9)
    (again,) = run("messages", "--json").lines
    assert (again["status"], again["tries"], again["told"]) == ("waiting", 2, "not now")


def test_what_waits_longer_than_it_was_to_says_why() -> None:
    zone = timezone(timedelta(hours=1))
    now = datetime(2025, 3, 5, 8, tzinfo=zone)
    wake = datetime(2025, 3, 5, 6, tzinfo=UTC)
    one = Letter("m", "anna", "email", "digest", wake, wake, "waiting", "", None, 0, "")
    assert told_of(one, now, "no answer") == (
        "since 2025-03-05 07:00, for the next round of a worker; no answer"
    )
    assert told_of(one._replace(reason="quiet hours"), wake, "no answer").startswith(
        "quiet hours; since 2025"
    )
    tried = one._replace(wake=datetime(2025, 3, 5, 9, tzinfo=UTC), failed="no answer", reason="sent again")
    assert told_of(tried, now, "x") == "sent again; until 2025-03-05 10:00; last try: no answer"


def test_many_messages_are_told_by_their_number() -> None:
    one = Letter("m", "anna", "email", "digest", NOON, NOON, "waiting", "", None, 0, "")
    assert tally([one], 250, dead=False) == "The latest 1 of 250 messages."
    assert tally([one], 1, dead=False) == "1 message."


def test_an_address_that_was_refused_says_nothing_about_other_messages() -> None:
    refused = Letter("a", "lena", "email", "single", NOON, None, "dead", "given up", NOON, 1, "refused (550)")
    busy = Letter("b", "ben", "his", "digest", NOON, NOON, "waiting", "", None, 1, "busy (503)")
    assert last_failures([refused, busy]) == {"his": "by his the last try failed: busy (503)"}
