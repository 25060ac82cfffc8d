"""What is told of a database that was copied, backed up or restored."""

from __future__ import annotations

from collections.abc import Mapping

from cli.days import plural
from cli.output import complain
from store.backup import Checked
from store.database import read_url
from store.site_copy import Content

most_problems = 5


def shown(url: str) -> str:
    """A database URL without its password."""
    return read_url(url).render_as_string(hide_password=True)


def tell_chain(found: Checked) -> None:
    """How much there is, and whether it is as it was recorded."""
    size = f"{plural(found.patients, 'patient')}, {found.entries:,} entries"
    print(f"{size}; every chain of entries holds." if found.problems == () else f"{size}.")
    if not found.problems:
        return
    complain("The ledger is not as it was recorded:")
    for problem in found.problems[:most_problems]:
        complain(f"  {problem}")
    if len(found.problems) > most_problems:
        complain(f"  and {len(found.problems) - most_problems:,} more")


def told_as_json(found: Checked, held: Mapping[str, Content] | None = None) -> dict[str, object]:
    """The same for a program; `held` are the tables that were copied."""
    tables = {name: {"rows": one.rows, "sha256": one.digest} for name, one in (held or {}).items()}
    return {
        "patients": found.patients,
        "entries": found.entries,
        "chain_problems": None if found.problems is None else [str(one) for one in found.problems],
        **({"tables": tables} if held else {}),
    }
