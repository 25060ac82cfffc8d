"""Characters that steer a terminal or turn the direction of writing: no text needs them, and they hide."""

from __future__ import annotations

import re
from typing import Final

STEERING: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069"
"""A class of a regular expression: control characters but tab and line ends, those that break lines
(U+2028, U+2029) and those that turn the direction of writing."""

find_steering: Final = re.compile(f"[{STEERING}]").search
"""The first such character of a text."""
