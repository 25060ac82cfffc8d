"""`carepath account`: who may sign in to the desk, and the way back in for whoever cannot any more."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Annotated

import typer
from sqlalchemy import Connection

from cli.output import print_json
from cli.parameters import JsonLines
from cli.status import BadInput, Status
from cli.workplace import Workplace, workplace
from store import access, accounts, factors
from store.accounts import Account, NotAllowed

app = typer.Typer(help="Who may sign in to the desk: list, password, factor-off.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Its name.")]


@app.command("list")
def list_(json: JsonLines = False) -> Status:
    """Every account: its roles and teams, by what it signs in, whether it is at rest."""
    with workplace() as here, here.database.reading() as connection:
        found = accounts.all_accounts(connection)
    if json:
        for one in found:
            print_json(
                {
                    "account": one.name,
                    "roles": sorted(one.roles),
                    "teams": sorted(one.teams),
                    "signs_in_by": _by(one),
                    "active": one.active,
                }
            )
        return Status.OK
    from cli.console import console, table

    made = table("Account", "Roles", "Limited to", "Signs in by", "At rest")
    for one in found:
        teams, rest = ", ".join(sorted(one.teams)), "" if one.active else "yes"
        made.add_row(one.name, ", ".join(sorted(one.roles)), teams, ", ".join(_by(one)), rest)
    if found:
        console().print(made)
    else:
        print("Nobody may sign in yet: `carepath serve` shows how the first account is made.")
    return Status.OK


@app.command()
def password(account: Name) -> Status:
    """A new password, shown once and to be changed at the next sign-in; from then on it signs in here."""
    made = accounts.new_password()
    with workplace() as here, _changing(here, "password", account) as connection:
        accounts.set_password(connection, account, made, must_change=True)
    print(f"{made}\nThis is the password of {account}, shown this once. It has to be changed at the sign-in.")
    return Status.OK


@app.command("factor-off")
def factor_off(account: Name) -> Status:
    """Take the second factor off whoever lost the app and the recovery codes; every sign-in of it ends."""
    with workplace() as here, _changing(here, "factor-off", account) as connection:
        factors.take_off(connection, account)
    print(f"{account} signs in by the password alone, until a second factor is set up again.")
    return Status.OK


def _by(one: Account) -> list[str]:
    if one.subject is not None:
        return ["elsewhere"]
    return ["password", "second factor"] if one.factor else ["password"]


@contextlib.contextmanager
def _changing(here: Workplace, what: str, account: str) -> Iterator[Connection]:
    """One transaction with its entry in the access log. Raises BadInput for what cannot be."""
    try:
        with here.database.writing() as connection:
            yield connection
            look = here.look(None, {"account": account, "do": what})
            access.append_within(connection, look, here.now)
    except NotAllowed as refused:
        raise BadInput(str(refused)) from None
