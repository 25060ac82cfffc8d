"""Plain values written as JSON and YAML the way people and programs write them, well and badly."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any

_plain = re.compile(r"[a-z0-9][\w. -]*", re.ASCII).fullmatch
_anchors = (
    "&a ",
    "*a",
    "&b ",
    "*b ",
    "!!str ",
    "!x ",
    "<<: *a\n",
    "? ",
    "# said\n",
    "- ",
    "| \n",
    "> \n",
    "---\n",
    "\t",
)
_laughs = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]\n" for n in range(1, 28)
)


def as_json(tree: Any, chance: Random) -> str:
    """A JSON text, now and then with what JSON does not allow."""
    text = json.dumps(tree, ensure_ascii=chance.random() < 0.5, indent=chance.choice((None, None, 1)))
    if chance.random() < 0.1:
        start = chance.randrange(len(text) + 1)
        piece = chance.choice(
            (",", "//", "NaN", '"id": 1,', '"id": "P1", "id": "P2",', "\\", "1e999", "-", "01")
        )
        text = text[:start] + piece + text[start:]
    return text


def as_yaml(tree: Any, chance: Random) -> str:
    """A YAML text in blocks, now and then with anchors, tags and aliases that grow without end."""
    if chance.random() < 0.15:
        return as_json(tree, chance)
    lines = list(_block(tree, "", chance)) or ["{}"]
    if chance.random() < 0.15:
        place = chance.randrange(len(lines))
        column = chance.randrange(len(lines[place]) + 1)
        lines[place] = lines[place][:column] + chance.choice(_anchors) + lines[place][column:]
    text = "\n".join(lines) + "\n"
    return _laughs + text if chance.random() < 0.02 else text


def _block(tree: Any, indent: str, chance: Random, depth: int = 0) -> Any:
    if depth > 60 or not isinstance(tree, (dict, list)) or not tree:
        yield f"{indent}{_scalar(tree, chance)}"
        return
    rows = tree.items() if isinstance(tree, dict) else (("-", entry) for entry in tree)
    for key, value in rows:
        head = "-" if isinstance(tree, list) else f"{_scalar(key, chance)}:"
        if isinstance(value, (dict, list)) and value and chance.random() < 0.7:
            yield f"{indent}{head}"
            yield from _block(value, f"{indent}  ", chance, depth + 1)
        else:
            yield f"{indent}{head} {_scalar(value, chance)}"


def _scalar(value: Any, chance: Random) -> str:
    if isinstance(value, str):
        if _plain(value) or chance.random() < 0.1:
            return value if chance.random() < 0.8 else f"'{value}'"
        return json.dumps(value)
    if isinstance(value, (dict, list)):
        return _flow(value)
    return {None: "null", True: "true", False: "false"}.get(value) or str(value)


def _flow(value: Any) -> str:
    try:
        return json.dumps(value)
    except RecursionError:
        return "[]"
