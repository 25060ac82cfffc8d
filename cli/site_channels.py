"""The channels of this site, as the file says that CAREPATH_CHANNELS names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cli.settings import CarepathSettings
from cli.status import Unavailable
from store import clock

if TYPE_CHECKING:
    from notifications.channels import Channel


def site_channels() -> list[Channel]:
    """The inbox first. Raises Unavailable, naming file and key, where the file cannot be used."""
    from notifications.channels import configured
    from notifications.channels.configuration import NotConfigured

    try:
        return configured(CarepathSettings().channels, os.environ, clock.now)
    except NotConfigured as error:
        raise Unavailable(str(error)) from None
