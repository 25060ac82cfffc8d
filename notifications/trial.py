"""Trying out a channel: a message that is harmless, about nobody, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from notifications.channels import Channel, Down, Final, Outgoing, Passing, Step, silently
from notifications.channels.apprise import Apprised
from notifications.channels.email import Email
from notifications.channels.webhook import Webhook


@dataclass(frozen=True, slots=True)
class NotHandedOver:
    """Why the trial did not get through, and what that would mean for a message."""

    told: str
    what_then: str


def try_out(channel: Channel, address: str, now: datetime, step: Step = silently) -> NotHandedOver | None:
    """Send the trial to an address, telling each step where the channel has any; None: it was handed over."""
    trying = replace(channel, step=step) if isinstance(channel, Email | Webhook) else channel
    try:
        trying.send(trial(channel.name, address, now))
    except Down as error:
        return NotHandedOver(str(error), "Every message by this channel would wait, and be tried again.")
    except Passing as error:
        return NotHandedOver(str(error), "A message would be tried again after a while.")
    except Final as error:
        return NotHandedOver(str(error), "A message to this address would be given up.")
    return None


def trial(channel: str, address: str, now: datetime) -> Outgoing:
    """The message, in both languages; each one has a key of its own."""
    text = (
        f"A test of carepath's channel {channel}. It is about no patient, and nothing is to be done.\n"
        "\n"
        f"Ein Test des Kanals {channel} von carepath. Er betrifft niemanden, und nichts ist zu tun.\n"
    )
    return Outgoing(f"test-{now.isoformat()}-{channel}", address, "carepath: test", text, "")


def leads_to(channel: Channel) -> str:
    """Where messages go, without anything secret."""
    if isinstance(channel, Email):
        how = "unencrypted" if channel.security == "none" else channel.security
        return f"e-mail by {channel.host}:{channel.port}, {how}, from {channel.sender.addr_spec}"
    if isinstance(channel, Webhook):
        return f"webhook at {channel.url.scheme}://{channel.url.netloc}"
    whole = isinstance(channel, Apprised) and channel.whole
    return f"Apprise, {'the whole message' if whole else 'the subject alone'}"
