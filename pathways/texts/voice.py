"""Who says what a node means: the settings in force, the titles of guards, and what `it` stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pathways.checks.shapes import Shapes
from pathways.checks.sites import Element, Scope, inner_scope
from pathways.graph import Node, Param
from pathways.settings import Settings
from pathways.texts.wording import event_noun
from pathways.vocabulary import load_vocabulary

ELEMENT_NOUNS: Mapping[str, str] = {"rows": "lesion", "dates": "date"}


def param(node: Node, name: str) -> str:
    return str(node.param(name))


def names(node: Node, name: str) -> tuple[str, ...]:
    """A parameter that is several words."""
    value: Param = node.param(name)
    return tuple(str(v) for v in value) if isinstance(value, tuple) else (str(value),)


@dataclass(frozen=True)
class Voice:
    """Speaks about the inside of filters and quantifiers: there the innermost element is `it`."""

    settings: Settings | None = None
    guards: Mapping[Node, str] = field(default_factory=dict)
    scope: Scope = field(default_factory=dict)
    it: int | None = None
    shapes: Shapes = field(default_factory=lambda: Shapes(load_vocabulary()))

    def inside(self, binder: Node) -> Voice:
        """How the last argument of a filter or quantifier is spoken of."""
        scope = inner_scope(binder, len(binder.args) - 1, self.scope)
        level = int(param(binder, "level")) + (binder.op == "chain")
        return replace(self, scope=scope, it=level)

    def about(self, each: Node) -> Voice:
        """How a timer or deviation speaks of the element it exists for."""
        return replace(self, scope={0: Element(each, {})})

    def named(self, variable: Node) -> str:
        """`it` for the innermost element, `that board` for one further out."""
        level = int(param(variable, "level"))
        if level == self.it:
            return "it"
        if self.it is not None and level == self.it - 1 and self._pair(level):
            return "the one before"
        if level == 0 and (alone := self._alone()):
            return alone
        determiner = "this" if level == 0 else "that"
        return f"{determiner} {self.element_noun(level)}"

    def _alone(self) -> str:
        """The name of the one event a timer or deviation exists for, where it has one."""
        element = self.scope.get(0)
        only = element.over.args[0] if element and element.over.op == "just" else None
        return param(only, "label") if only is not None and only.op == "named" else ""

    def _pair(self, level: int) -> bool:
        """Whether two variables go through one list, as in a chain."""
        first, second = self.scope.get(level), self.scope.get(level + 1)
        return first is not None and first is second

    def element_noun(self, level: int) -> str:
        element = self.scope.get(level)
        if element is None:
            return "element"
        if element.over.type == "codes":
            name = next(
                (str(value) for key, value in element.over.params if key in ("name", "label")), "items"
            )
            return name.removesuffix("s").split(" ")[-1].replace("_", " ")
        if element.over.type in ELEMENT_NOUNS:
            return ELEMENT_NOUNS[element.over.type]
        types = self.shapes.of(element.over, element.scope)
        return event_noun(sorted(types), many=False) if types and len(types) < 3 else "entry"
