"""How to supply what a condition misses."""

from __future__ import annotations

from collections.abc import Mapping

from engine.event import Event


def supplied_by(patient: str, name: str, events: Mapping[str, Event]) -> str:
    """The command that supplies a missing value of an entry; else nothing."""
    entry, _, path = name.partition(".")
    if entry not in events or not path:
        return ""
    fields = f"--field target={entry} --field field={path} --field old=null --field new=VALUE"
    return f"carepath record {patient} correction {fields}"
