"""Shares, delays and settings for `carepath simulate`: read from a file and the command line, and listed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.status import BadInput, Unavailable
from pathways.settings import SettingError, Settings
from pathways.vocabulary import closest
from simulation.lives.numbers import DECLARED, GROUPS, Declared, NumberError, Numbers, shown

PATHWAY_SETTINGS = (
    "response_min_months",
    "zoledronate_min_monthly_doses",
    "surveillance_phase1_years",
    "post_mdt_anchor",
    "grace_days",
    "bma_start_grace_days",
    "ortho_grace_days",
    "cns_grace_days",
    "cord_grace_days",
    "receptor_grace_days",
)
"""Settings of the pathways that change what is a departure, and that the simulation knows how to follow."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a simulation is drawn by. `changed` are the settings of the pathways that are not the default."""

    numbers: Numbers
    rules: Settings
    changed: Mapping[str, object]


def wanted(file: str | None, typed: Mapping[str, object]) -> Wanted:
    """What a file says, and what was typed, which outranks it. Raises BadInput."""
    given = {**(_read(Path(file)) if file else {}), **typed}
    known = (*DECLARED, *PATHWAY_SETTINGS)
    for name in given:
        if name not in known:
            told = f"{name!r} is no share, delay or setting of the simulation ({_LISTED})"
            raise BadInput(f"{told}{closest(name, known)}")
    rules = {name: value for name, value in given.items() if name in PATHWAY_SETTINGS}
    try:
        settings = Settings.from_overrides(rules)
        numbers = Numbers.given({name: value for name, value in given.items() if name in DECLARED})
    except (NumberError, SettingError) as error:
        raise BadInput(str(error)) from None
    default = Settings.from_overrides({})
    return Wanted(
        numbers, settings, {name: settings[name] for name in rules if settings[name] != default[name]}
    )


_LISTED = "`carepath simulate --show-settings` lists them"


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unavailable(f"{path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: {error}; a line is NAME = VALUE, such as no_pet = 0.2") from None


def show_numbers(numbers: Numbers) -> None:
    """Every share and delay with its value, what it means and what prints it."""
    from cli.console import console, heading, table

    for title, group in GROUPS.items():
        made = table("Setting", "Value", "What", "Source")
        for one in group:
            value = shown(numbers.values[one.name])
            made.add_row(one.name, value, one.meaning, _source(one, value))
        console().print()
        console().print(heading(title))
        console().print(made)
    console().print()
    console().print(
        "Settings of the pathways, which `replay` then takes too: " + ", ".join(PATHWAY_SETTINGS) + "."
    )


def _source(one: Declared, value: str) -> str:
    if value != one.shown:
        return f"set here; default {one.shown}"
    note = f": {one.note}" if one.note else ""
    return ", ".join(one.statements) + note if one.statements else "setting"
