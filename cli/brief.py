"""`carepath brief`: one patient on one page that a tumour board can read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from cli.arguments import day, moment
from cli.new_file import write_over
from cli.output import complain
from cli.parameters import AsOf, KnownAt, Patient
from cli.status import BadInput, Status
from cli.workplace import workplace
from engine.brief import Brief
from engine.brief import brief as brief_of
from pathways.day_zero import in_days
from pathways.guidelines.catalogue import load_catalogue
from pathways.guidelines.signoff import SignOffs
from pathways.vocabulary import closest
from store.patient_view import PatientView

FORMATS = ("md", "html")


def brief(
    patient: Patient,
    step: Annotated[
        str,
        typer.Option(metavar="STEP", help="The step asked about. Default: the one nearest to being taken."),
    ] = "",
    format_: Annotated[str, typer.Option("--format", metavar="WORD", help="md (Markdown) or html.")] = "md",
    out: Annotated[
        str, typer.Option(metavar="FILE", help="Write to this file. Default: standard output.")
    ] = "",
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Status:
    """One page for a tumour board: question, history, imaging, conditions, evidence, earlier decisions."""
    if format_ not in FORMATS:
        raise BadInput(f"--format: one of {', '.join(FORMATS)}, not {format_!r}")
    with workplace() as here:
        view = here.patient(
            patient,
            day("--as-of", as_of) if as_of is not None else None,
            moment("--known-at", known_at) if known_at is not None else None,
        )
        signed = here.sign_offs(view.snapshot.known_at)
    found = brief_about(view, signed, step)
    from interop.brief_render import as_html, as_markdown

    _put(as_html(found) if format_ == "html" else as_markdown(found), out)
    return Status.OK


def brief_about(view: PatientView, signed: SignOffs, step: str) -> Brief:
    """The brief; BadInput naming the closest step."""
    try:
        found = brief_of(
            view.reference,
            view.enrolled,
            view.dossier.story,
            view.snapshot,
            load_catalogue(),
            signed,
            step or None,
        )
        return replace(found, day_zero=view.day_zero)
    except KeyError:
        steps = list(dict.fromkeys(one.id for each in view.enrolled for one in each.pathway.steps))
        raise BadInput(f"--step: there is no step {step!r}{closest(step, steps)}") from None


def _put(text: str, out: str) -> None:
    if not out or out == "-":
        print(in_days(text), end="" if text.endswith("\n") else "\n")
        return
    write_over(Path(out), in_days(text).encode())
    complain(f"carepath: written to {out}")
