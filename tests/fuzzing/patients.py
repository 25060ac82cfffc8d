"""Small stories that are right, to be spoiled: pieces of the examples, events made from the vocabulary."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from pathways.vocabulary import Field, FieldSet, load_vocabulary

_examples = Path(__file__).parents[1] / "examples"
EXAMPLE = _examples / "regular-path.yaml"
_begin = date(2023, 1, 1)


@cache
def example_cases() -> tuple[dict[str, Any], ...]:
    """The cases of the examples as plain values."""
    files = sorted(_examples.glob("*.yaml"))
    loaded = [yaml.load(file.read_bytes(), yaml.CBaseLoader) for file in files]
    return tuple(_typed(case) for one in loaded for case in one.get("vignettes", [one]))


def _typed(value: Any) -> Any:
    """Words as the values they stand for; days stay text."""
    if isinstance(value, dict):
        return {key: _typed(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_typed(entry) for entry in value]
    plain = {"null": None, "true": True, "false": False}
    return plain[value] if value in plain else int(value) if value.isdecimal() else value


def small_case(chance: Random) -> dict[str, Any]:
    """One patient with a few facts and events, and now and then a question."""
    example = chance.choice(example_cases())
    facts = dict(chance.sample(list(example.get("facts", {}).items()), k=2))
    case: dict[str, Any] = {"id": f"P{chance.randrange(4)}", "facts": facts}
    start = chance.randrange(max(1, len(example["events"]) - 3))
    events = example["events"][start : start + chance.randrange(4)]
    made = [made_event(chance, f"m{number}") for number in range(chance.randrange(3))]
    case["events"] = json.loads(json.dumps([*events, *made]))
    if chance.random() < 0.2:
        case["checkpoints"] = json.loads(json.dumps(example["checkpoints"][:1]))
    return case


def made_event(chance: Random, id: str) -> dict[str, Any]:
    """An event of any type, with its required fields and a few others."""
    vocabulary = load_vocabulary()
    kind = chance.choice(list(vocabulary.events.values()))
    fields = [f for f in kind.fields.values() if f.required or chance.random() < 3 / (len(kind.fields) + 1)]
    content = {"id": id, "type": kind.name, "date": made_day(chance)}
    return {**content, **{field.name: made_value(field, chance) for field in fields}}


def made_day(chance: Random) -> str:
    return str(_begin + timedelta(chance.randrange(900)))


def made_value(field: Field, chance: Random) -> object:
    """What may be stated for a field, null now and then."""
    if field.nullable and chance.random() < 0.1:
        return None
    if field.type == "list" or field.type == "mapping":
        rows = [_row(field.of, chance) for _ in range(1 if field.type == "mapping" else chance.randrange(3))]
        return rows[0] if field.type == "mapping" else rows
    one = _single(field, chance)
    return [one] if field.type in ("codes", "ids") or field.is_list else one


def _row(fields: FieldSet | None, chance: Random) -> dict[str, object]:
    known = list((fields or {}).values())
    chosen = [f for f in known if "." not in f.name and (f.required or chance.random() < 4 / len(known))]
    return {field.name: made_value(field, chance) for field in chosen}


def _single(field: Field, chance: Random) -> object:
    if field.codes:
        return chance.choice(field.codes)
    match field.type:
        case "date":
            return made_day(chance)
        case "integer" | "decimal":
            return int(field.minimum or 1) + chance.randrange(5)
        case "boolean3":
            return chance.random() < 0.5
        case _:
            return chance.choice(("e01", "m0", "liver", "a few words"))
