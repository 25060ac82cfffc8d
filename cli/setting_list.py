"""`carepath settings`: what a team may choose where the sources do not."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.output import print_json
from cli.status import Status
from pathways.library import all_pathways
from pathways.vocabulary import SettingSpec, load_vocabulary


def settings(json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> Status:
    """The settings for --set: default, allowed values, and the pathways that read them."""
    specs = load_vocabulary().settings.values()
    if json:
        for spec in specs:
            print_json(as_json(spec))
        return Status.OK
    from cli.console import console, table

    made = table("Setting", "Default", "Allowed", "Read by")
    for spec in specs:
        made.add_row(spec.name, str(spec.default), allowed(spec), ", ".join(readers(spec)))
    console().print(made)
    return Status.OK


def allowed(spec: SettingSpec) -> str:
    """The values in words."""
    if spec.choices:
        return ", ".join(map(str, spec.choices))
    return f"{spec.field.unit or 'a number'}, from {spec.field.minimum or 0:g}"


def readers(spec: SettingSpec) -> list[str]:
    """The pathways whose rules read it."""
    return [one.id for one in all_pathways() if spec.name in one.settings]


def as_json(spec: SettingSpec) -> dict[str, Any]:
    """A setting with everything the table shows."""
    return {
        "setting": spec.name,
        "default": spec.default,
        "choices": list(spec.choices),
        "minimum": spec.field.minimum,
        "unit": spec.field.unit,
        "note": spec.field.note,
        "pathways": readers(spec),
    }
