"""Settings under fire: words of --set, settings of a checkpoint, and what the environment says."""

import json
import os
from random import Random
from unittest.mock import patch

import pytest

from cli.arguments import assignments
from cli.settings import CarepathSettings
from cli.status import BadInput
from pathways.settings import SettingError, Settings
from pathways.vocabulary import load_vocabulary
from tests.fuzzing.door import FEW, MANY, Door, fuzz, told_why
from tests.fuzzing.line import run
from tests.fuzzing.odd import odd_text, odd_value
from tests.fuzzing.patients import EXAMPLE
from tests.fuzzing.spoiled import spoiled_bytes


def make(chance: Random) -> bytes:
    """A JSON object: the words of the command line, the settings of a checkpoint, the environment."""
    specs = list(load_vocabulary().settings.values())
    words, stated = [], {}
    for spec in chance.sample(specs, chance.randrange(4)):
        value = chance.choice((spec.default, *spec.choices, chance.randrange(99), odd_text(chance)))
        name = spec.name if chance.random() < 0.9 else odd_text(chance)
        words.append(f"{name}{chance.choice(('=', '=', '=', ' = ', '==', ''))}{value}")
        stated[name] = value if chance.random() < 0.5 else odd_value(chance)
    environment = {chance.choice(("CAREPATH_RECORDER", "CAREPATH_DATABASE_URL")): odd_text(chance)}
    said = json.dumps({"words": words, "stated": stated, "environment": environment}).encode()
    return spoiled_bytes(said, chance) if chance.random() < 0.1 else said


def said_in(data: bytes) -> dict[str, object] | None:
    """The three parts; None where the bytes do not hold them."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return None
    kinds = {"words": list, "stated": dict, "environment": dict}
    return said if isinstance(said, dict) and all(type(said.get(k)) is t for k, t in kinds.items()) else None


def environment_of(said: dict[str, object]) -> dict[str, str]:
    """What the operating system can hold of it."""
    stated = said["environment"]
    assert isinstance(stated, dict)
    return {name: str(value) for name, value in stated.items() if _can_stand(name) and _can_stand(str(value))}


def _can_stand(text: str) -> bool:
    return bool(text) and text.isprintable() and "=" not in text and len(text) < 1000


def enter(data: bytes) -> None:
    said = said_in(data)
    if said is None:
        return
    assert isinstance(said["words"], list)
    assert isinstance(said["stated"], dict)
    for overrides in (lambda: assignments("--set", map(str, said["words"])), lambda: said["stated"]):
        try:
            settings = Settings.from_overrides(overrides())
        except (BadInput, SettingError) as refused:
            told_why(refused)
        else:
            assert Settings.from_overrides(dict(settings)) == settings
    with patch.dict(os.environ, environment_of(said)):
        try:
            assert CarepathSettings.read().recorder_name()
        except BadInput as refused:
            told_why(refused)


def whole(data: bytes) -> None:
    said = said_in(data)
    if said is not None:
        assert isinstance(said["words"], list)
        words = [part for word in said["words"] for part in ("--set", str(word))]
        run("replay", str(EXAMPLE), "--json", *words)


DOOR = Door("settings", make, enter, whole)


def test_a_few() -> None:
    fuzz(DOOR, FEW)


@pytest.mark.soak
def test_many() -> None:
    fuzz(DOOR, MANY)
