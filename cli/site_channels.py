"""The channels of this site, as the file says that CAREPATH_CHANNELS names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cli.settings import CarepathSettings
from cli.status import Unavailable
from store import clock

if TYPE_CHECKING:
    from coordination.entries import Person
    from notifications.channels import Channel


def site_channels() -> list[Channel]:
    """Those beside the inbox. Raises Unavailable, naming file and key, where the file cannot be used."""
    from notifications.channels import configured
    from notifications.channels.configuration import NotConfigured

    try:
        return configured(CarepathSettings.read().channels, os.environ, clock.now)
    except NotConfigured as error:
        raise Unavailable(str(error)) from None


def unreached(people: Iterable[Person], channels: Iterable[str]) -> Iterator[str]:
    """Addresses by a channel that is not there: messages to them are made, and wait."""
    active = [one for one in people if one.active]
    for name in sorted({name for one in active for name in one.addresses} - set(channels)):
        who = ", ".join(one.name for one in active if name in one.addresses)
        yield f"There is no channel {name}, by which messages to {who} wait to leave."
