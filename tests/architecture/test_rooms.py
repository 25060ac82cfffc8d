"""Rooms are the top-level packages; every tool must know all of them."""

import ast
from pathlib import PurePosixPath

import pytest

from tests.architecture.repository import ROOT, files, imported, name, python_files, rooms, settings

VAGUE = {"common", "core", "helpers", "services", "util", "utils"}


def test_every_tool_knows_every_room() -> None:
    tool = settings()["tool"]
    lists = {
        "hatch": tool["hatch"]["build"]["targets"]["wheel"]["packages"],
        "mypy": [entry for entry in tool["mypy"]["files"] if entry in rooms()],
        "slipcover": tool["slipcover"]["source"],
        "importlinter": tool["importlinter"]["root_packages"],
    }
    assert {tool_name: sorted(listed) for tool_name, listed in lists.items()} == dict.fromkeys(lists, rooms())


def test_every_room_has_its_layer() -> None:
    layers = " ".join(settings()["tool"]["importlinter"]["contracts"][0]["layers"])
    assert set(rooms()) <= set(layers.replace("(", " ").replace(")", " ").split())


@pytest.mark.parametrize("room", rooms())
def test_a_room_says_what_it_is(room: str) -> None:
    described = ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text(encoding="utf-8")))
    assert described
    assert "\n" not in described


def test_no_folder_or_module_with_a_name_that_says_nothing() -> None:
    paths = [PurePosixPath(name(path)) for path in files()]
    vague = [str(path) for path in paths if VAGUE & {*path.parts[:-1], path.stem}]
    assert vague == []


def test_transitions_is_imported_in_one_place() -> None:
    importers = [
        name(path)
        for path in python_files()
        if any(module.split(".")[0] == "transitions" for module in imported(path))
    ]
    assert [path for path in importers if not path.startswith(("bench/", "tests/"))] in (
        [],
        ["engine/machine.py"],
    )
