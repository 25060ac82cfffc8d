"""`carepath pathway signoff`: who at this site read which statement against its source, with what result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from cli.arguments import day, readable
from cli.days import plural
from cli.output import print_json
from cli.parameters import JsonLines
from cli.status import BadInput, Status
from engine.answer import plain
from interop.limits import longest_name
from pathways.coverage import uses
from pathways.guidelines.signoff import (
    STATUS_WORDS,
    Review,
    SignOffs,
    Tally,
    Verdict,
    content_fingerprint,
    verdicts,
)
from pathways.guidelines.statements import Statement
from pathways.vocabulary import closest

app = typer.Typer(
    help="Reviews of the statements at this site: list, add, withdraw. All ship as not clinically reviewed.",
    no_args_is_help=True,
)

Named = Annotated[list[str], typer.Argument(metavar="STATEMENT...", help="Statements by id.")]
Of = Annotated[
    str,
    typer.Option(
        "--pathway", metavar="PATHWAY", help="A pathway; one with statements of its own brings them."
    ),
]
Reader = Annotated[
    str, typer.Option("--reader", metavar="NAME", help="Who read it. Default: who is at work here.")
]


@app.command("list")
def list_reviews(
    pathway: Of = "",
    open_: Annotated[
        bool, typer.Option("--open", help="Instead: what is still to be read, with text and source.")
    ] = False,
    json: JsonLines = False,
) -> Status:
    """The reviews that stand, and how many statements have none."""
    from cli.site_reviews import site_sign_offs

    found = site_sign_offs()
    wanted = _behind(pathway)
    unread = [one for one in wanted if found.status(one) == "not_reviewed"]
    if json:
        for one in unread if open_ else wanted:
            print_json(as_json(one, found))
        return Status.OK
    if open_:
        for one in unread:
            print(f"{one.id} ({one.grade_text})\n  {one.statement}\n  {one.source_text}")
    else:
        _show_standing(wanted, found)
    print(f"{len(unread)} of {plural(len(wanted), 'statement')} not clinically reviewed at this site")
    return Status.OK


@app.command()
def add(
    statement: Named,
    verdict: Annotated[
        str,
        typer.Option("--verdict", metavar="WORD", help="agrees: it says what its source says; or differs."),
    ],
    reader: Reader = "",
    on: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="The day it was read. Default: today.")
    ] = None,
    note: Annotated[
        str, typer.Option("--note", metavar="TEXT", help="What differs, or which edition was read.")
    ] = "",
    pathway: Of = "",
) -> Status:
    """Keep that somebody read statements against their source; a later change of a statement undoes it."""
    if verdict not in verdicts:
        raise BadInput(
            f"--verdict: one of {', '.join(verdicts)}, not {verdict!r}{closest(verdict, verdicts)}"
        )
    if verdict == "differs" and not note.strip():
        raise BadInput("--note: say what differs, so that it can be mended")
    wanted = _named(statement, pathway)
    said = _keep(wanted, verdict, reader, on, note)
    print(f"{said}: {STATUS_WORDS[verdict]}")
    return Status.OK


@app.command()
def withdraw(
    statement: Named,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Why it is taken back.")],
    reader: Reader = "",
    pathway: Of = "",
) -> Status:
    """Take reviews back; they stay in the database, and no longer count."""
    if not note.strip():
        raise BadInput("--note: say why it is taken back")
    print(f"{_keep(_named(statement, pathway), None, reader, None, note)}: taken back")
    return Status.OK


def _keep(wanted: list[Statement], verdict: Verdict | None, reader: str, on: str | None, note: str) -> str:
    """Append one review for each statement, and say who read what when."""
    from cli.workplace import workplace
    from store.reviews import append, sign_offs

    with workplace(begins=True) as here:
        name = readable("--reader", reader, longest_name) or here.recorder
        read_on = day("--date", on) if on is not None else here.today
        if read_on > here.today:
            raise BadInput(f"--date: {read_on} is still to come")
        if verdict is None:
            _check_standing(wanted, name, sign_offs(here.database))
        reviews = [
            Review(one.id, content_fingerprint(one), verdict, name, read_on, readable("--note", note))
            for one in wanted
        ]
        append(here.database, reviews, recorder=here.recorder, now=here.now)
    return f"{name}, {read_on}, {plural(len(wanted), 'statement')}"


def _check_standing(wanted: Iterable[Statement], reader: str, found: SignOffs) -> None:
    for one in wanted:
        readers = [review.reader for review in found.standing.get(one.id, ())]
        if reader not in readers:
            told = f"reviews by {', '.join(readers)} stand" if readers else "no review of it stands"
            raise BadInput(f"{reader} has no review of {one.id} to take back; {told}")


def _known(pathway: str) -> Mapping[str, Statement]:
    if pathway:
        from cli.pathway_find import basis_of

        return basis_of(pathway).statements
    from pathways.guidelines.catalogue import load_catalogue

    return load_catalogue().statements


def site_tally(ids: Iterable[str], pathway: str) -> Tally:
    """How many of these statements of a pathway, as it was asked for, are not signed off at this site."""
    from cli.site_reviews import site_sign_offs

    known = _known(pathway)
    return site_sign_offs().tally(known[id] for id in ids if id in known)


def _behind(pathway: str) -> list[Statement]:
    """All statements, or those that a pathway names."""
    known = _known(pathway)
    if not pathway:
        return list(known.values())
    from cli.pathway_find import find

    return [known[id] for id in uses([find(pathway)]) if id in known]


def _named(ids: Iterable[str], pathway: str) -> list[Statement]:
    """Each statement once. Raises BadInput with the closest id, before anything is kept."""
    known = _known(pathway)
    for id in ids:
        if id not in known:
            raise BadInput(
                f"there is no statement {id!r}{closest(id, known)}; `carepath pathway coverage` lists them"
            )
    return [known[id] for id in dict.fromkeys(ids)]


def _show_standing(wanted: Iterable[Statement], found: SignOffs) -> None:
    from cli.console import console, table

    made = table("Statement", "Verdict", "Read by", "Date", "Note")
    for one in wanted:
        for review in found.reviews(one):
            made.add_row(one.id, review.verdict or "", review.reader, str(review.read_on), review.note)
        for review in found.outdated(one):
            made.add_row(one.id, "changed since", review.reader, str(review.read_on), review.note)
    if made.row_count:
        console().print(made)


def as_json(statement: Statement, found: SignOffs) -> dict[str, Any]:
    """A statement with its sign-off record."""
    return {
        "statement": statement.id,
        "grade": statement.grade_text,
        "source": statement.source_text,
        "text": statement.statement,
        "status": found.status(statement),
        "reviews": [_review(one) for one in found.reviews(statement)],
        "outdated": [_review(one) for one in found.outdated(statement)],
    }


def _review(one: Review) -> dict[str, Any]:
    return {"verdict": one.verdict, "reader": one.reader, "read_on": plain(one.read_on), "note": one.note}
