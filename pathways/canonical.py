"""A pathway as canonical JSON, written and read without running code.

The text is a function of what the pathway says: keys are sorted, there is no free white space, defaults are
left out, and the nodes of the graph stand in one table, arguments before the nodes that use them, so that
sharing is kept. Files and lines are not part of it. `from_json(to_json(p)) == p`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from pathways.canonical_nodes import CanonicalError, checked_text, read_nodes, written_node
from pathways.graph import Node, walk
from pathways.pathway import Pathway
from pathways.roots import roots

__all__ = ["MAX_CHARACTERS", "CanonicalError", "from_json", "to_json"]

FORMAT: Final = "carepath-pathway/1"
MAX_CHARACTERS: Final = 20_000_000


def to_json(pathway: Pathway) -> str:
    """The canonical text. Raises CanonicalError where a constant is of a kind JSON cannot keep."""
    table = list(walk(*roots(pathway)))
    index = {node: number for number, node in enumerate(table)}
    content = {
        "format": FORMAT,
        "nodes": [written_node(node, index, number) for number, node in enumerate(table)],
        "pathway": _written(pathway, index, "$.pathway"),
    }
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def from_json(text: str) -> Pathway:
    """The pathway of a canonical text. Raises CanonicalError naming the place in the JSON that is wrong."""
    if len(text) > MAX_CHARACTERS:
        raise CanonicalError("$", f"is longer than {MAX_CHARACTERS} characters")
    content = _parsed(text)
    if not isinstance(content, dict):
        raise CanonicalError("$", "must be an object")
    _only(content, ("format", "nodes", "pathway"), "$")
    if content["format"] != FORMAT:
        raise CanonicalError("$.format", f"must be {FORMAT!r}")
    nodes = read_nodes(content["nodes"])
    pathway = _read(content["pathway"], Pathway, nodes, "$.pathway")
    assert isinstance(pathway, Pathway)
    return pathway


def _parsed(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refused)
    except RecursionError:
        raise CanonicalError("$", "is nested too deep") from None
    except ValueError as error:
        raise CanonicalError("$", f"is no JSON: {error}") from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {next(n for n in names if names.count(n) > 1)!r} is given twice")
    return found


def _refused(constant: str) -> object:
    raise ValueError(f"{constant} is no value")


def _only(content: dict[str, Any], names: tuple[str, ...], path: str) -> None:
    for name in content:
        if name not in names:
            raise CanonicalError(path, f"has an unknown key {name!r}")
    for name in names:
        if name not in content:
            raise CanonicalError(path, f"lacks {name!r}")


def _written(value: object, index: dict[Node, int], path: str) -> object:
    if isinstance(value, Node):
        return index[value]
    if isinstance(value, tuple):
        return [_written(item, index, f"{path}[{n}]") for n, item in enumerate(value)]
    if isinstance(value, str):
        return checked_text(value, path)
    if value is None or isinstance(value, bool | int):
        return value
    assert is_dataclass(value)
    kept = ((f.name, getattr(value, f.name), f.default) for f in fields(value) if f.name != "place")
    return {name: _written(v, index, f"{path}.{name}") for name, v, default in kept if v != default}


def _read(value: object, hint: Any, nodes: list[Node], path: str) -> object:
    """`value` as the type hint of a declaration asks for it."""
    if get_origin(hint) is tuple:
        return _read_tuple(value, get_args(hint), nodes, path)
    if get_origin(hint) in (Union, UnionType):
        inner = next(one for one in get_args(hint) if one is not type(None))
        return None if value is None else _read(value, inner, nodes, path)
    if hint is Node:
        return _referenced(value, nodes, path)
    if hint in _PLAIN:
        return _PLAIN[hint](value, path)
    return _read_declaration(value, hint, nodes, path)


def _read_declaration(value: object, kind: Any, nodes: list[Node], path: str) -> object:
    if not isinstance(value, dict):
        raise CanonicalError(path, f"must be an object, a {kind.__name__}")
    hints, required = _schema(kind)
    for name in required:
        if name not in value:
            raise CanonicalError(path, f"lacks {name!r}")
    for name in value:
        if name not in hints:
            raise CanonicalError(path, f"has an unknown key {name!r}")
    return kind(**{name: _read(v, hints[name], nodes, f"{path}.{name}") for name, v in value.items()})


@cache
def _schema(kind: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The types of a declaration's fields, and the fields it must have."""
    hints = {name: hint for name, hint in get_type_hints(kind).items() if name != "place"}
    return hints, tuple(f.name for f in fields(kind) if f.name in hints and f.default is MISSING)


def _read_tuple(value: object, hints: tuple[Any, ...], nodes: list[Node], path: str) -> object:
    if not isinstance(value, list):
        raise CanonicalError(path, "must be a list")
    if hints[-1] is Ellipsis:
        hints = hints[:1] * len(value)
    if len(hints) != len(value):
        raise CanonicalError(path, f"must have {len(hints)} parts, not {len(value)}")
    return tuple(
        _read(v, hint, nodes, f"{path}[{n}]") for n, (v, hint) in enumerate(zip(value, hints, strict=True))
    )


def _referenced(value: object, nodes: list[Node], path: str) -> Node:
    if type(value) is not int or not 0 <= value < len(nodes):
        raise CanonicalError(path, f"must be the number of a node, not {value!r}")
    return nodes[value]


def _text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise CanonicalError(path, f"must be a text, not {value!r}")
    return checked_text(value, path)


def _flag(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise CanonicalError(path, f"must be true or false, not {value!r}")
    return value


def _integer(value: object, path: str) -> int:
    if type(value) is not int:
        raise CanonicalError(path, f"must be a whole number, not {value!r}")
    return value


_PLAIN: Final[dict[Any, Callable[[object, str], object]]] = {str: _text, bool: _flag, int: _integer}
