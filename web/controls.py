"""Forms that follow from a list of controls: shown, read back, and told what does not fit at its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Final, Literal

from pydantic import ValidationError

from web.form import Form

Kind = Literal["text", "number", "date", "time", "choice", "checks", "yes", "lines", "area"]
Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Control:
    """A field of a form. `say`: the words of its options are the application's own, and translated."""

    name: str
    label: str
    kind: Kind = "text"
    options: tuple[Option, ...] = ()
    hint: str = ""
    say: bool = False
    empty: bool = True
    least: int = 0
    most: int = 200


def shown(
    controls: Iterable[Control], values: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """What stands in the controls before anybody types: single values, and lists of them."""
    single: dict[str, str] = {}
    several: dict[str, list[str]] = {}
    for one in controls:
        value = values.get(one.name)
        if one.kind == "checks":
            several[one.name] = [str(each) for each in value or ()]
        elif one.kind == "lines":
            single[one.name] = "\n".join(map(str, value or ()))
        else:
            single[one.name] = _words(value)
    return single, several


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return "" if value is None else str(value)


def read(form: Form, controls: Iterable[Control]) -> dict[str, Any]:
    """What was typed, by the names of the controls; what does not fit is told at the form."""
    return {one.name: _read(form, one) for one in controls}


def _read(form: Form, one: Control) -> Any:
    known = dict(one.options)
    match one.kind:
        case "checks":
            chosen = [str(each) for each in form.visit.typed.getlist(one.name)]
            if not known.keys() >= set(chosen):
                form.fault(one.name, "Choose one of the list.")
            return tuple(each for each in known if each in chosen)
        case "choice":
            return form.chosen(one.name, known) or ("" if "" in known else None)
        case "yes":
            return form.visit.field(one.name) == "yes"
        case "lines":
            return tuple(form.visit.field(one.name).split())
        case "number":
            return _number(form, one)
        case "date":
            return form.day(one.name)
        case _:
            return form.text(one.name, one.most)


def _number(form: Form, one: Control) -> int | None:
    said = form.visit.field(one.name, 10)
    if not said and one.empty:
        return None
    if said.isascii() and said.isdigit() and one.least <= int(said) <= one.most:
        return int(said)
    form.fault(one.name, OUT_OF_BOUNDS)
    return None


OUT_OF_BOUNDS: Final = "This number is not one that can be."
NO_NAME: Final = "This cannot be a name: no comma, semicolon or slash, no # in front."
_NAME_FAULTS: Final = ("string_pattern_mismatch", "string_too_long", "string_too_short")


def refused(form: Form, error: ValidationError, usual: str) -> None:
    """Tell what an entry refused, at its control."""
    for fault in error.errors():
        name = str(fault["loc"][0]) if fault["loc"] else usual
        told = NO_NAME if fault["type"] in _NAME_FAULTS else fault["msg"].removeprefix("Value error, ")
        form.fault(name, told)
