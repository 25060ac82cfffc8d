"""`carepath messages`: those that wait or were given up, and sending one of the latter again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Context

from cli.days import plural
from cli.output import print_json
from cli.parameters import JsonLines
from cli.status import BadInput, Status
from cli.workplace import workplace

if TYPE_CHECKING:
    from store.letters import Letter

MOST = 100
"""How many messages are listed, the latest."""

app = typer.Typer(help="Messages that wait or were given up; send one of the latter again.")


@app.callback(invoke_without_command=True)
def messages(
    context: Context,
    dead: Annotated[
        bool, typer.Option("--dead", help="Only those that were given up and reached nobody.")
    ] = False,
    json: JsonLines = False,
) -> Status:
    """Messages on their way out of the house: those that wait for it, and those that were given up."""
    if context.invoked_subcommand:
        return Status.OK
    from coordination.site_desk import SiteDesk
    from store.letters import letters
    from store.outbox import DEAD, WAITING

    with workplace() as here, here.database.reading() as connection:
        found, total = letters(connection, [DEAD] if dead else [DEAD, WAITING], MOST)
        site = SiteDesk.read(connection).site
    if json:
        for one in found:
            print_json(_as_json(one))
        return Status.OK
    _show(found, here.now.astimezone(site.time_zone))
    print(tally(found, total, dead))
    if found:
        print(f"Times are those of {site.zone}.")
    return Status.OK


@app.command()
def resend(
    message: Annotated[str, typer.Argument(metavar="ID", help="The message, as `messages` names it.")],
) -> Status:
    """Send a message again that was given up; what it says is told anew when it leaves."""
    from store.letters import send_again
    from store.outbox import DEAD

    with workplace() as here, here.database.writing() as connection:
        was = send_again(connection, message, here.now, here.recorder)
    if was is None:
        raise BadInput(f"there is no message {message!r}; `carepath messages --dead` names those given up")
    if was != DEAD:
        raise BadInput(f"{message} was not given up (it is {was}); only what was given up is sent again")
    print(f"{message} waits to be sent again, with the next round of a worker.")
    return Status.OK


def _show(found: Sequence[Letter], now: datetime) -> None:
    from rich.text import Text

    from cli.console import console, table

    if not found:
        return
    made = table("Made", "To", "By", "", "Tries", "What became of it")
    down = last_failures(found)
    for one in found:
        state = Text("given up", "bold red") if one.wake is None else Text("waits", "yellow")
        day = one.made.astimezone(now.tzinfo).date()
        made.add_row(
            str(day),
            one.recipient,
            one.channel,
            state,
            str(one.tries),
            told_of(one, now, down.get(one.channel, "")),
        )
        made.add_row("", "", "", "", "", Text(one.id, "dim"))
    console().print(made)


def last_failures(found: Sequence[Letter]) -> dict[str, str]:
    """What went wrong the last time by each channel, with a message that waits: a refused one tells nothing
    about others.
    """
    return {
        one.channel: f"by {one.channel} the last try failed: {one.failed}"
        for one in found
        if one.failed and one.wake
    }


def told_of(one: Letter, now: datetime, down: str) -> str:
    """Why it was given up, or for what it waits and until when, and what went wrong before: with the message,
    or with another one by the same channel.
    """
    failed = f"last try: {one.failed}" if one.failed and one.failed not in one.reason else ""
    others = down if one.wake and not one.failed and not one.reason else ""
    return "; ".join(filter(None, (one.reason, _when(one, now), failed, others)))


def _when(one: Letter, now: datetime) -> str:
    if one.wake is None:
        return ""
    clock = f"{one.wake.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"
    return f"until {clock}" if one.wake > now else f"since {clock}, for the next round of a worker"


def tally(found: Sequence[Letter], total: int, dead: bool) -> str:
    """How many messages there are, and what can be done with them."""
    if not found:
        return "No message was given up." if dead else "No message waits, and none was given up."
    listed = (
        plural(total, "message") if total == len(found) else f"The latest {len(found)} of {total} messages"
    )
    given_up = any(one.wake is None for one in found)
    return f"{listed}." + (
        " `carepath messages resend ID` sends again what was given up." if given_up else ""
    )


def _as_json(one: Letter) -> dict[str, Any]:
    return {
        "message": one.id,
        "to": one.recipient,
        "channel": one.channel,
        "kind": one.kind,
        "made": one.made.isoformat(),
        "status": one.status,
        "until": one.wake.isoformat() if one.wake else None,
        "tries": one.tries,
        "told": one.reason,
        "last_failure": one.failed,
    }
