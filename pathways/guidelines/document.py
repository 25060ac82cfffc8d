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

most_values = 100_000
"""Values of one file; the largest that ships has about 6,000."""

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
    """Reads one file; raises SourceError where it is no YAML or nested without end.

    Keys that stand twice, and what has no plain value, are reported.
    """
    loader = _Loader(path.read_text(encoding="utf-8"))
    try:
        node = loader.get_single_node()
        reader = _Reader(path.name, loader)
        data = reader.plain(node, 1)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise SourceError([Problem(path.name, line, f"not YAML: {error.problem}")]) from None
    except RecursionError:
        raise SourceError([Problem(path.name, 1, "not read: the values are nested too deeply")]) from None
    except yaml.YAMLError as error:  # a character that YAML does not know
        raise SourceError([Problem(path.name, 1, f"not YAML: {str(error).splitlines()[0]}")]) from None
    finally:
        loader.dispose()
    return Document(path.name, data, node, tuple(reader.problems))


def _children(node: yaml.Node | None) -> Iterator[tuple[str | int, int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield number, value.start_mark.line + 1, value


class _Reader:
    """Makes plain values of nodes, as many as `most_values`: aliases of aliases could grow without end."""

    def __init__(self, name: str, loader: yaml.SafeLoader) -> None:
        self.name = name
        self.loader = loader
        self.problems: list[Problem] = []
        self._left = most_values

    def plain(self, node: yaml.Node | None, line: int) -> object:
        self._left -= 1
        if self._left < 0:
            told = f"not read: the file has more than {most_values:,} values, with those that aliases repeat"
            raise SourceError([Problem(self.name, line, told)])
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(value, line) for _, line, value in _children(node)]
        return self._scalar(node, line)

    def _mapping(self, node: yaml.MappingNode) -> dict[str, object]:
        content: dict[str, object] = {}
        for (key, _), (name, line, value) in zip(node.value, _children(node), strict=True):
            if not isinstance(key, yaml.ScalarNode):
                self._problem(line, "a key must be a plain name")
            elif name in content:
                self._problem(line, f"the key {name!r} stands twice")
            content[str(name)] = self.plain(value, line)
        return content

    def _scalar(self, node: yaml.Node | None, line: int) -> object:
        if node is None:
            return None
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        if kind in ("str", "null"):
            return node.value if kind == "str" else None
        if kind not in ("bool", "int", "float"):
            self._problem(line, f"the tag {node.tag!r} is not read: leave it out")
            return None
        try:
            value: object = self.loader.construct_object(node)
        except (ValueError, LookupError):  # an empty number is looked into
            self._problem(line, f"{node.value[:60]!r} is no value of the kind {kind}")
            return None
        return value

    def _problem(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.name, line, message))
