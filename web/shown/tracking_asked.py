"""What an address asks of the tracking list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from pathways.titles import known_states
from store.desk_list import BUCKETS, DUE, FLAGS, ORDERS, Order, Ticked
from web.visit import Visit

FURTHEST: Final = 10_000
"""Pages beyond which nobody looks."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. `owner`: a name, `me`, `nobody`, or empty for everybody."""

    owner: str
    ticked: Ticked
    order: Order
    page: int

    def address(self, **changes: object) -> str:
        """The address of the same list, with changes; of its first page."""
        said: dict[str, object] = {
            "owner": self.owner,
            "due": self.ticked.due,
            "flag": self.ticked.flags,
            "day": self.ticked.buckets,
            "state": self.ticked.states,
            "order": "" if self.order == "due" else self.order,
        }
        said |= changes
        given = {
            name: value for name, value in said.items() if name == "owner" or value not in ("", (), None)
        }
        return f"/?{urlencode(given, doseq=True)}"


def asked_for(visit: Visit, query: QueryParams) -> Asked:
    """What is asked for behind the question mark, with what is nonsense in it left out."""
    owner = query.get("owner", "me" if visit.account.name in visit.site.people else "")[:60]
    buckets = tuple(place for place in range(len(BUCKETS)) if str(place) in query.getlist("day"))
    ticked = Ticked(
        due=tuple(one for one in DUE if one in query.getlist("due")),
        flags=tuple(one for one in FLAGS if one in query.getlist("flag")),
        buckets=buckets,
        states=tuple(one for one in known_states() if one in query.getlist("state")),
    )
    order: Order = next((one for one in ORDERS if one == query.get("order")), "due")
    page = query.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return Asked(owner, ticked, order, min(max(number, 1), FURTHEST))
