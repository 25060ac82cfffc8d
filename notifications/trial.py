"""A message that tries out a channel: harmless, about nobody."""

from __future__ import annotations

from datetime import datetime

from notifications.channels import Outgoing


def trial(channel: str, address: str, now: datetime) -> Outgoing:
    """The message, in both languages; each one has a key of its own."""
    text = (
        f"A test of carepath's channel {channel}. It is about no patient, and nothing is to be done.\n"
        "\n"
        f"Ein Test des Kanals {channel} von carepath. Er betrifft niemanden, und nichts ist zu tun.\n"
    )
    return Outgoing(f"test-{now.isoformat()}-{channel}", address, "carepath: test", text, "")
