"""What goes to the terminal: one JSON object a line on standard output, messages on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from io import TextIOWrapper

_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def use_utf8() -> None:
    """Both streams in UTF-8, each line sent as soon as it is whole, whatever the machine's locale says."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)


def print_json(value: Mapping[str, object]) -> None:
    """One JSON object as one line."""
    sys.stdout.write(_encode(value) + "\n")


def complain(message: object) -> None:
    """A message for the person, on standard error."""
    sys.stderr.write(f"{message}\n")
