"""A message as an e-mail: RFC 5322 with encoded words (RFC 2047), plain text with an HTML alternative."""

from __future__ import annotations

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from notifications.channels import Final as Never
from notifications.channels import Outgoing

PLAIN_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""As browsers accept them: one address, nothing around it, no comments, no quotes, no line ends."""

longest_address = 254


def written(one: Outgoing, sender: Address, reply_to: str | None, now: datetime) -> EmailMessage:
    """The e-mail. Raises Final for an address that is none.

    The same message has the same Message-ID at every try, so that a mailbox can tell that it is one. Nobody's
    absence note answers it (RFC 3834, and the header that Exchange heeds).
    """
    if not is_address(one.address):
        raise Never("the address is no e-mail address such as anna@example.org")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = one.address
    if reply_to:
        mail["Reply-To"] = reply_to
    mail["Subject"] = " ".join(one.subject.split())
    mail["Date"] = now
    mail["Message-ID"] = f"<{one.token}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(one.text, cte="quoted-printable")
    if one.html:
        mail.add_alternative(one.html, subtype="html", cte="quoted-printable")
    return mail


def is_address(text: str) -> bool:
    """Whether a text is one e-mail address and nothing else."""
    return len(text) <= longest_address and PLAIN_ADDRESS.fullmatch(text) is not None
