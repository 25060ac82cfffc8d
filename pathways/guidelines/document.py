"""A YAML file that knows the line of everything in it, and the problems found in such a file.

Read with the words of YAML 1.2: only true and false are truth values, so `none`, `on` and `no` stay words.
Dates stay text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import yaml

_truth = re.compile("^(?:true|True|false|False)$")
Base: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Problem(NamedTuple):
    """What is wrong, and where."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class SourceError(Exception):
    """A source file that contradicts itself or its schema; `problems` lists everything found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class _Loader(Base):  # type: ignore[misc, valid-type]  # the C loader where there is one
    """Resolves plain words as YAML 1.2 does."""


def _resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    dropped = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
    kept = {
        first: [(tag, pattern) for tag, pattern in rules if tag not in dropped]
        for first, rules in Base.yaml_implicit_resolvers.items()
    }
    for first in "tTfF":
        kept.setdefault(first, []).append(("tag:yaml.org,2002:bool", _truth))
    return kept


_Loader.yaml_implicit_resolvers = _resolvers()


@dataclass(frozen=True, slots=True)
class Document:
    """The content of one file: `data` as plain values, and the node tree to find lines in."""

    name: str
    data: object
    node: yaml.Node | None
    problems: tuple[Problem, ...]

    def line(self, *place: str | int) -> int:
        """The line of what stands at a place, as keys and positions; of what is above it if absent."""
        node = self.node
        line = 1
        for key in place:
            step = next((found for found in _children(node) if found[0] == key), None)
            if step is None:
                break
            _, line, node = step
        return line


def read_document(path: Path) -> Document:
    """Reads one file; raises SourceError where it is no YAML, and reports keys that stand twice."""
    loader = _Loader(path.read_text(encoding="utf-8"))
    try:
        node = loader.get_single_node()
        problems: list[Problem] = []
        data = _plain(node, loader, path.name, problems)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise SourceError([Problem(path.name, line, f"not YAML: {error.problem}")]) from None
    except yaml.YAMLError as error:  # a character that YAML does not know
        raise SourceError([Problem(path.name, 1, f"not YAML: {str(error).splitlines()[0]}")]) from None
    finally:
        loader.dispose()
    return Document(path.name, data, node, tuple(problems))


def _children(node: yaml.Node | None) -> Iterator[tuple[str | int, int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key.value, key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield number, value.start_mark.line + 1, value


def _plain(node: yaml.Node | None, loader: yaml.SafeLoader, name: str, problems: list[Problem]) -> object:
    if isinstance(node, yaml.MappingNode):
        content: dict[str, object] = {}
        for key, line, value in _children(node):
            if key in content:
                problems.append(Problem(name, line, f"the key {key!r} stands twice"))
            content[str(key)] = _plain(value, loader, name, problems)
        return content
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value, loader, name, problems) for value in node.value]
    if node is None or node.tag == "tag:yaml.org,2002:null":
        return None
    return node.value if node.tag == "tag:yaml.org,2002:str" else loader.construct_object(node)
