"""What goes to the terminal: one JSON object a line on standard output, messages on standard error."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from io import TextIOWrapper

from pathways.day_zero import in_days
from pathways.steering import STEERING

_steering = re.compile(f"[{STEERING}\r]")

_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def use_utf8() -> None:
    """Both streams in UTF-8, each line sent as soon as it is whole, whatever the machine's locale says.

    A stream that was closed before we began is empty, or takes everything and keeps nothing.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115  # stays open for good
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)


def json_line(value: Mapping[str, object]) -> str:
    """One JSON object as one line; a day that is counted from a day zero is told so."""
    return f"{in_days(_encode(value))}\n"


def print_json(value: Mapping[str, object]) -> None:
    """One JSON object as one line on standard output."""
    sys.stdout.write(json_line(value))


def complain(message: object) -> None:
    """A message for the person, on standard error; what it quotes cannot steer the terminal."""
    sys.stderr.write(f"{in_days(visible(str(message)))}\n")


def visible(text: str) -> str:
    """The text with control characters, but tabs and line ends, as `\\x1b`."""
    return _steering.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
