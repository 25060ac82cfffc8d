"""Clock, chance and environment are refused where meaning lives; ruff does it, and here it is seen to."""

import json
import subprocess
import sys

import pytest

from tests.architecture.repository import ROOT, settings

HIDDEN_INPUTS = """\
import datetime
import os
import random
import secrets
import time
import uuid
from datetime import date, datetime as moment
from time import monotonic

A = (datetime.datetime.now(datetime.UTC), datetime.date.today())
B = (moment.utcnow(), moment.today(), date.today())
C = (os.environ, os.getenv("HOME"), os.urandom(1))
D = (uuid.uuid1(), uuid.uuid4())
"""

BANNED = set(settings()["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"])


def refused(path: str) -> set[str]:
    """The banned names that ruff finds when the source above stands at `path`."""
    command = [sys.executable, "-m", "ruff", "check", "--output-format=json", "--stdin-filename", path, "-"]
    ran = subprocess.run(command, cwd=ROOT, input=HIDDEN_INPUTS, capture_output=True, text=True, check=False)
    found = [entry["message"] for entry in json.loads(ran.stdout) if entry["code"] == "TID251"]
    return {message.split("`")[1] for message in found}


@pytest.mark.parametrize("path", ["engine/verdict.py", "pathways/library/new.py", "store/record.py"])
def test_every_hidden_input_is_refused(path: str) -> None:
    assert {name for name in BANNED if not any(found.startswith(name) for found in refused(path))} == set()


@pytest.mark.parametrize("path", ["store/clock.py", "cli/settings.py"])
def test_the_outer_rooms_may_read_them(path: str) -> None:
    assert refused(path) == set()
