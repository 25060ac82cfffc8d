"""`carepath board item` and `provider`: what this site wants known before a board, and who can provide it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from cli.arguments import readable
from cli.at_desk import arranged, made, site_desk
from cli.board_change import check_question
from cli.desk_words import CHOICE
from cli.output import print_json
from cli.parameters import JsonLines
from cli.status import BadInput, Status
from cli.workplace import workplace
from coordination.entries import BoardItem, Provider
from coordination.readiness import FACTS
from coordination.site_desk import SiteDesk
from pathways.texts.wording import event_noun, field_name
from pathways.titles import guard_title
from pathways.vocabulary import closest, load_vocabulary


def item(
    name: Annotated[
        str,
        typer.Argument(metavar="[NAME]", help="A condition's id, or a name of its own.", show_default=False),
    ] = "",
    needs: Annotated[
        str, typer.Option("--needs", metavar="TYPE", help="The type of entry, or the fact, that answers it.")
    ] = "",
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What is asked for.")] = "",
    drop: Annotated[bool, typer.Option("--drop", help="This site does not ask for it.")] = False,
    question: Annotated[
        str, typer.Option("--question", metavar="CODE", help="Only of this question. Default: of all.")
    ] = "",
    json: JsonLines = False,
) -> Status:
    """What this site wants known before a board beside what the pathways ask for, or does not ask for."""
    check_question(question)
    wanted = bool(needs or title or drop)
    if wanted and not name:
        raise BadInput("of what? Give a NAME")
    if needs:
        _check_needs(needs)
    said = {"name": name, "question": question, "needs": needs, "wanted": not drop}
    with workplace(begins=wanted) as here:
        if wanted:
            entry = made(BoardItem, None, {**said, "title": readable("--title", title)})
            found = arranged(here, lambda _: entry)
        else:
            found = site_desk(here)
    rows = [one for (called, _), one in found.board_items.items() if name in ("", called)]
    if json:
        for one in rows:
            print_json(one.payload())
        return Status.OK
    _show_items(rows)
    return Status.OK


def _check_needs(needs: str) -> None:
    known = [*load_vocabulary().events, *load_vocabulary().facts]
    if needs not in known:
        raise BadInput(f"--needs: there is no entry and no fact {needs!r}{closest(needs, known)}")


def _show_items(rows: list[BoardItem]) -> None:
    from cli.console import console, table

    if not rows:
        print(
            "This site asks for what the pathways ask for. `carepath board item NAME --needs TYPE` adds more."
        )
        return
    table_ = table("Name", "Question", "What", "Answered by")
    for one in rows:
        what = one.title if one.wanted else f"not asked for: {guard_title(one.name)}"
        table_.add_row(one.name, one.question or "all", what, _kind(one.needs) if one.wanted else "")
    console().print(table_)
    print(CHOICE)


def provider(
    kind: Annotated[
        str,
        typer.Argument(metavar="[TYPE]", help=f"A type of entry, or {FACTS}.", show_default=False),
    ] = "",
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="A person or a team; empty: as usual.", show_default=False),
    ] = None,
    json: JsonLines = False,
) -> Status:
    """Who can provide a kind of data for boards. As usual: the patient's clinician, else the owner."""
    known = [*load_vocabulary().events, FACTS]
    if kind and kind not in known:
        raise BadInput(f"there is no type of entry {kind!r}{closest(kind, known)}")
    with workplace(begins=name is not None) as here:
        if name is None:
            found = site_desk(here)
        else:
            entry = made(Provider, None, {"name": kind, "by": name})
            found = arranged(here, lambda _: entry)
    rows = {one: by for one, by in found.providers.items() if kind in ("", one)}
    if json:
        for one, by in rows.items():
            print_json({"name": one, "by": by})
        return Status.OK
    _show_providers(dict(_told(rows)), found)
    return Status.OK


def _told(rows: dict[str, str]) -> Iterator[tuple[str, str]]:
    for one, by in sorted(rows.items()):
        yield f"{_kind(one)} ({one})", by


def _kind(name: str) -> str:
    if name == FACTS:
        return "what no entry carries"
    return event_noun([name], False) if name in load_vocabulary().events else field_name(name)


def _show_providers(rows: dict[str, str], found: SiteDesk) -> None:
    from cli.console import console, table

    table_ = table("What", "Who")
    for what, by in rows.items():
        table_.add_row(what, f"{by} (team)" if by in found.teams else by)
    table_.add_row("everything else" if rows else "everything", "the patient's clinician, else the owner")
    console().print(table_)
    print(CHOICE)
