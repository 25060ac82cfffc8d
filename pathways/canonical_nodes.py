"""The node table of a canonical pathway: operator, type, numbers of arguments, parameters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from pathways.graph import Node, Param, node
from pathways.operators import OPERATORS, TYPES, Operator
from pathways.steering import find_steering

MAX_NODES: Final = 100_000
MAX_DEPTH: Final = 250
MAX_TUPLES: Final = 20
_KEYS: Final = frozenset({"op", "type", "args", "params"})


class CanonicalError(ValueError):
    """A text that is no pathway. `path` is the place in the JSON, `reason` what is wrong there."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} {reason}")
        self.path = path
        self.reason = reason


def written_node(node: Node, index: Mapping[Node, int], number: int) -> dict[str, object]:
    """One row of the table; `args` and `params` only where there are any."""
    row: dict[str, object] = {"op": node.op, "type": node.type}
    if node.args:
        row["args"] = [index[arg] for arg in node.args]
    if node.params:
        path = f"$.nodes[{number}].params"
        row["params"] = {name: _written_param(value, f"{path}.{name}") for name, value in node.params}
    return row


def _written_param(value: Param, path: str) -> object:
    if isinstance(value, tuple):
        return [_written_param(item, f"{path}[{n}]") for n, item in enumerate(value)]
    if isinstance(value, str):
        return checked_text(value, path)
    if type(value) is date:
        return {"date": value.isoformat()}
    if value is None or type(value) in (bool, int):
        return value
    raise CanonicalError(path, f"cannot be kept in JSON: {value!r}")


def checked_text(value: str, path: str) -> str:
    """The text itself, when it can be written as UTF-8 and holds no characters that steer a terminal."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise CanonicalError(path, "is a text that UTF-8 cannot hold") from None
    if found := find_steering(value):
        raise CanonicalError(path, f"holds the character U+{ord(found[0]):04X}, which no text needs")
    return value


def read_nodes(rows: object) -> list[Node]:
    """Every node of the table; arguments are nodes of earlier rows, so that there is no circle."""
    if not isinstance(rows, list):
        raise CanonicalError("$.nodes", "must be a list")
    if len(rows) > MAX_NODES:
        raise CanonicalError("$.nodes", f"holds more than {MAX_NODES} nodes")
    found: list[Node] = []
    depths: list[int] = []
    for number, row in enumerate(rows):
        path = f"$.nodes[{number}]"
        args = _references(row, number, path)
        depth = 1 + max((depths[a] for a in args), default=0)
        if depth > MAX_DEPTH:
            raise CanonicalError(path, f"is nested deeper than {MAX_DEPTH}")
        depths.append(depth)
        found.append(_read_node(row, tuple(found[a] for a in args), path))
    return found


def _references(row: object, number: int, path: str) -> list[int]:
    """The argument numbers of a row, after a look at its keys."""
    if not isinstance(row, dict):
        raise CanonicalError(path, "must be an object")
    for name in row:
        if name not in _KEYS:
            raise CanonicalError(path, f"has an unknown key {name!r}")
    args = row.get("args", [])
    if not isinstance(args, list):
        raise CanonicalError(f"{path}.args", "must be a list")
    for n, arg in enumerate(args):
        if type(arg) is not int or not 0 <= arg < number:
            raise CanonicalError(f"{path}.args[{n}]", f"must be the number of an earlier node, not {arg!r}")
    return args


def _read_node(row: Mapping[str, Any], args: tuple[Node, ...], path: str) -> Node:
    op, type = row.get("op"), row.get("type")
    if not isinstance(op, str) or op not in OPERATORS:
        raise CanonicalError(f"{path}.op", f"is no operator: {op!r}")
    if not isinstance(type, str) or type not in TYPES:
        raise CanonicalError(f"{path}.type", f"is no type of value: {type!r}")
    operator = OPERATORS[op]
    if not fits(operator, len(args)):
        raise CanonicalError(f"{path}.args", f"are {len(args)}, which {op!r} does not take")
    params = _read_params(row.get("params", {}), op, operator, f"{path}.params")
    return node(op, type, args, None, bound(operator, params), **params)


def fits(operator: Operator, count: int) -> bool:
    """Whether the operator takes that many arguments."""
    least = len(operator.takes)
    return count >= least if operator.repeats else count == least


def bound(operator: Operator, params: Mapping[str, Param]) -> tuple[int, ...]:
    """The variable levels that the operator gives values to."""
    level = params.get("level")
    if not operator.binds or not isinstance(level, int):
        return ()
    return tuple(range(level, level + operator.binds))


def _read_params(values: object, op: str, operator: Operator, path: str) -> dict[str, Param]:
    if not isinstance(values, dict):
        raise CanonicalError(path, "must be an object")
    kinds = dict(operator.params)
    if values.keys() != kinds.keys():
        raise CanonicalError(path, f"of {op!r} must be {', '.join(kinds) or 'none'}")
    return {name: _read_param(value, kinds[name], f"{path}.{name}") for name, value in values.items()}


def _read_param(value: object, kind: str, path: str) -> Param:
    param = _read_value(value, path)
    if not is_of_kind(param, kind):
        raise CanonicalError(path, f"must be a {kind}, not {value!r}")
    return param


def is_of_kind(param: Param, kind: str) -> bool:
    """Whether a parameter is what the operator table asks for."""
    match kind:
        case "name":
            return isinstance(param, str)
        case "names":
            return isinstance(param, tuple) and all(isinstance(p, str) for p in param)
        case "number":
            return type(param) is int and param >= 0
        case _:
            return True


def _read_value(value: object, path: str, depth: int = 0) -> Param:
    if isinstance(value, list) and depth < MAX_TUPLES:
        return tuple(_read_value(item, f"{path}[{n}]", depth + 1) for n, item in enumerate(value))
    if isinstance(value, dict) and value.keys() == {"date"}:
        return _read_date(value["date"], f"{path}.date")
    if isinstance(value, str):
        return checked_text(value, path)
    if value is None or isinstance(value, bool) or type(value) is int:
        return value
    raise CanonicalError(path, f"is no constant: {value!r}"[:200])


def _read_date(value: object, path: str) -> date:
    try:
        found = date.fromisoformat(str(value))
    except ValueError:
        found = None
    if found is None or found.isoformat() != value:
        raise CanonicalError(path, f"is no date: {value!r}")
    return found
