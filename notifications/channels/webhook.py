"""A signed webhook after the Standard Webhooks specification, for which receivers find ready-made libraries.

The signature is HMAC-SHA-256 over id, timestamp and body, so that who listens can neither forge a message
nor send an old one again later; the id is the same at every try. Source: standardwebhooks.com, version 1.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult

from notifications.channels import Clock, Down, Outgoing, Passing, Step, silently
from notifications.channels import Final as Never
from notifications.channels.deadline import ALTOGETHER, EACH, within
from notifications.channels.trust import trusting

LONGEST_BODY: Final = 5_000_000
"""Bytes of a message; one that is longer is not sent."""

LONGEST_WAIT: Final = timedelta(days=1)
"""For no longer does a receiver keep us waiting, whatever it asks for."""

_requests = range(400, 500)
_too_many = 429
_may_pass = (408, _too_many)


@dataclass(frozen=True)
class Webhook:
    """An address that takes messages by HTTP, and the secret both sides know."""

    name: str
    per_minute: int | None
    url: SplitResult
    secret: bytes = field(repr=False)
    clock: Clock
    certificates: Path | None = None
    each: float = EACH
    altogether: float = ALTOGETHER
    step: Step = silently

    def send(self, one: Outgoing) -> None:
        """Hand it to the receiver. Raises Down, Passing or Final."""
        body = _body(one)
        if len(body) > LONGEST_BODY:
            raise Never(f"the message has {len(body):,} bytes; a webhook takes {LONGEST_BODY:,}")
        now = self.clock()
        path = self.url._replace(scheme="", netloc="", fragment="").geturl() or "/"
        connection = self._connection()
        try:
            self._connect(connection)
            self.step(f"connected to {self.url.hostname}{_encryption(connection)}")
            with within(self.altogether, lambda: connection.sock):
                connection.request("POST", path, body, self._headers(one, body, now))
                with connection.getresponse() as answer:
                    _check(answer, now)
                    self.step(f"signed, sent, and taken (HTTP {answer.status})")
        except (OSError, http.client.HTTPException) as error:
            told = f"the connection broke ({_kind(error)}); whether it arrived is not known"
            raise Passing(told) from None
        finally:
            connection.close()

    def _connect(self, connection: http.client.HTTPConnection) -> None:
        try:
            connection.connect()
        except ssl.SSLCertVerificationError as error:
            raise Down(f"the receiver's certificate is not accepted ({error.verify_message})") from None
        except OSError as error:
            raise Down(f"the receiver at {self.url.hostname} cannot be reached ({_kind(error)})") from None

    def _connection(self) -> http.client.HTTPConnection:
        host = self.url.hostname or ""
        if self.url.scheme == "http":
            return http.client.HTTPConnection(host, self.url.port, timeout=self.each)
        context = trusting(self.certificates)
        return http.client.HTTPSConnection(host, self.url.port, timeout=self.each, context=context)

    def _headers(self, one: Outgoing, body: bytes, now: datetime) -> dict[str, str]:
        timestamp = str(int(now.timestamp()))
        return {
            "Content-Type": "application/json",
            "User-Agent": "carepath",
            "Idempotency-Key": one.token,
            "webhook-id": one.token,
            "webhook-timestamp": timestamp,
            "webhook-signature": f"v1,{signature(self.secret, one.token, timestamp, body)}",
        }


def signature(secret: bytes, id: str, timestamp: str, body: bytes) -> str:
    """What stands behind `v1,`: the keyed hash of all that must not be changed, in base64."""
    signed = b".".join((id.encode(), timestamp.encode(), body))
    return base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def _body(one: Outgoing) -> bytes:
    said = {"id": one.token, "to": one.address, "subject": one.subject, "text": one.text, "html": one.html}
    return json.dumps(said, ensure_ascii=False).encode()


def _encryption(connection: http.client.HTTPConnection) -> str:
    if not isinstance(connection.sock, ssl.SSLSocket):
        return ""
    return f" with {connection.sock.version()}, the certificate is accepted"


def _kind(error: Exception) -> str:
    """What happened, without what the other side said."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return getattr(error, "strerror", None) or type(error).__name__


def _check(answer: http.client.HTTPResponse, now: datetime) -> None:
    """2xx: taken. 408, 429 and 5xx may pass; other 4xx will not. A redirect is not followed.

    The status says it all: the body of an answer is not read.
    """
    status = answer.status
    after = _asked_to_wait(answer.getheader("Retry-After"), now)
    if http.client.OK <= status < http.client.MULTIPLE_CHOICES:
        return
    if status in _requests and status not in _may_pass:
        raise Never(f"the receiver refused it (HTTP {status})")
    if http.client.MULTIPLE_CHOICES <= status < http.client.BAD_REQUEST:
        raise Down(f"the receiver sends elsewhere (HTTP {status}), which is not followed; is `url` right?")
    if status == _too_many or after:
        raise Down(f"the receiver asks to wait (HTTP {status})", after)
    raise Passing(f"the receiver could not take it (HTTP {status})")


def _asked_to_wait(said: str | None, now: datetime) -> timedelta:
    """Retry-After, in seconds or as a date (RFC 9110, 10.2.3), within limits; nothing where it is neither."""
    if said is None:
        return timedelta()
    try:
        if said.isascii() and said.isdigit():
            return min(timedelta(seconds=int(said[:_most_digits])), LONGEST_WAIT)
        until = parsedate_to_datetime(said)
    except ValueError:
        return timedelta()
    return min(max(until.replace(tzinfo=until.tzinfo or UTC) - now, timedelta()), LONGEST_WAIT)


_most_digits = 9
