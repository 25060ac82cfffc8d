"""Source in which a decorator stands as a call below its function: mutmut passes over what is decorated.

`@means("and") def conjunction` becomes `def conjunction`, then `conjunction = means("and")(conjunction)`.
"""

from __future__ import annotations

import ast

_left = ("staticmethod", "classmethod")
"""Decorators that mutmut knows how to deal with."""


def unrolled(source: str) -> str:
    """The same program without decorators on functions."""
    lines = source.splitlines()
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    for node in sorted(found, key=lambda node: node.lineno, reverse=True):
        _unroll(node, lines)
    return "\n".join([*lines, ""])


def _unroll(node: ast.FunctionDef, lines: list[str]) -> None:
    called = [ast.unparse(decorator) for decorator in node.decorator_list]
    if not called or any(name in _left for name in called):
        return
    assert node.end_lineno is not None, "a parsed function ends somewhere"
    value = node.name
    for name in reversed(called):
        value = f"{name}({value})"
    lines.insert(node.end_lineno, f"{' ' * node.col_offset}{node.name} = {value}")
    first = min(decorator.lineno for decorator in node.decorator_list)
    del lines[first - 1 : node.lineno - 1]
