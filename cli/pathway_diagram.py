"""`carepath pathway diagram`: the machine of a pathway as a picture, with a patient's way through it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.new_file import write_over
from cli.output import print_json
from cli.pathway_find import Id, find
from cli.status import BadInput, Status, Unavailable
from pathways.pathway import Pathway


def diagram(
    pathway: Id,
    svg: Annotated[
        str | None, typer.Option(metavar="FILE", help="Draw it into this file; - is standard output.")
    ] = None,
    mermaid: Annotated[bool, typer.Option("--mermaid", help="As Mermaid text (the default).")] = False,
    dot: Annotated[bool, typer.Option("--dot", help="As DOT text for Graphviz.")] = False,
    patient: Annotated[str, typer.Option(metavar="PATIENT", help="Mark where this patient is and was.")] = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON object with the text or the file.")] = False,
) -> Status:
    """The states of a pathway and the moves between them, as Mermaid text, DOT text or an SVG picture."""
    from pathways import diagram as drawing

    if (svg is not None) + mermaid + dot > 1:
        raise BadInput("--svg, --mermaid and --dot stand for one another; give one of them")
    one = find(pathway)
    marked = _way(one, patient) if patient else {}
    try:
        draw = drawing.svg if svg is not None else drawing.dot if dot else drawing.mermaid
        picture = draw(one, **marked)
    except drawing.DiagramError as error:
        raise Unavailable(str(error)) from None
    if svg is not None and svg != "-":
        write_over(Path(svg), picture.encode(), private=bool(patient))
        told: dict[str, Any] = {"file": svg}
        message = f"{svg}: {one.title}, {len(one.states)} states\n"
    else:
        told, message = {"text": picture}, picture
    if json:
        print_json({"pathway": one.id, **told})
    else:
        print(message, end="" if message.endswith("\n") else "\n")
    return Status.OK


def _way(one: Pathway, reference: str) -> dict[str, Any]:
    """The state the patient is in, and those passed through."""
    from cli.workplace import workplace

    with workplace() as here:
        snapshot = here.patient(reference).snapshot
    for part in snapshot.pathways:
        if part.pathway.id == one.id:
            return {"current": part.state, "walked": [move.target for move in part.trail]}
    raise BadInput(f"{reference} is not on the pathway {one.id}")
