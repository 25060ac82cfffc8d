"""Generated expressions: every operator of the table, well typed, in words of the vocabulary.

`expression(type)` gives any expression of a type; `holding(op)` a condition in which that operator occurs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256

from hypothesis import assume, settings
from hypothesis import strategies as st

from pathways.checks.shapes import Shapes
from pathways.checks.sites import ELEMENT_TYPES, Element, Scope
from pathways.checks.words import readable
from pathways.graph import Node, Param, node
from pathways.operators import ANY, OPERATORS, SAME
from pathways.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
SHAPES = Shapes(VOCABULARY)
CONFLICT = "C04"
READ_TYPES = ("bool", "code", "codes", "date", "number", "text")
MOST_DEPTH = 4


@dataclass(frozen=True)
class Author:
    """Draws expressions; `scope` are the variables that have a value there, `depth` how far it may nest."""

    draw: st.DrawFn
    depth: int = MOST_DEPTH
    scope: Scope = field(default_factory=dict)

    def of(self, type: str) -> Node:
        """Any expression of this type."""
        if self.depth <= 0:
            return self.leaf(type)
        op = self.draw(st.sampled_from(self.fitting(type)))
        return replace(self, depth=self.depth - 1).by(op, type)

    def by(self, op: str, type: str) -> Node:
        """An expression of this type made by this operator; a leaf where that finds nothing to ask."""
        made = GENERATORS[op](self, type)
        return made if made is not None else self.leaf(type)

    def fitting(self, type: str) -> list[str]:
        return [
            op for op, gives in _GIVES.items() if type in gives and (op != "variable" or self.variables(type))
        ]

    def variables(self, type: str) -> list[int]:
        return [level for level, e in self.scope.items() if ELEMENT_TYPES[e.over.type] == type]

    def leaf(self, type: str) -> Node:
        """The simplest expression of a type."""
        match type:
            case "bool" | "number" | "code":
                return self.by("constant", type)
            case "codes" | "text":
                return self.by("fact", type)
            case "date":
                return node("today", "date")
            case "event":
                return node("latest", "event", (self.leaf("events"),))
            case "rows":
                return node("lesions", "rows", (node("events", "events", types=("imaging_done",)),))
            case "row":
                return node("variable", "row", level=self.draw(st.sampled_from(self.variables("row"))))
            case "dates":
                return self.by("grid", type)
            case "matches":
                return self.by("assigned", type)
            case "set":
                return self.by("triples", type)
            case _:
                return self.by(type, type)

    def plainly(self, op: str, type: str, *types: str, **params: Param) -> Node:
        return node(op, type, tuple(self.of(one) for one in types), None, (), **params)

    def binding(self, op: str, type: str, over: Node, count: int = 1, **params: Param) -> Node:
        """A filter or quantifier over a list, with a condition on its elements."""
        level = max(self.scope, default=0) + 1
        element = Element(over, self.scope)
        scope = {**self.scope, **dict.fromkeys(range(level, level + count), element)}
        body = replace(self, scope=scope).of("bool")
        binds = tuple(range(level, level + count))
        return node(op, type, (over, body), None, binds, level=level, **params)

    def one(self, values: object) -> str:
        return self.draw(st.sampled_from(sorted(values)))  # type: ignore[call-overload,no-any-return]


def _several(author: Author, least: int = 1, most: int = 3) -> range:
    return range(author.draw(st.integers(least, most)))


def _constant(author: Author, type: str) -> Node | None:
    values = {
        "bool": st.sampled_from([True, False, None]),
        "number": st.integers(-3, 400),
        "code": st.sampled_from(["PD", "recommended", "ja, „offen“"]),
        "text": st.just("free text"),
        "date": st.dates(date(2000, 1, 1), date(2040, 12, 31)),
    }
    return node("constant", type, value=author.draw(values[type])) if type in values else None


def _setting(author: Author, type: str) -> Node | None:
    fitting = [name for name, spec in VOCABULARY.settings.items() if type in readable(spec.field)]
    return node("setting", type, name=author.one(fitting)) if fitting else None


def _fact(author: Author, type: str) -> Node | None:
    fitting = [name for name, known in VOCABULARY.facts.items() if type in readable(known)]
    return node("fact", type, name=author.one(fitting)) if fitting else None


def _variable(author: Author, type: str) -> Node | None:
    levels = author.variables(type)
    return node("variable", type, level=author.draw(st.sampled_from(levels))) if levels else None


def _types(op: str) -> Callable[[Author, str], Node]:
    def made(author: Author, type: str) -> Node:
        types = author.draw(
            st.lists(st.sampled_from(sorted(VOCABULARY.events)), min_size=1, max_size=2, unique=True)
        )
        return node(op, type, types=tuple(types))

    return made


def _field(author: Author, type: str) -> Node | None:
    """A field that the event can have, readable as this type in every event type that has it."""
    event = author.of("event")
    types = SHAPES.of(event, author.scope)
    names: dict[str, bool] = {}
    for kind in VOCABULARY.events if types is None else types:
        for name, known in VOCABULARY.events[kind].fields.items():
            if "." not in name:
                names[name] = names.get(name, True) and (type == "stated" or type in readable(known))
    fitting = [name for name, fits in names.items() if fits]
    if not fitting:
        return None
    if type == "stated":
        return node("stated", "bool", (event,), name=author.one(fitting))
    return node("field", type, (event,), name=author.one(fitting))


def _row_field(author: Author, type: str) -> Node | None:
    fitting = [name for name, known in VOCABULARY.lesion.items() if type in readable(known)]
    if not fitting or not author.variables("row"):
        return None
    return node("row_field", type, (author.of("row"),), name=author.one(fitting))


def _of_row(op: str, **params: Param) -> Callable[[Author, str], Node | None]:
    def made(author: Author, type: str) -> Node | None:
        return node(op, type, (author.of("row"),), None, (), **params) if author.variables("row") else None

    return made


def _codes(op: str, many: str) -> Callable[[Author, str], Node]:
    """A comparison with codes that the other side can be."""

    def made(author: Author, type: str) -> Node:
        asked = author.of(many)
        possible = (SHAPES.of(asked, author.scope) or frozenset({"x"})) - {"unknown"}
        if op == "contains":
            return node(op, type, (asked, node("constant", "code", value=author.one(possible or {"x"}))))
        return node(op, type, (asked,), codes=(author.one(possible),) if possible else ())

    return made


def _compared(op: str, *types: str) -> Callable[[Author, str], Node]:
    def made(author: Author, type: str) -> Node:
        of = author.one(types)
        if op == "equal" and of == "code":
            asked = author.of("code")
            possible = (SHAPES.of(asked, author.scope) or frozenset({"x"})) - {"unknown"}
            return node(
                op, type, (asked, node("constant", "code", value=author.one(possible)) if possible else asked)
            )
        return author.plainly(op, type, of, of)

    return made


def _quantified(op: str) -> Callable[[Author, str], Node]:
    return lambda author, type: author.binding(op, type, author.of(author.one(ELEMENT_TYPES)))


def _filtered(op: str, many: str, count: int = 1) -> Callable[[Author, str], Node]:
    return lambda author, type: author.binding(op, type, author.of(many), count)


def _plain(op: str, *types: str, **params: Param) -> Callable[[Author, str], Node]:
    return lambda author, type: author.plainly(op, type, *types, **params)


def _repeated(op: str, of: str) -> Callable[[Author, str], Node]:
    return lambda author, type: author.plainly(op, type, *(of for _ in _several(author)))


def _named(author: Author, type: str) -> Node:
    inner = author.of(type)
    return node("named", type, (inner,), label=f"{type} {sha256(repr(inner).encode()).hexdigest()[:12]}")


_NEVER_UNKNOWN = ("event", "events", "dates", "matches", "outcome")
"""Chosen and looked at only by what is never unknown."""


def _case(author: Author, type: str) -> Node:
    parts: list[Node] = []
    for _ in _several(author, most=2):
        condition = author.of("bool")
        sure = node("sure", "bool", (condition,)) if type in _NEVER_UNKNOWN else condition
        parts += (sure, author.of(type))
    return node("case", type, (*parts, author.of(type)))


def _other_day(op: str) -> Callable[[Author, str], Node]:
    def made(author: Author, type: str) -> Node:
        day = author.plainly("day", "date", "event") if type in _NEVER_UNKNOWN else author.of("date")
        return node(op, type, (author.of(type), day))

    return made


def _outcome(author: Author, type: str) -> Node:
    return author.plainly("outcome", type, *["bool"] * 3, *("bool" for _ in _several(author)))


def _grid(author: Author, type: str) -> Node:
    """The step is sometimes a number of which nobody knows how large it is."""
    step = node("constant", "number", value=author.draw(st.integers(0, 12)))
    steps = (step, node("fact", "number", name="performance_status"), *[step] * 3)
    first, last = (node("constant", "number", value=value) for value in (3, 24))
    return node("grid", type, (author.of("date"), first, author.draw(st.sampled_from(steps)), last))


GENERATORS: dict[str, Callable[[Author, str], Node | None]] = {
    "constant": _constant,
    "undetermined": _plain("undetermined", conflict=CONFLICT),
    "setting": _setting,
    "today": _plain("today"),
    "fact": _fact,
    "variable": _variable,
    "named": _named,
    "events": _types("events"),
    "duplicates": _plain("duplicates"),
    "after_death": _plain("after_death"),
    "ledger": _types("ledger"),
    "where": _filtered("where", "events"),
    "first": _plain("first", "events"),
    "latest": _plain("latest", "events"),
    "after": _plain("after", "events", "event"),
    "before": _plain("before", "events", "event"),
    "since": _plain("since", "events", "date"),
    "until": _plain("until", "events", "date"),
    "union": _repeated("union", "events"),
    "chain": _filtered("chain", "events", count=2),
    "just": _plain("just", "event"),
    "count": _plain("count", "events"),
    "exist": _plain("exist", "events"),
    "day": _plain("day", "event"),
    "documented": _plain("documented", "event"),
    "identity": _plain("identity", "event"),
    "field": _field,
    "stated": lambda author, type: _field(author, "stated"),
    "target": _plain("target", "event"),
    "kind": _plain("kind", "event"),
    "written_before": _plain("written_before", "event", "event"),
    "touched": _plain("touched", "event"),
    "lesions": _plain("lesions", "events"),
    "select": _filtered("select", "rows"),
    "row_field": _row_field,
    "imaging_of": _of_row("imaging_of"),
    "row_stated": _of_row("row_stated", name="solid"),
    "values": _plain("values", "rows", name="organ"),
    "pairs": _plain("pairs", "rows", names=("id", "organ")),
    "sure_count": _filtered("sure_count", "rows"),
    "possible_count": _filtered("possible_count", "rows"),
    "triples": lambda author, type: node("triples", type, (author.by("events", "events"),), names=("note",)),
    "any": _quantified("any"),
    "all": _quantified("all"),
    "and": _repeated("and", "bool"),
    "or": _repeated("or", "bool"),
    "not": _plain("not", "bool"),
    "sure": _plain("sure", "bool"),
    "known": lambda author, type: author.plainly("known", type, author.one([*READ_TYPES, "event", "rows"])),
    "there": lambda author, type: author.plainly("there", type, author.one([*READ_TYPES, "event"])),
    "case": _case,
    "equal": _compared("equal", "code", "date", "number", "bool"),
    "at_least": _compared("at_least", "date", "number"),
    "above": _compared("above", "date", "number"),
    "one_of": _codes("one_of", "code"),
    "contains": _codes("contains", "codes"),
    "overlaps": _codes("overlaps", "codes"),
    "within": _codes("within", "codes"),
    "add_months": _plain("add_months", "date", "number"),
    "add_days": _plain("add_days", "date", "number"),
    "later": _repeated("later", "date"),
    "earlier": _repeated("earlier", "date"),
    "age": _plain("age", "date", "date"),
    "span": _plain("span", "date", "date"),
    "plus": _plain("plus", "number", "number"),
    "times": _plain("times", "number", "number"),
    "grid": _grid,
    "join": _repeated("join", "dates"),
    "last_date": _plain("last_date", "dates"),
    "reach": _plain("reach", "dates", "date", "date"),
    "assigned": _plain("assigned", "dates", "events", "date"),
    "matched": _plain("matched", "matches", "date"),
    "seen": _other_day("seen"),
    "hindsight": _other_day("hindsight"),
    "differs": _compared("differs", "date", "number", "codes", "set"),
    "outcome": _outcome,
    "passing": _plain("passing", "outcome"),
    "is_outcome": _plain("is_outcome", "outcome", result="fail"),
}

_ANYTHING = (*READ_TYPES, "event", "events", "rows", "set", "dates", "matches", "outcome")
_SAME_TYPES = (
    "bool",
    "code",
    "codes",
    "date",
    "number",
    "event",
    "events",
    "rows",
    "set",
    *_NEVER_UNKNOWN[2:],
)
_READS = {
    "constant": ("bool", "number", "code", "text", "date"),
    "variable": ("event", "row", "code", "date"),
}
_GIVES: dict[str, tuple[str, ...]] = {
    op: _SAME_TYPES if o.gives == SAME else _READS.get(op, READ_TYPES) if o.gives == ANY else (o.gives,)
    for op, o in OPERATORS.items()
}


def fewer() -> settings:
    """For a test that is run once for every operator."""
    return settings(max_examples=max(3, settings().max_examples // 10))


@st.composite
def expression(draw: st.DrawFn, type: str = "bool", depth: int = MOST_DEPTH) -> Node:
    """Any closed expression of this type."""
    return Author(draw, depth).of(type)


@st.composite
def holding(draw: st.DrawFn, op: str) -> Node:
    """A closed condition in which this operator occurs."""
    author = Author(draw, depth=2)
    over = author.leaf("rows" if op in ("row_field", "imaging_of", "row_stated") else "events")
    inner = replace(author, scope={1: Element(over, {})})
    types = [t for t in _GIVES[op] if op != "variable" or inner.variables(t)]
    made = GENERATORS[op](inner, draw(st.sampled_from(types)))
    if made is None:
        found = (GENERATORS[op](inner, t) for t in types)
        made = next((one for one in found if one is not None), None)
    assume(made is not None)
    assert made is not None
    asked = made if made.type == "bool" else node("known", "bool", (made,))
    return node("any", "bool", (over, asked), None, (1,), level=1)
