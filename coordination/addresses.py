"""Where people are reached: what cannot be an address of a channel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

LONGEST: Final = 500
"""Characters of an address."""


def faults(channel: str, address: str) -> Iterator[str]:
    """What is wrong with an address by which a channel is to reach somebody."""
    if len(address) > LONGEST:
        yield f"has more than {LONGEST} characters"
    if not address.isprintable():
        yield f"{address!r} has characters that are not seen"
    mail = channel == "email" or ("@" in address and "://" not in address)
    if address and mail and not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
        yield f"{address!r} is no e-mail address; one is written as anna@example.org is"
