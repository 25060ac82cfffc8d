"""`carepath settings`: what a team may choose where the sources do not, and what it chose for whom."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer import Context

from cli.arguments import assignments
from cli.output import print_json
from cli.parameters import JsonLines, JsonObject, Patient
from cli.status import BadInput, Status
from pathways.library import all_pathways
from pathways.vocabulary import SettingSpec, load_vocabulary

app = typer.Typer(help="What a team may choose where the sources do not: list, show, set.")


@app.callback(invoke_without_command=True)
def settings(context: Context, json: JsonLines = False) -> Status:
    """The settings for --set: default, allowed values, and the pathways that read them."""
    if context.invoked_subcommand:
        return Status.OK
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


@app.command()
def show(
    patient: Annotated[
        str, typer.Argument(metavar="[PATIENT]", help="The patient's reference.", show_default=False)
    ] = "",
    site: Annotated[bool, typer.Option("--site", help="How many patients have which.")] = False,
    json: JsonLines = False,
) -> Status:
    """The settings of a patient and how they came about, or those of all patients together."""
    from cli.patient_settings import show_patient, show_site

    if bool(patient) == site:
        raise BadInput("whose settings? Give a PATIENT, or --site for all patients together")
    return show_site(json) if site else show_patient(patient, json)


@app.command("set")
def set_(
    patient: Patient,
    changes: Annotated[
        list[str], typer.Argument(metavar="NAME=VALUE...", help="The settings to be changed.")
    ],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it is kept with the change.")] = "",
    json: JsonObject = False,
) -> Status:
    """Follow a patient by other settings from now on, and tell what that changed."""
    from cli.patient_settings import change_settings

    return change_settings(patient, assignments("NAME=VALUE", changes), reason, json)


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
