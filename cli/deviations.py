"""`carepath deviations`: where care departed from the guideline, across patients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from cli.days import plural
from cli.lists_on import AsOf, lists_on
from cli.output import print_json
from cli.parameters import JsonLines
from cli.status import BadInput, Status
from engine.answer import plain
from pathways.day_zero import is_counted
from pathways.titles import known_deviations
from pathways.vocabulary import closest
from store.findings import Departure
from store.findings import deviations as all_deviations

SEVERITIES = ("critical", "major", "minor", "info", "data")
STATUSES = ("open", "closed", "final", "overruled", "retrospective")


def deviations(
    severity: Annotated[str, typer.Option(metavar="WORD", help=f"One of {', '.join(SEVERITIES)}.")] = "",
    status: Annotated[str, typer.Option(metavar="WORD", help=f"One of {', '.join(STATUSES)}.")] = "",
    code: Annotated[str, typer.Option(metavar="CODE", help="Only this deviation.")] = "",
    search: Annotated[str, typer.Option(metavar="TEXT", help="Only references that contain this text.")] = "",
    as_of: AsOf = None,
    known_at: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The register as it was at the end of this day, with reviews."),
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="With --known-at: the table of the desk.")] = False,
    json: JsonLines = False,
) -> Status:
    """Departures from the guideline and remarks on the data, the gravest first."""
    _one_of("--severity", severity, SEVERITIES)
    _one_of("--status", status, STATUSES)
    if code and code not in known_deviations():
        raise BadInput(f"there is no deviation {code!r}{closest(code, known_deviations())}")
    if known_at is not None:
        return _then(known_at, (severity, status, code, search), as_of, csv=csv, json=json)
    if csv:
        raise BadInput("--csv goes with --known-at")
    with lists_on(as_of) as lists:
        found = all_deviations(
            lists.database,
            code=code or None,
            status=status or None,
            severity=severity or None,
            text=search or None,
        )
        lists.seen(search, {"code": code, "status": status, "severity": severity}, len(found))
    found.sort(key=grave)
    if json:
        for one in found:
            counted = one.raised_on is not None and is_counted(one.raised_on)
            print_json({**as_json(one), "as_of": None if counted else plain(lists.day)})
    else:
        show_deviations(found, lists.told)
        print(tally(found))
    return Status.OK


def grave(one: Departure) -> tuple[int, int]:
    """Where one stands in the list."""
    return SEVERITIES.index(one.severity), STATUSES.index(one.status)


def _then(day: str, asked: tuple[str, str, str, str], as_of: str | None, *, csv: bool, json: bool) -> Status:
    """The register of an earlier day, narrowed as the list is. Raises BadInput."""
    from cli.deviations_then import deviations_then

    if as_of is not None:
        raise BadInput("--known-at stands on that day, too: leave --as-of out")
    if csv and (any(asked) or json):
        raise BadInput("--csv gives the whole register: leave out the other options")
    severity, status, code, search = asked

    def wanted(one: Departure) -> bool:
        said = ((severity, one.severity), (status, one.status), (code, one.code))
        return all(word in ("", there) for word, there in said) and search in one.reference

    return deviations_then(day, wanted, csv=csv, json=json)


def _one_of(option: str, value: str, allowed: Sequence[str]) -> None:
    if value and value not in allowed:
        raise BadInput(
            f"{option} must be one of {', '.join(allowed)}, not {value!r}{closest(value, allowed)}"
        )


def as_json(one: Departure) -> dict[str, Any]:
    """One deviation as a case file's answer has it, with patient and pathway."""
    return {
        "patient": one.reference,
        "pathway": one.pathway,
        "code": one.code,
        "title": one.title,
        "severity": one.severity,
        "status": one.status,
        "raised_on": plain(one.raised_on),
        "events": list(one.events),
        "statements": list(one.statements),
        "why": one.why,
        "judged_under": one.judged_under or None,
    }


def show_deviations(found: Sequence[Departure], told: str | None = None) -> None:
    """The table for a person, under what is `told` about its day."""
    from rich.text import Text

    from cli.console import console, word
    from cli.deviation_view import Told, deviation_list
    from cli.statement_words import GRADES_NOTE, named

    def told_of(one: Departure) -> Told:
        cells = (word(one.severity), word(one.status), plain(one.raised_on) or "", one.reference, one.title)
        judged = f"judged under {one.judged_under}" if one.judged_under else ""
        below = (Text(one.code, "dim"), Text(one.why), named(one.statements), Text(judged, "dim"))
        return Told(cells, below)

    if told:
        console().print(told)
    console().print(
        deviation_list(("Severity", "Status", "Since", "Patient", "What"), [told_of(one) for one in found])
    )
    if found:
        console().print(Text(GRADES_NOTE, "dim"))


def tally(found: Sequence[Departure]) -> str:
    """How many of each severity."""
    counts = Counter(one.severity for one in found)
    told = ", ".join(f"{counts[severity]} {severity}" for severity in SEVERITIES if counts[severity])
    return f"{plural(len(found), 'deviation')}{': ' if told else ''}{told}"
