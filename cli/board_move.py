"""`carepath board move`: a meeting at another time, with everybody on its list."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy import Connection

from cli.arguments import moment
from cli.at_desk import fitting, in_one, site_desk
from cli.board_list import BoardName, known_board, meeting_on
from cli.days import plural
from cli.output import print_json
from cli.parameters import JsonObject
from cli.status import BadInput, Status
from cli.workplace import workplace
from coordination.moving import move as move_meeting
from interop.board_words import on


def move(
    board: BoardName,
    meeting: Annotated[str, typer.Argument(metavar="DATE", help="The meeting that is moved.")],
    to: Annotated[str, typer.Option("--to", metavar="DATE", help="Its new time: 2026-03-03T14:00.")],
    json: JsonObject = False,
) -> Status:
    """Hold a meeting at another time: everybody on its list goes along, with that reason."""
    with workplace() as here:
        site = site_desk(here)
        old = meeting_on(site, known_board(site, board), meeting, "DATE")
        new = moment("--to", to)
        if not isinstance(new, datetime):
            raise BadInput(f"--to: when does it begin? A meeting is written as {new}T14:00 is")
        new = new if new.tzinfo else new.replace(tzinfo=site.site.time_zone)

        def moving(connection: Connection) -> int:
            with fitting():
                return move_meeting(connection, board, old, new, recorder=here.recorder, now=here.now)

        moved = in_one(here, moving)
    if json:
        print_json({"board": board, "meeting": old.isoformat(), "to": new.isoformat(), "moved": moved})
    else:
        print(f"{board} meets on {on(new, site)} instead; {plural(moved, 'question')} moved along.")
    return Status.OK
