"""`carepath about`: what carepath is for, what it is not for, and which sources its content is drawn from."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from cli.output import print_json
from cli.parameters import JsonObject
from cli.status import Status
from pathways.guidelines.catalogue import load_catalogue
from pathways.guidelines.seeds import Seed
from pathways.guidelines.signoff import SignOffs, Tally
from pathways.intended_use import FOR, IN_SHORT, NOT_FOR


def about(json: JsonObject = False) -> Status:
    """Intended use and its limits, the sources with their age, and how much is signed off here."""
    from cli.site_reviews import site_sign_offs

    signed = site_sign_offs()
    if json:
        print_json(as_json(signed))
    else:
        _show(signed)
    return Status.OK


def as_json(signed: SignOffs) -> dict[str, Any]:
    """Everything the page shows."""
    sources = [
        {
            "title": seed.title,
            "currency": seed.currency,
            "statements": tally.statements,
            "not_reviewed": tally.not_reviewed,
            "differing": tally.differing,
        }
        for seed, tally in _sources(signed)
    ]
    return {
        "version": version("carepath"),
        "intended_use": IN_SHORT,
        "for": list(FOR),
        "not_for": list(NOT_FOR),
        "sources": sources,
    }


def _sources(signed: SignOffs) -> list[tuple[Seed, Tally]]:
    catalogue = load_catalogue()
    return [
        (seed, signed.tally(one for one in catalogue.statements.values() if one.seed == seed.file))
        for seed in catalogue.seeds.values()
    ]


def _show(signed: SignOffs) -> None:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    from cli.console import console, heading, table

    page: list[Any] = [heading("carepath", version("carepath")), Text(IN_SHORT, "bold")]
    for title, lines in (("What it is for", FOR), ("What it is not for", NOT_FOR)):
        rows = Table.grid(padding=(0, 1))
        for line in lines:
            rows.add_row(" ·", line)
        page += [Text(f"\n{title}", "bold"), rows]
    made = table("Source", "Age or state", "Statements", "Not reviewed here")
    for seed, tally in _sources(signed):
        made.add_row(seed.title, seed.currency, str(tally.statements), str(tally.not_reviewed))
    page += [Text("\nSources, each statement with its grade as printed", "bold"), made]
    page.append(
        Text("\n`carepath pathway signoff` keeps who read which statement against its source.", "dim")
    )
    console().print(Group(*page))
