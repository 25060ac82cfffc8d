"""What many commands take, said once."""

from __future__ import annotations

from typing import Annotated

import typer

Words = list[str] | None
"""What may stand several times; None where it does not stand."""
Patient = Annotated[str, typer.Argument(metavar="PATIENT", help="The patient's reference.")]
AsOf = Annotated[str | None, typer.Option(metavar="DATE", help="The day to stand on. Default: today.")]
KnownAt = Annotated[
    str | None, typer.Option(metavar="DATE", help="Only what was recorded by then. Default: everything.")
]
JsonObject = Annotated[bool, typer.Option("--json", help="One JSON object.")]
JsonLines = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
