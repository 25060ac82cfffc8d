"""An error in words that may be kept: others' messages may quote a story, so their kind and place is all."""

from __future__ import annotations

from pathlib import PurePath
from traceback import extract_tb

from store.errors import StoreError


def in_words(error: Exception) -> str:
    """A message of ours as it is; of any other error its kind, and where in the program it was raised."""
    if isinstance(error, StoreError):
        return str(error)
    place = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {PurePath(place.filename).name}, line {place.lineno}"
