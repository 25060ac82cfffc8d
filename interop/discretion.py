"""Messages that can be kept and passed on: they name the entry, and do not repeat who the patient is."""

from __future__ import annotations

import re

_day_of_birth = re.compile(r"(?<=before the birth_date) \d{4}-\d{2}-\d{2}").sub


def discreet(message: str) -> str:
    """A message without the day of birth, which the check of an entry before birth tells to its caller."""
    return _day_of_birth("", message)
