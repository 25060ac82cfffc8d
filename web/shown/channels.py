"""The ways by which messages leave: how each does, and tried out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from notifications.channels import INBOX, Channel
from notifications.site_file import NotConfigured
from notifications.trial import NotHandedOver, leads_to, try_out
from store.queues import Way
from web.visit import Visit


@dataclass(frozen=True, slots=True)
class Row:
    """A channel with where it leads, whom it reaches, and how it does; no `way` where nothing was sent."""

    name: str
    to: str
    per_minute: int | None
    people: tuple[str, ...]
    way: Way | None


@dataclass(frozen=True, slots=True)
class Trial:
    """A channel that was tried out: the steps it told, and why it did not get through, if so."""

    channel: str
    steps: Sequence[str]
    failed: NotHandedOver | None


def configured(visit: Visit) -> tuple[Sequence[Channel], str]:
    """The channels beside the inbox, and why they cannot be used where that is so."""
    try:
        return visit.place.house.channels(), ""
    except NotConfigured as error:
        return (), str(error)


def rows(visit: Visit, found: Iterable[Channel], known: dict[str, Way]) -> Iterable[Row]:
    """The inbox, and the channels in their order."""
    active = [one for one in visit.site.people.values() if one.active]
    everybody = tuple(one.name for one in active)
    yield Row(INBOX, "the inbox here", None, everybody, known.get(INBOX))
    for one in found:
        reached = tuple(each.name for each in active if one.name in each.addresses)
        yield Row(one.name, leads_to(one), one.per_minute, reached, known.get(one.name))


def tried_out(visit: Visit, channel: Channel, address: str, to: str) -> Trial:
    """Try a channel out; it stands in the access log before, `to` only where it is somebody's name."""
    whom = to if to in visit.site.people else ""
    visit.seen("channel test", None, channel=channel.name, to=whom)
    steps: list[str] = []
    failed = try_out(channel, address, visit.now, steps.append)
    return Trial(channel.name, steps, failed)
