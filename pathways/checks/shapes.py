"""What an expression can be without looking at a patient: the types of its events, the codes it may take."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pathways.checks.sites import Scope, context, inner_scope
from pathways.graph import Node, Param
from pathways.vocabulary import Field, FieldSet, Vocabulary

Words = frozenset[str] | None
"""Event types or codes; None where it may be any."""

_WITH_WORDS: Final = frozenset({"event", "events", "code", "codes"})
_OPEN: Final = frozenset({"target", "duplicates", "after_death", "identity"})


class Shapes:
    """Possible event types of event expressions, possible codes of code expressions; each worked out once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._known: dict[tuple[object, ...], Words] = {}

    def of(self, node: Node, scope: Scope) -> Words:
        key = context(node, scope)
        if key not in self._known:
            self._known[key] = self._of(node, scope)
        return self._known[key]

    def fields(self, site_node: Node, scope: Scope) -> dict[str, Field | None]:
        """The field a node reads, by event type (or under `lesion`); None for types without such a field."""
        name = str(dict(site_node.params).get("name"))
        if site_node.op in ("row_field", "row_stated", "values"):
            return {"lesion": self.vocabulary.lesion.get(name)}
        types = self.of(site_node.args[0], scope)
        return {
            type: self.field(type, name)
            for type in sorted(self.vocabulary.events if types is None else types)
        }

    def field(self, type: str, name: str) -> Field | None:
        """A field of an event type by the one name under which events carry it."""
        kind = self.vocabulary.events.get(type)
        if kind is None:
            return None
        if name == "note":
            return self.vocabulary.common[name]
        head, _, rest = name.partition(".")
        outer = _exactly(kind.fields, head)
        if not rest:
            return outer
        return _exactly(outer.of, rest) if outer is not None and outer.of is not None else None

    def _of(self, node: Node, scope: Scope) -> Words:
        match node.op:
            case op if node.type not in _WITH_WORDS or op in _OPEN:
                return None
            case "variable":
                element = scope.get(int(str(_param(node, "level"))))
                return self.of(element.over, element.scope) if element else None
            case "where":
                return _narrowed(self.of(node.args[0], scope), self._kinds(node, scope))
            case "union":
                return _together(self.of(arg, scope) for arg in node.args)
            case "case":
                return _together(self.of(arg, scope) for arg in (*node.args[1::2], node.args[-1]))
            case "imaging_of":
                return frozenset({"imaging_done"})
            case "matched":
                return self._of_matched(node.args[0], scope)
            case "field" | "row_field" | "values":
                found = [field for field in self.fields(node, scope).values() if field is not None]
                return _together(field_codes(field) for field in found) if found else None
            case _ if node.args and node.op != "kind":
                return self.of(node.args[0], scope)
            case _:
                return self._of_source(node, scope)

    def _of_source(self, node: Node, scope: Scope) -> Words:
        """The words of what takes no argument, and of the type of an event."""
        name = str(_param(node, "name"))
        match node.op:
            case "kind":
                types = self.of(node.args[0], scope)
                return frozenset(self.vocabulary.events) if types is None else types
            case "events" | "ledger":
                return frozenset(_texts(node, "types")) or (None if node.op == "ledger" else frozenset())
            case "constant":
                return frozenset({str(_param(node, "value"))})
            case "setting" if name in self.vocabulary.settings:
                choices = self.vocabulary.settings[name].choices
                return frozenset(str(choice) for choice in choices) or None
            case "fact" if name in self.vocabulary.facts:
                return field_codes(self.vocabulary.facts[name])
            case _:
                return None

    def _of_matched(self, assigned: Node, scope: Scope) -> Words:
        while assigned.op in ("named", "seen", "hindsight"):
            assigned = assigned.args[0]
        return self.of(assigned.args[1], scope) if assigned.op == "assigned" else None

    def _kinds(self, node: Node, scope: Scope) -> Words:
        """The event types to which a filter confines its list by asking for the type itself."""
        body, inner = node.args[1], inner_scope(node, 1, scope)
        for part in body.args if body.op == "and" else (body,):
            if part.op == "one_of" and part.args[0].op == "kind":
                return frozenset(_texts(part, "codes"))
            if part.op == "equal" and part.args[0].op == "kind":
                return self.of(part.args[1], inner)
        return None


def _param(node: Node, name: str) -> Param:
    """A parameter that may be missing, as the node has not been checked."""
    return dict(node.params).get(name)


def _texts(node: Node, name: str) -> tuple[str, ...]:
    found = _param(node, name)
    return tuple(str(v) for v in found) if isinstance(found, tuple) else ()


def _exactly(fields: FieldSet, name: str) -> Field | None:
    """The field of this canonical name; other spellings are not looked at."""
    return dict(fields).get(name)


def _narrowed(types: Words, kinds: Words) -> Words:
    if types is None or kinds is None:
        return types if kinds is None else kinds
    return types & kinds


def _together(all_words: Iterable[Words]) -> Words:
    found: frozenset[str] = frozenset()
    for words in all_words:
        if words is None:
            return None
        found |= words
    return found


def field_codes(field: Field) -> Words:
    """The codes a field may hold, in so far as they are listed."""
    return frozenset(field.codes or field.codes_known) or None
