"""E-mail over SMTP (RFC 5321): encrypted, the certificate checked, every reply read for what it means.

What is wrong with one address or message ends that message; what is wrong with the way to the server or with
its settings lets all of them wait, as a mail server does, until somebody has mended it.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from pathlib import Path
from typing import Final, Literal, NoReturn

from notifications.channels import Clock, Down, Outgoing, Passing, Step, silently
from notifications.channels import Final as Never
from notifications.channels.deadline import ALTOGETHER, EACH, within
from notifications.channels.mail import written
from notifications.channels.trust import trusting

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True)
class Email:
    """A mail server that takes messages, and how to speak to it."""

    name: str
    per_minute: int | None
    host: str
    port: int
    security: Security
    sender: Address
    clock: Clock
    user: str | None = None
    password: str = field(default="", repr=False)
    reply_to: str | None = None
    certificates: Path | None = None
    each: float = EACH
    altogether: float = ALTOGETHER
    step: Step = silently

    def send(self, one: Outgoing) -> None:
        """Hand it to the mail server. Raises Down, Passing or Final."""
        mail = written(one, self.sender, self.reply_to, self.clock()).as_bytes()
        server = self._connected()
        self.step(f"connected to {self.host}:{self.port}")
        try:
            with within(self.altogether, lambda: server.sock):
                self._introduced(server)
                self._handed_over(server, one.address, mail)
                self.step("the mail server took the message")
                with contextlib.suppress(OSError):  # it is sent, however the conversation ends
                    server.quit()
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        try:
            if self.security == "tls":
                return smtplib.SMTP_SSL(
                    self.host, self.port, timeout=self.each, context=trusting(self.certificates)
                )
            return smtplib.SMTP(self.host, self.port, timeout=self.each)
        except OSError as error:
            self._away(error)

    def _introduced(self, server: smtplib.SMTP) -> None:
        """Encrypted and signed in, as far as the settings ask for it."""
        try:
            if self.security == "starttls":
                server.starttls(context=trusting(self.certificates))
            server.ehlo_or_helo_if_needed()
            if isinstance(server.sock, ssl.SSLSocket):
                self.step(f"encrypted with {server.sock.version()}, the certificate is accepted")
            if self.user is not None:
                server.login(self.user, self.password)
                self.step(f"signed in as {self.user}")
        except smtplib.SMTPAuthenticationError as error:
            raise Down(f"{self._named}: user or password refused{_code(error)}") from None
        except OSError as error:
            if type(error) in _UNOFFERED:
                encrypted = self.security != "starttls" or isinstance(server.sock, ssl.SSLSocket)
                missing = "authentication we know" if encrypted else "STARTTLS"
                raise Down(f"{self._named} offers no {missing}; nothing was sent") from None
            self._away(error)

    def _handed_over(self, server: smtplib.SMTP, address: str, mail: bytes) -> None:
        try:
            server.sendmail(self.sender.addr_spec, [address], mail)
        except smtplib.SMTPSenderRefused as error:
            _refused("sender", error.smtp_code, error.smtp_error)
        except smtplib.SMTPRecipientsRefused as error:
            _refused("address", *error.recipients[address])
        except smtplib.SMTPDataError as error:
            _refused("message", error.smtp_code, error.smtp_error)
        except OSError as error:
            told = f"the connection broke ({_kind(error)}); whether it arrived is not known"
            raise Passing(told) from None

    @property
    def _named(self) -> str:
        return f"the mail server {self.host}:{self.port}"

    def _away(self, error: OSError) -> NoReturn:
        """What keeps everything from being sent: no server, no encryption, a certificate of nobody."""
        if isinstance(error, ssl.SSLCertVerificationError):
            raise Down(f"{self._named}: its certificate is not accepted ({error.verify_message})") from None
        if isinstance(error, ssl.SSLError):
            raise Down(f"{self._named}: no encrypted connection; is `security` right?") from None
        if isinstance(error, smtplib.SMTPResponseException):
            raise Down(f"{self._named} takes nothing now{_code(error)}") from None
        raise Down(f"{self._named} cannot be reached ({_kind(error)})") from None


_UNOFFERED: Final = (smtplib.SMTPNotSupportedError, smtplib.SMTPException)
"""The latter, by itself, is raised where both sides know no way of authentication in common."""

_OF_THE_CHANNEL: Final = (421, 530, 534, 535, 538)
"""The server is closing, or wants another authentication: this holds for every message."""

_enhanced = re.compile(rb"^\s*([245]\.\d{1,3}\.\d{1,3})\b")

_MEANS: Final = {
    "5.1.1": "nobody has it there",
    "5.1.2": "there is no such domain",
    "5.1.3": "it is no address",
    "5.2.1": "it is not in use",
    "5.2.2": "the mailbox is full",
    "4.2.2": "the mailbox is full",
    "5.2.3": "too long for it",
    "5.3.4": "too long for the server",
    "4.7.1": "come back later",
    "5.7.1": "not allowed",
}
"""The commonest of RFC 3463 in words."""


def _refused(what: str, code: int, reply: bytes | str) -> NoReturn:
    """A reply of RFC 5321: 4yz may pass, 5yz will not. Its text may quote the message and is not told."""
    found = _enhanced.match(reply if isinstance(reply, bytes) else reply.encode())
    enhanced = found[1].decode() if found else ""
    means = f": {_MEANS[enhanced]}" if enhanced in _MEANS else ""
    told = f"the mail server refused the {what} ({' '.join(filter(None, (str(code), enhanced)))}){means}"
    if code in _OF_THE_CHANNEL or (what == "sender" and code < _permanent):
        raise Down(told)
    if code >= _permanent:
        raise Never(told)
    raise Passing(told)


_permanent = 500


def _code(error: smtplib.SMTPResponseException) -> str:
    return f" ({error.smtp_code})"


def _kind(error: OSError) -> str:
    """What happened, without what a server said."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, smtplib.SMTPException):
        hung_up = isinstance(error, smtplib.SMTPServerDisconnected)
        return "it hung up, or gave no answer in time" if hung_up else type(error).__name__
    return error.strerror or type(error).__name__
