"""What each operator of the graph means, by kind of value: one compile function per operator, all in
`MEANINGS`.

A compile function takes the node and the meanings of its arguments and gives a closure over a view. An
operator that binds a variable puts back what stood at its level, because closed expressions built apart may
use the same level.
"""

from __future__ import annotations

from typing import Final

from engine.meaning import dates, events, lesions, logic, one_event, views
from engine.meaning.registry import Compile

MEANINGS: Final[dict[str, Compile]] = {
    **logic.MEANINGS,
    **events.MEANINGS,
    **one_event.MEANINGS,
    **lesions.MEANINGS,
    **dates.MEANINGS,
    **views.MEANINGS,
}
