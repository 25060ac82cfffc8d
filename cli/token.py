"""`carepath token`: the tokens by which programs work with the API of the desk, made, listed and ended."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from cli.output import print_json
from cli.parameters import JsonLines, JsonObject, Words
from cli.status import BadInput, Status
from cli.workplace import Workplace, workplace
from store import access, tokens
from store.accounts import NotAllowed
from store.tokens import LONGEST, SCOPES, USUAL, Token

app = typer.Typer(help="Tokens for programs that work with the API: new, list, revoke.", no_args_is_help=True)


@app.command()
def new(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="In whose name the program works.")],
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="Which program, for what.")],
    scope: Annotated[
        Words, typer.Option("--scope", metavar="SCOPE", help=f"What it is for: {', '.join(SCOPES)}.")
    ] = None,
    days: Annotated[
        int, typer.Option("--days", metavar="N", min=1, max=LONGEST, help="How long it lasts.")
    ] = USUAL,
    json: JsonObject = False,
) -> Status:
    """Make a token and show its secret, once; it does no more than the roles of its account allow."""
    with workplace() as here, _changing(here, "new", account, name) as connection:
        secret = tokens.make(connection, account, name, scope or [], here.now, days)
    if json:
        print_json({"account": account, "name": name, "scopes": sorted(scope or []), "secret": secret})
    else:
        print(f"{secret}\nThis secret is shown this once; it ends after {days} days.")
    return Status.OK


@app.command("list")
def list_(json: JsonLines = False) -> Status:
    """Every token: whose, for what, until when, and when it was last used. Secrets are kept nowhere."""
    with workplace() as here, here.database.reading() as connection:
        found = tokens.all_tokens(connection)
    if json:
        for one in found:
            print_json(_as_json(one))
        return Status.OK
    from cli.console import console, table

    made = table("Token", "Account", "For what", "May", "Until", "Last used")
    for one in found:
        until = f"{one.ends:%Y-%m-%d}" if one.ends else "no end"
        used = f"{one.used:%Y-%m-%d}" if one.used else "never"
        made.add_row(one.id, one.account.name, one.name, ", ".join(sorted(one.allowed)), until, used)
    if found:
        console().print(made)
    else:
        print("There are no tokens.")
    return Status.OK


@app.command()
def revoke(
    token: Annotated[str, typer.Argument(metavar="TOKEN", help="As `carepath token list` names it.")],
) -> Status:
    """End a token for good: from now on it opens nothing."""
    with workplace() as here, _changing(here, "revoke", token, "") as connection:
        ended = tokens.revoke(connection, token)
    print(f"The token of {ended.account.name} for {ended.name} has ended.")
    return Status.OK


@contextlib.contextmanager
def _changing(here: Workplace, what: str, whose: str, name: str) -> Iterator[Connection]:
    """One transaction with its entry in the access log. Raises BadInput for what cannot be."""
    try:
        with here.database.writing() as connection:
            yield connection
            look = here.look(None, {"token": what, "of": whose, "name": name})
            access.append_within(connection, look, here.now)
    except NotAllowed as refused:
        raise BadInput(str(refused)) from None


def _as_json(one: Token) -> dict[str, Any]:
    return {
        "token": one.id,
        "account": one.account.name,
        "name": one.name,
        "scopes": sorted(one.scopes),
        "allowed": sorted(one.allowed),
        "made": one.made.isoformat(),
        "ends": one.ends.isoformat() if one.ends else None,
        "used": one.used.isoformat() if one.used else None,
    }
