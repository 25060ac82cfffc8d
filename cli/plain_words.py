"""Parameters that are text stay as they were typed.

Typer loads pydantic and builds an adapter for each parameter, also to turn text into text; that takes longer
than many a command. tests/cli/test_start_up.py watches that it does not happen.
"""

from __future__ import annotations

from typing import Any

from typer import Context
from typer.core import TyperArgument, TyperOption


class AsTyped:
    """Stands in for Typer's coercion of one parameter."""

    def coerce(self, value: Any, param: Any, ctx: Context) -> Any:
        """The value itself; no value of a parameter that may stand many times is an empty list."""
        del ctx
        many = param.multiple or param.nargs == -1
        return list(value or ()) if many else value


def keep_as_typed(command: Any) -> None:
    """Let text parameters and flags of a command, and of the commands under it, be what was typed."""
    context = Context(command)
    for parameter in command.get_params(context):
        if isinstance(parameter, TyperArgument | TyperOption) and _is_plain(parameter):
            parameter._runtime_param = AsTyped()  # type: ignore[assignment]  # stands in for a type of Typer
    for inner in getattr(command, "commands", {}).values():
        keep_as_typed(inner)


def _is_plain(parameter: TyperArgument | TyperOption) -> bool:
    return parameter.type_descriptor.annotation in (bool, str, list[str])
