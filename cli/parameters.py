"""What many commands take, said once."""

from __future__ import annotations

from typing import Annotated

import typer

Patient = Annotated[str, typer.Argument(metavar="PATIENT", help="The patient's reference.")]
JsonObject = Annotated[bool, typer.Option("--json", help="One JSON object.")]
JsonLines = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
