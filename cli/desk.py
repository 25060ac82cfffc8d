"""`carepath desk`: who works here and how, as the site sets it up. Each shows what stands, or changes it."""

from __future__ import annotations

import typer

from cli.desk_board import board
from cli.desk_ladder import ladder
from cli.desk_people import absence, person, team
from cli.desk_site import phrase, site

app = typer.Typer(
    help="Who works here and how: person, team, absence, site, ladder, board, phrase.", no_args_is_help=True
)
for _command in (person, team, absence, site, ladder, board, phrase):
    app.command(_command.__name__)(_command)
