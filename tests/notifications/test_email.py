"""E-mail against a real mail server: what arrives, and what every refusal means."""

from __future__ import annotations

import logging
import socket
import time
from datetime import UTC, datetime
from email.headerregistry import Address
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from notifications.channels import Down, Outgoing, Passing
from notifications.channels import Final as Never
from notifications.channels.email import Email
from tests.notifications.servers import MailServer, certificate, mail_server, talker

NOW = datetime(2025, 3, 17, 7, 30, tzinfo=UTC)
SENDER = Address("Onkologie Süd", "carepath", "hospital.example")
HELLO = Outgoing(
    "digest/2025-03-17/anna/email",
    "anna@example.org",
    "carepath: 3 fällig, 1 überfällig",
    "V01: Überweisung\n" + "ä" * 2000 + "\n.\n",
    "<p>V01: Überweisung</p>",
)


def to(server: MailServer, **changes: Any) -> Email:
    options: dict[str, Any] = {"host": "127.0.0.1", "port": server.port, "security": "starttls"}
    options |= {"sender": SENDER, "clock": lambda: NOW, "certificates": server.certificate}
    options |= {"user": "carepath", "password": "s3cret", "each": 5.0}
    return Email("email", None, **{**options, **changes})


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_message_arrives_encrypted_and_as_it_was_written(tmp_path: Path, security: Any) -> None:
    with mail_server(tmp_path, security) as server:
        to(server, security=security, reply_to="station@hospital.example").send(HELLO)
        (mail,) = server.box.mails
        (envelope,) = server.box.taken
    assert server.box.encrypted == [security == "starttls"]  # one that speaks only TLS does not say
    assert (envelope.mail_from, envelope.rcpt_tos) == ("carepath@hospital.example", ["anna@example.org"])
    assert mail["From"].addresses == (SENDER,)
    assert str(mail["To"]) == "anna@example.org"
    assert mail["Reply-To"] == "station@hospital.example"
    assert mail["Subject"] == HELLO.subject
    assert mail["Message-ID"] == f"<{HELLO.token}@hospital.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(mail["Date"]) == NOW
    text, html = mail.iter_parts()
    assert [part.get_content_type() for part in (text, html)] == ["text/plain", "text/html"]
    assert text.get_content().replace("\r\n", "\n") == HELLO.text
    assert html.get_content().strip() == HELLO.html
    raw = bytes(envelope.original_content or b"")
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) <= 78


def test_the_same_message_has_the_same_id_at_every_try(tmp_path: Path) -> None:
    with mail_server(tmp_path, "none") as server:
        for _ in range(2):
            to(server, security="none").send(HELLO)
        first, second = server.box.mails
    assert first["Message-ID"] == second["Message-ID"]


REPLIES = [
    (
        "RCPT",
        "550 5.1.1 <anna@example.org> unknown ZZREF",
        Never,
        "the address (550 5.1.1): nobody has it there",
    ),
    ("RCPT", "552 5.2.2 mailbox full", Never, "the address (552 5.2.2): the mailbox is full"),
    ("RCPT", "553 bad name", Never, "the address (553)"),
    ("RCPT", "554 5.7.1 relay access denied", Never, "the address (554 5.7.1): not allowed"),
    ("RCPT", "450 4.7.1 greylisted", Passing, "the address (450 4.7.1): come back later"),
    ("RCPT", "451 try later", Passing, "the address (451)"),
    ("RCPT", "452 4.2.2 full", Passing, "the address (452 4.2.2): the mailbox is full"),
    ("RCPT", "421 closing", Down, "the address (421)"),
    ("RCPT", "530 authentication required", Down, "the address (530)"),
    ("MAIL", "550 5.7.1 sender not allowed", Never, "the sender (550 5.7.1): not allowed"),
    ("MAIL", "530 5.7.0 authenticate first", Down, "the sender (530 5.7.0)"),
    ("MAIL", "452 4.3.1 no room", Down, "the sender (452 4.3.1)"),
    ("MAIL", "451 4.3.0 trouble", Down, "the sender (451 4.3.0)"),
    ("DATA", "554 5.6.0 content ZZREF refused", Never, "the message (554 5.6.0)"),
    ("DATA", "552 5.3.4 too big", Never, "the message (552 5.3.4): too long for the server"),
    ("DATA", "451 4.3.0 scanner away", Passing, "the message (451 4.3.0)"),
    ("DATA", "421 4.3.2 closing", Down, "the message (421 4.3.2)"),
]


@pytest.mark.parametrize(("command", "answer", "kind", "told"), REPLIES)
def test_every_reply_is_read_for_what_it_means(
    tmp_path: Path, command: str, answer: str, kind: type[Exception], told: str
) -> None:
    with mail_server(tmp_path, "none") as server:
        server.box.answers[command] = answer
        with pytest.raises(kind) as raised:
            to(server, security="none").send(HELLO)
    assert raised.type is kind
    assert str(raised.value) == f"the mail server refused {told}"


def test_a_wrong_password_holds_for_all_messages(tmp_path: Path) -> None:
    with mail_server(tmp_path) as server, pytest.raises(Down, match=r"user or password refused \(535\)"):
        to(server, password="wrong").send(HELLO)


def test_nothing_is_said_to_a_server_that_cannot_encrypt(tmp_path: Path) -> None:
    with mail_server(tmp_path, "none") as server:
        with pytest.raises(Down, match="offers no STARTTLS; nothing was sent"):
            to(server).send(HELLO)
        with pytest.raises(Down, match=r"no encrypted connection; is `security` right\?"):
            to(server, security="tls").send(HELLO)
    assert server.box.taken == []


def test_a_server_without_authentication_is_told(tmp_path: Path) -> None:
    options: dict[str, Any] = {
        "authenticator": None,
        "auth_required": False,
        "auth_exclude_mechanism": ["LOGIN", "PLAIN"],
    }
    with mail_server(tmp_path, **options) as server:
        with pytest.raises(Down, match="offers no authentication"):
            to(server).send(HELLO)
        to(server, user=None).send(HELLO)
    assert len(server.box.taken) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path, security: Any) -> None:
    with mail_server(tmp_path, security) as server:
        for wrong in (None, certificate(tmp_path, "elsewhere.example")):
            with pytest.raises(Down, match="its certificate is not accepted"):
                to(server, security=security, certificates=wrong).send(HELLO)
    assert server.box.taken == []


def test_a_certificate_of_another_name_is_refused(tmp_path: Path) -> None:
    with (
        mail_server(tmp_path, name="elsewhere.example") as server,
        pytest.raises(Down, match=r"not accepted \(.*127\.0\.0\.1"),
    ):
        to(server).send(HELLO)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_certificates_that_are_gone_by_now_hold_for_all_messages(tmp_path: Path, security: Any) -> None:
    (tmp_path / "none.pem").write_text("no certificate")
    with mail_server(tmp_path, security) as server:
        for place in (tmp_path / "none.pem", tmp_path / "gone.pem"):
            with pytest.raises(Down, match="`certificates` names a file without certificates"):
                to(server, security=security, certificates=place).send(HELLO)
    assert server.box.taken == []


def says(*lines: str) -> Any:
    """A server that answers each command with the next of these lines, and then hangs up."""

    def talk(connection: socket.socket) -> None:
        with connection.makefile("rb") as heard:
            for line in lines:
                connection.sendall(f"{line}\r\n".encode())
                heard.readline()

    return talk


TALKS = [
    (("554 no service here",), Down, r"takes nothing now \(554\)"),
    (("421 too busy",), Down, r"takes nothing now \(421\)"),
    ((), Down, r"cannot be reached \(it hung up"),
    (("220 hello",), Down, r"cannot be reached \(it hung up"),
    (
        ("220 hello", "250 me", "250 OK", "250 OK"),
        Passing,
        "the connection broke .* whether it arrived is not known",
    ),
    (("220 hello", "250 me", "250 OK", "what?"), Passing, r"refused the address \(-1\)"),
    (("220 hello", "250 me", "250 OK", "250 OK", "354 go on"), Passing, "whether it arrived is not known"),
]


@pytest.mark.parametrize(("lines", "kind", "told"), TALKS)
def test_a_connection_that_ends_too_early(lines: tuple[str, ...], kind: type[Exception], told: str) -> None:
    with talker(says(*lines)) as port:
        server = MailServer(port)
        with pytest.raises(kind, match=told) as raised:
            to(server, security="none", user=None).send(HELLO)
    assert raised.type is kind


@pytest.mark.parametrize(
    ("security", "lines", "told"),
    [
        ("tls", (), r"cannot be reached \(|no encrypted connection"),
        (
            "starttls",
            ("220 hello", "250-me\r\n250 STARTTLS", "220 go"),
            "cannot be reached|no encrypted connection",
        ),
        ("starttls", ("220 hello", "250-me\r\n250 STARTTLS", "454 not now"), r"offers no STARTTLS|\(454\)"),
    ],
)
def test_an_encryption_that_does_not_come_about(security: Any, lines: tuple[str, ...], told: str) -> None:
    with talker(says(*lines)) as port, pytest.raises(Down, match=told):
        to(MailServer(port), security=security, certificates=None).send(HELLO)


def test_a_server_that_says_nothing_is_left() -> None:
    with (
        talker(lambda _: time.sleep(0.3)) as port,
        pytest.raises(Down, match=r"cannot be reached \(no answer in time\)"),
    ):
        to(MailServer(port), security="tls", certificates=None, each=0.1).send(HELLO)


def test_no_server_at_all() -> None:
    with talker(says()) as port:
        pass
    with pytest.raises(Down, match=r"127\.0\.0\.1:\d+ cannot be reached \(Connection refused\)"):
        to(MailServer(port), security="none").send(HELLO)


def test_what_was_taken_is_sent_however_the_conversation_ends() -> None:
    lines = ("220 hello", "250 me", "250 OK", "250 OK", "354 go on")

    def talk(connection: socket.socket) -> None:
        with connection.makefile("rb") as heard:
            for line in lines:
                connection.sendall(f"{line}\r\n".encode())
                heard.readline()
            while heard.readline() != b".\r\n":
                pass
            connection.sendall(b"250 taken\r\n")
            heard.readline()
            connection.sendall(b"500 what do you mean\r\n")

    with talker(talk) as port:
        to(MailServer(port), security="none", user=None).send(HELLO)


@pytest.mark.parametrize("limits", [{"each": 0.1}, {"each": 5.0, "altogether": 0.2}])
def test_a_server_that_takes_its_time_is_left(limits: dict[str, float]) -> None:
    """One that says nothing, and one that says a letter now and then, which each time is an answer."""

    def dribble(connection: socket.socket) -> None:
        connection.sendall(b"220 hello\r\n")
        for _ in range(8):
            time.sleep(0.05)
            connection.sendall(b"2" if limits["each"] > 1 else b"")

    began = time.monotonic()
    with talker(dribble) as port, pytest.raises(Passing):
        to(MailServer(port), security="none", user=None, **limits).send(HELLO)
    assert time.monotonic() - began < 2


HOSTILE = [
    "anna@example.org\r\nBcc: all@example.org",
    "anna@example.org\nX: y",
    "anna@example.org, ben@example.org",
    "<anna@example.org>",
    "Anna <anna@example.org>",
    "anna@example.org>\r\nDATA",
    "anna example.org",
    "anna@@example.org",
    "ann\u00e4@example.org",
    "@example.org",
    "",
    f"{'a' * 250}@example.org",
]


@pytest.mark.parametrize("address", HOSTILE)
def test_an_address_that_is_none_is_never_written_into_a_header(address: str) -> None:
    with pytest.raises(Never, match=r"no e-mail address such as anna@example\.org"):
        to(MailServer(1)).send(Outgoing("k", address, "s", "t", ""))


def test_a_subject_of_several_lines_stays_one_header(tmp_path: Path) -> None:
    with mail_server(tmp_path, "none") as server:
        to(server, security="none").send(
            Outgoing("k", "anna@example.org", "carepath\r\nBcc: all@example.org\n\nx", "t", "")
        )
        (mail,) = server.box.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "carepath Bcc: all@example.org x"
    assert mail.get_content_type() == "text/plain"


def test_a_huge_digest_goes_through(tmp_path: Path) -> None:
    text = "".join(f"V{n:05}: Überweisung, überfällig seit {n} Tagen\n" for n in range(20_000))
    with mail_server(tmp_path, "none", data_size_limit=10_000_000) as server:
        to(server, security="none").send(Outgoing("k", "anna@example.org", "s", text, ""))
        (mail,) = server.box.mails
    assert mail.get_content().replace("\r\n", "\n") == text


def test_nothing_of_it_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="smtplib")
    with mail_server(tmp_path) as server:
        server.box.answers["DATA"] = "554 5.6.0 I do not like V01: \u00dcberweisung"
        email = to(server)
        with pytest.raises(Never) as raised:
            email.send(HELLO)
    told = f"{caplog.text} {raised.value!r} {email!r} {HELLO!r}"
    assert "berweisung" not in told
    assert "s3cret" not in told
