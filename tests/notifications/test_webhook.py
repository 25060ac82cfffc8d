"""Webhooks against a real receiver: what arrives, that it can be trusted, and what every answer means."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from notifications.channels import Down, Outgoing, Passing
from notifications.channels import Final as Never
from notifications.channels.webhook import LONGEST_BODY, Webhook, signature
from tests.notifications.servers import certificate, receiver, talker

NOW = datetime(2025, 3, 17, 7, 30, tzinfo=UTC)
SECRET = b"0123456789abcdef01234567"
HELLO = Outgoing("single/1/anna/hook", "anna\r\nX: y", "carepath: 1 fällig", "V01: Überweisung", "<p>V01</p>")


def to(port: int, scheme: str = "http", path: str = "/in?site=1", **changes: Any) -> Webhook:
    url = urlsplit(f"{scheme}://localhost:{port}{path}")
    options: dict[str, Any] = {"clock": lambda: NOW, "each": 5.0, **changes}
    return Webhook("hook", None, url, SECRET, **options)


def test_a_message_arrives_signed(tmp_path: Path) -> None:
    pem = certificate(tmp_path)
    with receiver(pem) as found:
        for _ in range(2):
            to(found.port, "https", certificates=pem).send(HELLO)
    first, again = found.requests
    assert first == again
    assert first.path == "/in?site=1"
    assert json.loads(first.body) == {
        "id": HELLO.token,
        "to": HELLO.address,
        "subject": HELLO.subject,
        "text": HELLO.text,
        "html": HELLO.html,
    }
    assert first.headers["Idempotency-Key"] == first.headers["webhook-id"] == HELLO.token
    assert first.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    signed = b".".join((HELLO.token.encode(), str(int(NOW.timestamp())).encode(), first.body))
    wanted = base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    assert first.headers["webhook-signature"] == f"v1,{wanted}"


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of standardwebhooks.com."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    found = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body)
    assert found == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


ANSWERS = [
    (408, Passing, "could not take it"),
    (429, Down, "asks to wait"),
    (500, Passing, "could not take it"),
    (503, Passing, "could not take it"),
    (599, Passing, "could not take it"),
    (400, Never, "refused it"),
    (401, Never, "refused it"),
    (404, Never, "refused it"),
    (410, Never, "refused it"),
    (422, Never, "refused it"),
    (301, Down, "sends elsewhere"),
    (307, Down, "sends elsewhere"),
    (304, Down, "sends elsewhere"),
]


@pytest.mark.parametrize(("status", "kind", "told"), ANSWERS)
def test_every_answer_is_read_for_what_it_means(status: int, kind: type[Exception], told: str) -> None:
    with receiver() as elsewhere, receiver() as found:
        found.status, found.headers = status, {"Location": f"http://localhost:{elsewhere.port}/"}
        with pytest.raises(kind, match=rf"{told} \(HTTP {status}\)") as raised:
            to(found.port).send(HELLO)
    assert raised.type is kind
    assert elsewhere.requests == []


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_whatever_begins_with_a_two_is_taken(status: int) -> None:
    with receiver() as found:
        found.status = status
        to(found.port).send(HELLO)
    assert len(found.requests) == 1


WAITS = [
    ("120", timedelta(minutes=2)),
    ("0", timedelta()),
    ("Mon, 17 Mar 2025 08:30:00 GMT", timedelta(hours=1)),
    ("Mon, 17 Mar 2025 06:30:00 GMT", timedelta()),
    ("soon", timedelta()),
    ("-5", timedelta()),
    ("\u0663", timedelta()),
    ("9" * 40, timedelta(days=1)),
    ("Mon, 17 Mar 2098 08:30:00 GMT", timedelta(days=1)),
]


@pytest.mark.parametrize(("said", "after"), WAITS)
@pytest.mark.parametrize("status", [429, 503])
def test_a_receiver_may_ask_to_wait(status: int, said: str, after: timedelta) -> None:
    if not said.isascii():
        said = said.encode().decode("latin-1")
    with receiver() as found:
        found.status, found.headers = status, {"Retry-After": said}
        with pytest.raises(Passing) as raised:
            to(found.port).send(HELLO)
    assert raised.value.after == after
    assert isinstance(raised.value, Down) is (status == 429 or after > timedelta())


def test_who_is_not_the_receiver_gets_nothing(tmp_path: Path) -> None:
    pem = certificate(tmp_path)
    with receiver(pem) as found:
        for wrong in (None, certificate(tmp_path, "elsewhere.example")):
            with pytest.raises(Down, match="certificate is not accepted"):
                to(found.port, "https", certificates=wrong).send(HELLO)
    assert found.requests == []


def test_certificates_that_are_gone_by_now_hold_for_all_messages(tmp_path: Path) -> None:
    (tmp_path / "none.pem").write_text("no certificate")
    for place in (tmp_path / "none.pem", tmp_path / "gone.pem"):
        with pytest.raises(Down, match="`certificates` names a file without certificates"):
            to(1, "https", certificates=place).send(HELLO)


def test_no_receiver_at_all() -> None:
    with receiver() as found:
        pass
    with pytest.raises(Down, match=r"at localhost cannot be reached \(Connection refused\)"):
        to(found.port).send(HELLO)


def test_a_message_that_is_too_long_is_not_sent() -> None:
    with receiver() as found, pytest.raises(Never, match="a webhook takes 5,000,000"):
        to(found.port).send(Outgoing("k", "a", "s", "x" * LONGEST_BODY, ""))
    assert found.requests == []


def hangs_up(connection: socket.socket) -> None:
    connection.recv(10)


def talks_on(connection: socket.socket) -> None:
    connection.recv(1_000_000)
    connection.sendall(b"HTTP/1.")
    for _ in range(20):
        time.sleep(0.03)
        connection.sendall(b"1")


def says_nonsense(connection: socket.socket) -> None:
    connection.recv(1_000_000)
    connection.sendall(b"220 I am a mail server V01\r\n")


@pytest.mark.parametrize(
    ("talk", "limits"),
    [
        (hangs_up, {}),
        (says_nonsense, {}),
        (lambda one: time.sleep(0.3), {"each": 0.1}),
        (talks_on, {"altogether": 0.2}),
    ],
)
def test_a_connection_that_breaks(talk: Any, limits: dict[str, Any]) -> None:
    with (
        talker(talk) as port,
        pytest.raises(Passing, match=r"the connection broke .* whether it arrived is not known") as raised,
    ):
        to(port, **limits).send(HELLO)
    assert raised.type is Passing
    assert "V01" not in str(raised.value)


def test_no_secret_and_no_content_is_shown() -> None:
    assert "0123456789" not in repr(to(1))
    assert "berweisung" not in repr(HELLO)
