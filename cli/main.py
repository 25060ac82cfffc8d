"""The entry point: `carepath COMMAND`. Only the module of the command that is asked for is imported."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Annotated, Any, Final

import typer
from typer.main import get_command

from cli.asked import Asked, ask
from cli.commands import COMMANDS, GROUPS
from cli.guard import NOTHING_CHANGED, guarded, telling_endings
from cli.output import use_utf8
from cli.plain_words import keep_as_typed
from cli.status import BadInput
from pathways.intended_use import IN_SHORT
from store.collector import come_seldom

INTERRUPTED: Final = {
    "demo": "the demonstration is not whole, run it again in another place",
    "replay": "the answers told so far are whole; nothing is kept, run it again for the others",
    "import": "whoever was imported is kept whole, nobody in part; import the file again to go on",
    "rebuild": "whoever was derived has right rows; run it again for the others",
    "simulate": "whoever was recorded is whole; empty the database or the folder and run it again",
    "record": "`carepath show PATIENT` tells whether the entry was recorded",
    "amend": "`carepath show PATIENT` tells whether the correction was recorded",
    "retract": "`carepath show PATIENT` tells whether the retraction was recorded",
    "progress": "`carepath progress PATIENT` tells whether it was recorded",
    "pause": "`carepath show PATIENT` tells whether it was recorded",
    "resume": "`carepath show PATIENT` tells whether it was recorded",
    "assign": "all of them were given away or none; `carepath assign PATIENT` tells",
    "hand-over": "all of them were handed over or none; `carepath list --owner FROM` tells",
    "comment": "`carepath comments PATIENT` tells whether it was kept",
    "board": "`carepath board list BOARD` tells who is on the list",
    "identify": "`carepath identify PATIENT` tells whether it was kept",
    "erase": "an identity is erased whole or not at all; run it again",
    "merge": "the records were merged or they were not, never half; `carepath show PATIENT` tells",
    "unmerge": "the merge was undone or it was not, never half; `carepath show PATIENT` tells",
    "move": "the entry was moved or it was not, never half of it; `carepath show PATIENT` tells",
    "settings": "`carepath settings show PATIENT` tells whether they were changed",
    "database": "nothing was copied, and tables are as they were; run it again",
    "keys": "the key file is whole and nobody is lost; run it again to go on",
    "backup": "no backup was made; run it again",
    "restore": "nothing was restored; run it again",
    "doctor": "nothing was changed; run it again",
    "channel": "whether the test was handed over is not known; look whether it arrived",
    "worker": "what was in hand goes to the next worker once its time has run out, after five minutes",
}
"""What an interrupted command leaves behind, and how to go on, where it is not as if it had not been run."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    use_utf8()
    come_seldom()
    return guarded(lambda: _run(words), INTERRUPTED.get(_command(words) or "", NOTHING_CHANGED))


def _run(words: list[str]) -> object:
    _check_readable(words)
    return _ready(_command(words))(words, prog_name="carepath", standalone_mode=False)


@cache
def _ready(name: str | None) -> Any:
    """The application with one command, or with all of them; to make it again would wrap functions twice."""
    command = get_command(application(name))
    keep_as_typed(command)
    return command


def _check_readable(words: Sequence[str]) -> None:
    """Raises BadInput for a word in another encoding, which could be neither looked up nor kept."""
    for word in words:
        try:
            os.fsencode(word).decode()
        except UnicodeError:
            told = f"{word!r} is not UTF-8; type it anew, or set the terminal to UTF-8"
            raise BadInput(told) from None


def application(wanted: str | None = None) -> typer.Typer:
    """The application with the command of a name, or with all of them."""
    app = typer.Typer(
        name="carepath",
        help="Moves patients through care pathways derived from guidelines, and explains every step.",
        epilog=f"{IN_SHORT} `carepath about` tells more.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_main_options)
    for heading, group in GROUPS.items():
        for name in group.keys() & {wanted} if wanted else group:
            _add(app, name, group[name], heading)
    return app


def _command(words: Sequence[str]) -> str | None:
    """The command, after the options that stand before it; None where there is none of that name."""
    rest = iter(words)
    for word in rest:
        if not word.startswith("-"):
            return word if word in COMMANDS else None
        if word in _WITH_A_VALUE:
            next(rest, None)
    return None


_WITH_A_VALUE = ("--user", "--reason")


def _add(app: typer.Typer, name: str, place: str, heading: str) -> None:
    module, _, function = place.partition(":")
    found = getattr(import_module(module), function)
    if isinstance(found, typer.Typer):
        _tell_endings(found)
        app.add_typer(found, name=name, rich_help_panel=heading)
    else:
        app.command(name, rich_help_panel=heading)(telling_endings(found))


def _tell_endings(group: typer.Typer) -> None:
    if group.registered_callback and group.registered_callback.callback:
        group.registered_callback.callback = telling_endings(group.registered_callback.callback)
    for command in group.registered_commands:
        assert command.callback is not None, "a command has a function"
        command.callback = telling_endings(command.callback)
    for inner in group.registered_groups:
        assert inner.typer_instance is not None, "a group has commands"
        _tell_endings(inner.typer_instance)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"carepath {version('carepath')}")
        raise typer.Exit


def _main_options(
    context: typer.Context,
    user: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who looks or records. Default: CAREPATH_USER.")
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Why you look, where it needs one; kept in the access log."),
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Moves patients through care pathways derived from guidelines, and explains every step."""
    ask(Asked(_said("--user", user), _said("--reason", reason), context.invoked_subcommand or ""))


def _said(option: str, text: str | None) -> str | None:
    """The text of an option. Raises BadInput for one that is empty, or could not be shown."""
    if text is None:
        return None
    if not text.strip() or not text.isprintable() or len(text) > _longest:
        raise BadInput(f"{option} must be readable text of at most {_longest} characters")
    return text.strip()


_longest = 200


if __name__ == "__main__":
    sys.exit(main())
