"""`carepath pathway diff`: what became of a pathway, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cli.days import plural
from cli.output import print_json
from cli.pathway_find import NAMED, find
from cli.status import Status
from pathways.pathway import Pathway

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from pathways.difference import Change

_THROUGH: Final = "Worded as before, but a name in it stands for something else"
_UNSEEN: Final = "(reads as before; the graph differs)"
_MOST_TERMS: Final = 2
"""So many names are told with what changed through them; more are counted."""
_STYLES: Final = {"stricter": "red", "graver": "red", "looser": "green", "milder": "green"}
"""Colour repeats what the word says."""


def diff(
    first: Annotated[str, typer.Argument(metavar="A", help=f"The older version. {NAMED}")],
    second: Annotated[str, typer.Argument(metavar="B", help="The newer version, named in the same ways.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON object a difference.")] = False,
) -> Status:
    """What became of a pathway, in words: stricter, looser, moved, new and gone.

    Exit status 1 if the two differ, 0 if they are equal.
    """
    from pathways.difference import differences

    one, other = find(first), find(second)
    found = differences(one, other)
    if json:
        for change in found:
            print_json(change._asdict())
    else:
        _show(one, other, found)
    return Status.FOUND if found else Status.OK


def _show(one: Pathway, other: Pathway, found: Sequence[Change]) -> None:
    from rich.console import Group

    from cli.console import console, heading

    versions = one.version, other.version
    if one.id != other.id:
        versions = f"{one.id} {one.version}", f"{other.id} {other.version}"
    console().print(Group(heading(other.title, " -> ".join(versions)), *_page(found)))


def _page(found: Sequence[Change]) -> Iterator[RenderableType]:
    from rich.text import Text

    from pathways.difference import HEADINGS

    direct = [change for change in found if not change.through]
    for kind, changes in groupby(direct, key=lambda change: change.kind):
        yield Text(f"\n{HEADINGS[kind]}", "bold")
        for _, same in groupby(changes, key=lambda change: (change.id, change.title)):
            yield from _declaration([*same])
    if through := [change for change in found if change.through]:
        yield Text(f"\n{_THROUGH}", "bold")
        yield from (_through(change) for change in through)
    yield Text(f"\n{_summary(found)}" if found else "No difference.")


def _declaration(changes: Sequence[Change]) -> Iterator[RenderableType]:
    """What became of one declaration, each part with its words before and after."""
    from rich.text import Text

    first = changes[0]
    name = Text(first.title or first.id)
    name.append(f"  {first.id}" if first.title else "", "dim")
    whole = not first.what and not first.was and not first.now
    if whole:
        yield _indented(_effect(first).append(": ", "none").append_text(name), 2)
    elif first.kind != "pathway":
        yield _indented(name, 2)
    for _, same in groupby(changes[whole:], key=lambda change: (change.what, change.effect)):
        yield from (_indented(renderable, 4) for renderable in _part([*same]))


def _indented(renderable: RenderableType, by: int) -> RenderableType:
    from rich.padding import Padding

    return Padding(renderable, (0, 0, 0, by), expand=False)


def _effect(change: Change) -> Text:
    from rich.text import Text

    return Text(change.effect, _STYLES.get(change.effect, "yellow"))


def _part(changes: Sequence[Change]) -> Iterator[RenderableType]:
    """One part of a declaration; names that were only added, or only removed, stand in its line."""
    first = changes[0]
    line = _effect(first).append(f": {first.what}" if first.what else "", "none")
    listed = first.effect in ("added", "removed") and not any(" " in one.was + one.now for one in changes)
    if listed:
        names = ", ".join(filter(None, (one.was or one.now for one in changes)))
        yield line.append(f": {names}" if first.what and names else names, "none")
        return
    yield line
    yield from (_words(one) for one in changes if one.was or one.now)


def _words(change: Change) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    made = Table.grid(padding=(0, 2, 0, 0))
    made.add_column(no_wrap=True)
    made.add_column()
    if change.was == change.now:
        made.add_row("", Text(f"{change.now} ").append(_UNSEEN, "dim"))
    else:
        for word, text in (("was", change.was), ("now", change.now)):
            if text:
                made.add_row(Text(word, "dim"), Text(text))
    return _indented(made, 2)


def _through(change: Change) -> RenderableType:
    names = [f"“{name}”" for name in change.through[:_MOST_TERMS]]
    if more := len(change.through) - _MOST_TERMS:
        names += [f"{more} more"] if more > 0 else []
    what = f", {change.what}" if change.what else ""
    line = _effect(change).append(f": {change.kind} {change.id}{what} ", "none")
    return _indented(line.append(f"({', '.join(names)})", "dim"), 2)


def _summary(found: Sequence[Change]) -> str:
    """How many differences there are, and what they come to."""
    counted = Counter(change.effect for change in found)
    parts = (f"{number} {effect}" for effect, number in counted.most_common())
    return f"{plural(len(found), 'difference')}: {', '.join(parts)}"
