"""The value for what did not happen. Together with None for unknown it completes every value (outline 1.1).

Logic treats it as false; a comparison with it is false. Unknown stays unknown.
"""

from __future__ import annotations

from typing import Final


class Absent:
    """Nothing of the kind was recorded, in a world where what is not recorded did not happen."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()
