"""What `carepath doctor` looks at of the channels: whether their file can be used, and leads to everybody."""

from __future__ import annotations

from collections.abc import Iterator

from cli.check import Check
from cli.settings import CarepathSettings
from cli.site_channels import site_channels, unreached
from cli.status import Unavailable
from cli.workplace import Workplace


def of_the_channels(here: Workplace) -> Iterator[Check]:
    """Nothing where a site has no channels but the inbox, and wants none."""
    from coordination.site_desk import SiteDesk

    try:
        channels = [one.name for one in site_channels()]
    except Unavailable as error:
        yield Check("channels", str(error), "mend it (docs/channels.md): until then no worker starts")
        return
    with here.database.reading() as connection:
        people = SiteDesk.read(connection).people.values()
    if missing := list(unreached(people, channels)):
        yield Check("channels", " ".join(missing), "`carepath channel list`, and docs/channels.md")
    elif CarepathSettings.read().channels:
        yield Check("channels", f"the file of channels can be used: {', '.join(channels)}")
