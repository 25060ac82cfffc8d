"""The many other ways (SMS gateways, Teams, Slack, ntfy, ...) through the library Apprise.

They lie outside the hospital more often than not: unless a site asks for all of it, they get the subject
alone, which tells how many things are due and nothing about a patient.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from notifications.channels import Down, Outgoing, Passing
from notifications.channels import Final as Never

PLACE: Final = "{address}"
"""Stands in the URL where the address of the person belongs."""

ADDRESS: Final = re.compile(r"[A-Za-z0-9@.+#:_-]{1,200}")
"""A telephone number, an e-mail address, the name of somebody or of a room: nothing that changes a URL."""

_TALKATIVE: Final = ("apprise", "requests", "urllib3")
"""They log addresses, secrets and what is said."""


@dataclass(frozen=True)
class Apprised:
    """A service by its Apprise URL."""

    name: str
    per_minute: int | None
    url: str = field(repr=False)
    whole: bool = False

    def send(self, one: Outgoing) -> None:
        """Hand it to the service. Raises Down, Passing or Final."""
        from apprise import Apprise, AppriseAsset

        if PLACE in self.url and not ADDRESS.fullmatch(one.address):
            raise Never("the address may have letters, digits and @ . + - _ # : only")
        _silence()
        asset = AppriseAsset(async_mode=False, storage_mode="memory", app_id="carepath", app_desc="carepath")
        service = Apprise(asset=asset)
        if not service.add(self.url.replace(PLACE, quote(one.address, safe=""))):
            if PLACE in self.url:
                raise Never("with this address, `url` is none that Apprise knows")
            raise Down("`url` is none that Apprise knows")
        title, body = (one.subject, one.text) if self.whole else ("", one.subject)
        try:
            taken = service.notify(body=body, title=title)
        except Exception as error:  # many services, each with errors of its own, which may quote anything
            raise Passing(f"the service failed ({type(error).__name__})") from None
        if not taken:
            raise Passing("the service did not take it; Apprise tells no reason")


def _silence() -> None:
    """Nothing these libraries log reaches anybody."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
