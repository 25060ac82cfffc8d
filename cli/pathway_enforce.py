"""`carepath pathway enforce` and `undo`: another version or other settings for many patients, tried first."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.arguments import assignments, readable
from cli.parameters import JsonLines, JsonObject, Words
from cli.pathway_find import NAMED
from cli.status import BadInput, Status

Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why; it is kept with the change of each patient.")]


def enforce(
    pathway: Annotated[
        str, typer.Argument(metavar="[PATHWAY]", help=f"The version. {NAMED}", show_default=False)
    ] = "",
    set_: Annotated[
        Words,
        typer.Option("--set", metavar="NAME=VALUE", help="A setting to change; may stand several times."),
    ] = None,
    everybody: Annotated[bool, typer.Option("--all", help="For every patient.")] = False,
    state: Annotated[
        str, typer.Option(metavar="STATE", help="For those in this state of the main pathway.")
    ] = "",
    patient: Annotated[
        Words, typer.Option(metavar="REFERENCE", help="For this patient; may stand several times.")
    ] = None,
    patients: Annotated[
        Path | None, typer.Option(metavar="FILE", help="For those of a file, one reference a line.")
    ] = None,
    add: Annotated[bool, typer.Option("--add", help="Put on the pathway also who is not on it.")] = False,
    apply: Annotated[
        bool, typer.Option("--apply/--dry-run", help="Record it. Otherwise it is only tried.")
    ] = False,
    blocked_too: Annotated[
        bool, typer.Option("--blocked-too", help="With --apply: also where a step would be blocked.")
    ] = False,
    reason: Reason = "",
    json: JsonLines = False,
) -> Status:
    """Put a version of a pathway, or settings, in force for chosen patients, after a dry run.

    Tells of each patient what would be otherwise; nothing is written without --apply.
    """
    from cli.enforcing import apply_to, try_on
    from cli.to_enforce import Asked, Whom

    asked = Asked.of(pathway, assignments("--set", set_), add)
    whom = Whom(everybody, state, tuple(patient or ()), patients)
    if not apply:
        return try_on(asked, whom, json=json)
    return apply_to(asked, whom, _reason(reason), blocked_too, json=json)


def undo(
    change: Annotated[str, typer.Argument(metavar="CHANGE", help="Its name, as `enforce --apply` told it.")],
    reason: Reason = "",
    json: JsonObject = False,
) -> Status:
    """Take a change of many patients back: what was in force before it is so again.

    Whoever was changed again since is left as is, and told.
    """
    from cli.enforcing import take_back

    return take_back(change.strip(), _reason(reason), json=json)


def _reason(text: str) -> str:
    if not text.strip():
        raise BadInput("--reason TEXT is needed: say why, it is kept with the change of each patient")
    return readable("--reason", text)
