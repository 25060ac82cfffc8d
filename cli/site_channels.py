"""The channels of this site, as the file says that CAREPATH_CHANNELS names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cli.settings import CarepathSettings
from cli.status import BadInput, Unavailable
from coordination.fitting import among
from pathways.vocabulary import closest
from store import clock

if TYPE_CHECKING:
    from coordination.entries import Person
    from notifications.channels import Channel


def site_channels() -> list[Channel]:
    """Those beside the inbox. Raises Unavailable, naming file and key, where the file cannot be used."""
    place = CarepathSettings.read().channels
    if place is None:
        return []
    from notifications.channels.configuration import read
    from notifications.site_file import NotConfigured

    try:
        return list(read(place, os.environ, clock.now))
    except NotConfigured as error:
        raise Unavailable(str(error)) from None


def check_channel(name: str) -> None:
    """Raises BadInput for a channel that this site has not, where its file of channels is named here."""
    place = CarepathSettings.read().channels
    known = [one.name for one in site_channels()] if place else [name]
    if name not in known:
        near = closest(name, known) or among(known)
        raise BadInput(f"--address {name}: there is no channel {name!r}{near} ({place})")


def unreached(people: Iterable[Person], channels: Iterable[str]) -> Iterator[str]:
    """Addresses by a channel that is not there: messages to them are made, and wait."""
    active = [one for one in people if one.active]
    for name in sorted({name for one in active for name in one.addresses} - set(channels)):
        who = ", ".join(one.name for one in active if name in one.addresses)
        yield f"There is no channel {name}, by which messages to {who} wait to leave."
