"""`carepath board`: who is to come before a tumour board, the lists of its meetings, and what is missing."""

from __future__ import annotations

import typer

from cli.board_change import add, defer, remove
from cli.board_follow import decisions
from cli.board_list import candidates, list_, ready
from cli.board_move import move
from cli.board_site import item, provider

app = typer.Typer(
    help="Tumour boards: candidates, the lists of meetings, what is missing, decisions not carried out.",
    no_args_is_help=True,
)
app.command("candidates")(candidates)
app.command("list")(list_)
app.command("ready")(ready)
app.command("add")(add)
app.command("remove")(remove)
app.command("defer")(defer)
app.command("move")(move)
app.command("decisions")(decisions)
app.command("item")(item)
app.command("provider")(provider)
