"""The file that says which channels a site has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from notifications.channels import Outgoing, configuration
from notifications.channels.apprise import Apprised
from notifications.channels.email import Email
from notifications.channels.webhook import Webhook
from notifications.site_file import NotConfigured
from tests.notifications.servers import mail_server

WHOLE = """
[channels.email]
kind = "email"
host = "mail.hospital.example"
sender = "carepath@hospital.example"
sender_name = "Onkologie Süd"
reply_to = "station@hospital.example"
user = "carepath"
password = { env = "MAIL_PASSWORD" }
per_minute = 30

[channels.hook]
kind = "webhook"
url = "https://his.hospital.example/carepath"
secret = { file = "SECRET" }

[channels.sms]
kind = "apprise"
url = { env = "SMS_URL" }
"""
ENVIRONMENT = {"MAIL_PASSWORD": "s3cret\n", "PASSPHRASE": "s3crét", "SMS_URL": "json://localhost/{address}"}
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "secret").chmod(0o600)
    return write(tmp_path / "channels.toml", WHOLE)


def write(place: Path, text: str, mode: int = 0o640) -> Path:
    place.write_text(text.replace("SECRET", str(place.parent / "secret")), encoding="utf-8")
    place.chmod(mode)
    return place


def read(place: Path, environment: Mapping[str, str] = ENVIRONMENT) -> list[object]:
    return list(configuration.read(place, environment, lambda: datetime(2025, 3, 17, tzinfo=UTC)))


def test_a_site_has_the_channels_of_its_file(place: Path) -> None:
    email, hook, sms = read(place)
    assert isinstance(email, Email)
    assert (email.host, email.port, email.security) == ("mail.hospital.example", 587, "starttls")
    assert (email.user, email.password, email.per_minute) == ("carepath", "s3cret", 30)
    assert str(email.sender) == "Onkologie Süd <carepath@hospital.example>"
    assert isinstance(hook, Webhook)
    assert (hook.url.hostname, hook.secret, hook.per_minute) == (
        "his.hospital.example",
        b"0123456789abcdef01234567",
        60,
    )
    assert sms == Apprised("sms", 20, "json://localhost/{address}", whole=False)


def test_an_empty_file_adds_nothing(tmp_path: Path) -> None:
    assert read(write(tmp_path / "c.toml", "")) == []


WRONG = [
    ('kind = "email"', 'kind = "mail"', 'email.kind: this must be "email", "webhook" or "apprise"'),
    ('kind = "email"', "", 'email.kind: this must be "email", "webhook" or "apprise"'),
    ('host = "mail.hospital.example"', "", "email.host is missing"),
    ('host = "mail.hospital.example"', "host = 7", "email.host: input should be a valid string"),
    ("per_minute = 30", "per_minute = 0", "email.per_minute: input should be greater than or equal to 1"),
    ("per_minute = 30", "port = 70000", "email.port: input should be less than or equal to 65535"),
    ("per_minute = 30", 'security = "ssl"', "email.security: input should be 'starttls', 'tls' or 'none'"),
    ("per_minute = 30", 'security = "none"', "email.security: mail leaves this machine encrypted only"),
    ("per_minute = 30", 'passwort = "s3cret"', "email.passwort: there is no such key"),
    ("per_minute = 30", 'certificates = "/nowhere.pem"', "email.certificates: there is no such file"),
    ("per_minute = 30", 'certificates = "SECRET"', "email.certificates: there are no certificates (PEM)"),
    ("mail.hospital.example", "mail..hospital.example", "email.host: this is no name of a server"),
    ("mail.hospital.example", "", "email.host: "),
    ('user = "carepath"', 'user = "Süd"', "email.user: only letters without accents, digits and signs"),
    ("MAIL_PASSWORD", "PASSPHRASE", "email.password: only letters without accents, digits and signs"),
    ('user = "carepath"', "", "email.user: `user` and `password` belong together"),
    ('"carepath@hospital.example"', '"a@b\\r\\nX: y"', "email.sender: this is no e-mail address"),
    ('"station@hospital.example"', '"the station"', "email.reply_to: this is no e-mail address"),
    ('"Onkologie Süd"', '"a\\nb"', "email.sender_name: this must be readable text"),
    ('{ env = "MAIL_PASSWORD" }', '"s3cret"', "email.password: say where it stands: { env ="),
    ('{ env = "MAIL_PASSWORD" }', "{}", "email.password: say where it stands: { env ="),
    ('{ env = "MAIL_PASSWORD" }', '{ env = "A", file = "b" }', "email.password: say where it stands"),
    ('{ env = "MAIL_PASSWORD" }', '{ env = "NONE" }', "email.password: the variable NONE holds nothing"),
    ('{ file = "SECRET" }', '{ file = "/nowhere" }', "hook.secret: /nowhere cannot be read: No such file"),
    (
        '{ file = "SECRET" }',
        '{ env = "MAIL_PASSWORD" }',
        "hook.secret: it must be 24 bytes or more in base64",
    ),
    ("https://his.hospital.example", "http://his.hospital.example", "hook.url: messages leave this machine"),
    ("https://his.hospital.example", "ftp://his.hospital.example", "hook.url: this must be a URL such as"),
    ("https://his.hospital.example", "https://me:s3cret@his.example", "hook.url: this must be a URL such as"),
    ("https://his.hospital.example", "https://his.example/a b", "hook.url: this must be a URL such as"),
    ("https://his.hospital.example", "https://a..b", "hook.url: this must be a URL such as"),
    ("https://his.hospital.example", "https://[his", "hook.url: this is no URL"),
    ("channels.sms", "channels.SMS", "SMS: a channel is named in small letters"),
    ("channels.sms", "channels.inbox", "inbox: a channel is named in small letters"),
]


@pytest.mark.parametrize(("old", "new", "told"), WRONG)
def test_what_is_wrong_is_told_by_file_and_key(place: Path, old: str, new: str, told: str) -> None:
    assert old in WHOLE
    write(place, WHOLE.replace(old, new, 1))
    with pytest.raises(NotConfigured) as raised:
        read(place)
    assert str(raised.value).startswith(f"{place}: channels.{told}")
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o660, 0o602])
def test_a_file_that_others_may_read_or_change_is_not_used(place: Path, mode: int) -> None:
    place.chmod(mode)
    with pytest.raises(NotConfigured, match=rf"^others may read or change {place}: `chmod o=,g-w {place}`$"):
        read(place)
    place.chmod(0o600)
    (place.parent / "secret").chmod(0o644)
    with pytest.raises(NotConfigured, match=r"channels\.hook\.secret: others may read or change"):
        read(place)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[channels", "is no TOML: "),
        ('[email]\nkind = "email"', "there may be nothing but tables such as"),
        ("channels = 3", "there may be nothing but tables such as"),
    ],
)
def test_a_file_of_another_shape(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(NotConfigured, match=told):
        read(write(tmp_path / "c.toml", text))


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match="cannot be read: No such file"):
        read(tmp_path / "c.toml")
    (tmp_path / "c.toml").write_bytes(b"\xff")
    (tmp_path / "c.toml").chmod(0o600)
    with pytest.raises(NotConfigured, match="cannot be read: it is no text"):
        read(tmp_path / "c.toml")


def test_on_this_machine_nothing_needs_to_be_encrypted(tmp_path: Path) -> None:
    for host in ("localhost", "127.0.0.1", "::1"):
        text = f'[channels.m]\nkind = "email"\nhost = "{host}"\nsender = "a@b.example"\nsecurity = "none"\n'
        (email,) = read(write(tmp_path / "c.toml", text))
        assert isinstance(email, Email)
        assert email.port == 25


def test_a_configured_channel_sends(tmp_path: Path) -> None:
    with mail_server(tmp_path) as server:
        text = f"""
            [channels.email]
            kind = "email"
            host = "localhost"
            port = {server.port}
            sender = "carepath@hospital.example"
            user = "carepath"
            password = {{ env = "MAIL_PASSWORD" }}
            certificates = "{server.certificate}"
        """
        (email,) = read(write(tmp_path / "c.toml", text))
        assert isinstance(email, Email)
        email.send(Outgoing("k", "anna@example.org", "s", "t", ""))
        assert len(server.box.mails) == 1
