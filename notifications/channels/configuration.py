"""The file that says which channels a site has, read and checked as a whole; secrets stand elsewhere.

Nothing of it is in the database. A value that is wrong is told by file and key, never by what it is.
"""

from __future__ import annotations

import base64
import binascii
import re
import tomllib
from collections.abc import Iterator, Mapping
from email.headerregistry import Address
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from notifications.channels import INBOX, Channel, Clock, Down
from notifications.channels.apprise import Apprised
from notifications.channels.email import Email, Security
from notifications.channels.mail import is_address
from notifications.channels.trust import trusting
from notifications.channels.webhook import Webhook
from notifications.site_file import (
    PLACE,
    NotConfigured,
    SecretPlace,
    is_loopback,
    private_text,
    secret_at,
)

NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,29}")

_least_secret = 24
_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


PerMinute = Annotated[int, Field(ge=1, le=6000)]


class EmailSaid(_Said):
    """`kind = "email"`."""

    kind: Literal["email"]
    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Security = "starttls"
    sender: str
    sender_name: str = "carepath"
    reply_to: str | None = None
    user: str | None = None
    password: SecretPlace | None = None
    certificates: str | None = None
    per_minute: PerMinute | None = 60


class WebhookSaid(_Said):
    """`kind = "webhook"`."""

    kind: Literal["webhook"]
    url: str
    secret: SecretPlace
    certificates: str | None = None
    per_minute: PerMinute | None = 60


class AppriseSaid(_Said):
    """`kind = "apprise"`."""

    kind: Literal["apprise"]
    url: SecretPlace
    content: Literal["subject", "whole"] = "subject"
    per_minute: PerMinute | None = 20


_Kinds = Annotated[EmailSaid | WebhookSaid | AppriseSaid, Field(discriminator="kind")]
_kinds: TypeAdapter[EmailSaid | WebhookSaid | AppriseSaid] = TypeAdapter(_Kinds)


def read(place: Path, environment: Mapping[str, str], clock: Clock) -> Iterator[Channel]:
    """The channels of the file, by name. Raises NotConfigured."""
    said = _table(place)
    for name in sorted(said):
        key = f"{place}: channels.{name}"
        if not NAME.fullmatch(name) or name == INBOX:
            raise NotConfigured(f"{key}: a channel is named in small letters, digits, - and _, not inbox")
        yield _Reader(key, environment, clock).channel(name, said[name])


def _table(place: Path) -> dict[str, Any]:
    text = private_text(place)
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotConfigured(f"{place} is no TOML: {error}") from None
    channels = said.pop("channels", {})
    if said or not isinstance(channels, dict):
        raise NotConfigured(f"{place}: there may be nothing but tables such as [channels.email]")
    return channels


class _Reader:
    """Makes a channel of what is said of it under one key of the file."""

    def __init__(self, key: str, environment: Mapping[str, str], clock: Clock) -> None:
        self.key, self.environment, self.clock = key, environment, clock

    def channel(self, name: str, said: object) -> Channel:
        try:
            found = _kinds.validate_python(said)
        except ValidationError as error:
            raise NotConfigured(self._wrong(error)) from None
        if isinstance(found, EmailSaid):
            return self._email(name, found)
        if isinstance(found, WebhookSaid):
            return self._webhook(name, found)
        url = self._secret("url", found.url)
        return Apprised(name, found.per_minute, url, found.content == "whole")

    def _email(self, name: str, said: EmailSaid) -> Email:
        for key, address in (("sender", said.sender), ("reply_to", said.reply_to)):
            if address is not None and not is_address(address):
                raise self._no(key, "this is no e-mail address such as carepath@example.org")
        if not said.sender_name.isprintable():
            raise self._no("sender_name", "this must be readable text")
        if not _is_host(said.host):
            raise self._no("host", "this is no name of a server such as mail.example.org")
        if said.security == "none" and not is_loopback(said.host):
            raise self._no("security", "mail leaves this machine encrypted only: starttls or tls")
        if (said.user is None) != (said.password is None):
            raise self._no("user", "`user` and `password` belong together")
        password = self._secret("password", said.password) if said.password else ""
        for key, text in (("user", said.user or ""), ("password", password)):
            if not text.isascii():
                raise self._no(
                    key, "only letters without accents, digits and signs can be said to a mail server"
                )
        user, _, domain = said.sender.rpartition("@")
        return Email(
            name,
            said.per_minute,
            said.host,
            said.port or _PORTS[said.security],
            said.security,
            Address(said.sender_name, user, domain),
            self.clock,
            said.user,
            password,
            said.reply_to,
            self._certificates(said.certificates),
        )

    def _webhook(self, name: str, said: WebhookSaid) -> Webhook:
        url, secret = self._url(said.url), self._key(self._secret("secret", said.secret))
        certificates = self._certificates(said.certificates)
        return Webhook(name, said.per_minute, url, secret, self.clock, certificates)

    def _url(self, text: str) -> SplitResult:
        try:
            url = urlsplit(text)
            known = url.scheme in ("http", "https") and _is_host(url.hostname or "") and url.port != 0
        except ValueError:
            raise self._no("url", "this is no URL") from None
        if not known or url.username or any(not 32 < ord(one) < 127 for one in text):
            raise self._no(
                "url", "this must be a URL such as https://his.example.org/carepath, without a user"
            )
        if url.scheme == "http" and not is_loopback(url.hostname or ""):
            raise self._no("url", "messages leave this machine encrypted only: https")
        return url

    def _key(self, text: str) -> bytes:
        try:
            key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            key = b""
        if len(key) < _least_secret:
            wanted = (
                f"it must be {_least_secret} bytes or more in base64: `openssl rand -base64 32` makes one"
            )
            raise self._no("secret", wanted)
        return key

    def _certificates(self, said: str | None) -> Path | None:
        if said is None:
            return None
        if not Path(said).is_file():
            raise self._no("certificates", "there is no such file")
        try:
            trusting(Path(said))
        except Down:
            raise self._no("certificates", "there are no certificates (PEM) in this file") from None
        return Path(said)

    def _secret(self, key: str, place: SecretPlace) -> str:
        return secret_at(place, f"{self.key}.{key}", self.environment)

    def _no(self, key: str, told: str) -> NotConfigured:
        return NotConfigured(f"{self.key}.{key}: {told}")

    def _wrong(self, error: ValidationError) -> str:
        """The first thing that is wrong, by its key; what stands there may be a secret and is not told."""
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        parts = [str(part) for part in first["loc"] if part not in ("email", "webhook", "apprise")]
        key = ".".join((self.key, *parts))
        if first["type"].startswith("union_tag"):
            return f'{key}.kind: this must be "email", "webhook" or "apprise"'
        if first["type"] == "extra_forbidden":
            return f"{key}: there is no such key"
        if first["type"] == "missing":
            return f"{key} is missing"
        if parts and parts[0] in ("password", "secret") or (parts and first["type"] == "model_type"):
            return f"{key}: {PLACE}"
        return f"{key}: {first['msg'][:1].lower()}{first['msg'][1:]}"


def _is_host(host: str) -> bool:
    """Whether a text can be looked up as the name of a machine, or is its number."""
    try:
        return bool(host.encode("idna"))
    except UnicodeError:
        return False
