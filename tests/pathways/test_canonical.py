"""Canonical JSON: nothing is lost, nothing is added, and nothing that is no pathway is read."""

import contextlib
import json
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways import canonical
from pathways.canonical import CanonicalError, from_json, to_json
from pathways.declare import clause, profile
from pathways.fingerprint import fingerprint
from pathways.graph import Node, node, walk
from pathways.language import yes
from pathways.operators import OPERATORS
from pathways.pathway import Pathway
from pathways.roots import roots
from tests.pathways.graphs import expression, fewer, holding
from tests.pathways.sample import PATHWAY

CONTENT = json.loads(to_json(PATHWAY))


def holding_node(root: Node) -> Pathway:
    return replace(PATHWAY, facts=(("asked", root),))


def test_a_pathway_comes_back_as_it_was() -> None:
    read = from_json(to_json(PATHWAY))
    assert read == PATHWAY
    assert all(one is other for one, other in zip(roots(read), roots(PATHWAY), strict=True))


@pytest.mark.parametrize("op", OPERATORS)
@fewer()
@given(data=st.data())
def test_every_operator_comes_back_as_it_was(op: str, data: st.DataObject) -> None:
    pathway = holding_node(data.draw(holding(op)))
    text = to_json(pathway)
    assert from_json(text) == pathway
    assert to_json(from_json(text)) == text


@given(st.lists(expression(), min_size=1, max_size=3))
def test_shared_nodes_are_written_once(found: list[Node]) -> None:
    pathway = replace(PATHWAY, open_questions=tuple((str(n), root) for n, root in enumerate(found)))
    written = json.loads(to_json(pathway))["nodes"]
    assert len(written) == len(set(walk(*roots(pathway)))) == len({json.dumps(row) for row in written})


@pytest.mark.parametrize("level", [1, 2])
def test_nodes_built_anew_have_the_same_free_variables(level: int) -> None:
    deaths = node("events", "events", types=("death",))
    asked = node("touched", "bool", (node("variable", "event", level=1),))
    quantified = node("any", "bool", (deaths, asked), None, (level,), level=level)
    text = to_json(holding_node(quantified))
    del quantified
    assert from_json(text).facts[0][1].free == {1} - {level}


def test_the_text_is_canonical() -> None:
    text = to_json(PATHWAY)
    assert text == json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert "place" not in text
    assert __file__ not in text
    assert "sample.py" not in text


def test_files_and_lines_are_no_part_of_it() -> None:
    moved = replace(
        PATHWAY,
        place=("elsewhere.py", 7),
        states=tuple(replace(state, place=("elsewhere.py", 8)) for state in PATHWAY.states),
    )
    assert moved == PATHWAY
    assert to_json(moved) == to_json(PATHWAY)
    assert fingerprint(moved) == fingerprint(PATHWAY)


def test_umlauts_and_dates_survive() -> None:
    day = node("constant", "date", value=date(2024, 2, 29))
    pathway = replace(PATHWAY, title="Läsionen – Übersicht", facts=(("day", day),))
    assert "Läsionen – Übersicht" in to_json(pathway)
    assert '"value":{"date":"2024-02-29"}' in to_json(pathway)
    assert from_json(to_json(pathway)) == pathway


def test_a_fingerprint_is_a_function_of_content() -> None:
    assert fingerprint(PATHWAY).startswith("sha256:")
    assert len(fingerprint(PATHWAY)) == 7 + 64
    assert fingerprint(from_json(to_json(PATHWAY))) == fingerprint(PATHWAY)
    assert fingerprint(replace(PATHWAY, title="Another title")) != fingerprint(PATHWAY)
    assert fingerprint(replace(PATHWAY, ticks=(node("today", "date"),))) != fingerprint(PATHWAY)


today = node("today", "date")
OTHER: dict[str, Any] = {
    "states": PATHWAY.states[:1],
    "rules": PATHWAY.rules[:1],
    "profiles": (profile("p", "P", [clause("Always", yes(), "s")], "s"),),
    "open_questions": (("q", today),),
    "ticks": (today,),
    "left": None,
    "returned": today,
    "question": None,
}


@pytest.mark.parametrize("name", [f.name for f in fields(Pathway) if f.name != "place"])
def test_every_part_of_a_pathway_is_in_the_fingerprint(name: str) -> None:
    value = getattr(PATHWAY, name)
    other = OTHER.get(name, f"other {value}" if isinstance(value, str) else ())
    assert other != value
    changes: dict[str, Any] = {name: other}
    assert fingerprint(replace(PATHWAY, **changes)) != fingerprint(PATHWAY)


@pytest.mark.parametrize("value", [1.5, datetime(2024, 1, 1), b"x", "\ud800"])  # noqa: DTZ001
def test_constants_that_json_cannot_keep(value: Any) -> None:
    with pytest.raises(CanonicalError, match=r"\$.nodes\[\d+\].params.value"):
        to_json(holding_node(node("constant", "text", value=value)))


def test_a_title_that_utf8_cannot_hold() -> None:
    with pytest.raises(CanonicalError, match=r"\$.pathway.title is a text that UTF-8 cannot hold"):
        to_json(replace(PATHWAY, title="\udcff"))


def changed(*path: str | int, to: object) -> str:
    """The sample's JSON with one value replaced; an empty path is the whole."""
    content = json.loads(json.dumps(CONTENT))
    if not path:
        return json.dumps(to)
    inner = content
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = to
    return json.dumps(content)


def row(number: int, **changes: object) -> str:
    """The sample's JSON with another node in this row."""
    return changed("nodes", number, to={"op": "today", "type": "date", **changes})


def types(value: object) -> str:
    """The sample's JSON with other event types in its first node."""
    return changed("nodes", 0, "params", "types", to=value)


def part(*path: str | int, to: object) -> str:
    return changed("pathway", *path, to=to)


@pytest.mark.parametrize(
    ("text", "path", "reason"),
    [
        ("", "$", "is no JSON"),
        ("{", "$", "is no JSON"),
        ("[" * 100_000, "$", "is n"),
        ("9" * 10_000, "$", "is no JSON"),
        ("NaN", "$", "is no JSON: NaN is no value"),
        ('{"format":1,"format":1}', "$", "is no JSON: the key 'format' is given twice"),
        ("[]", "$", "must be an object"),
        ("{}", "$", "lacks 'format'"),
        (changed("more", to=1), "$", "has an unknown key 'more'"),
        (changed("format", to="carepath-pathway/2"), "$.format", "must be 'carepath-pathway/1'"),
        (changed("nodes", to={}), "$.nodes", "must be a list"),
        (changed("nodes", 0, to=[]), "$.nodes[0]", "must be an object"),
        (row(0, code="1"), "$.nodes[0]", "has an unknown key 'code'"),
        (row(0, op="__import__"), "$.nodes[0].op", "is no operator: '__import__'"),
        (row(0, op=["today"]), "$.nodes[0].op", "is no operator"),
        (row(0, type="object"), "$.nodes[0].type", "is no type of value: 'object'"),
        (row(0, args=3), "$.nodes[0].args", "must be a list"),
        (row(0, args=[0]), "$.nodes[0].args[0]", "must be the number of an earlier node, not 0"),
        (row(1, args=[0]), "$.nodes[1].args", "are 1, which 'today' does not take"),
        (row(1, args=[-1]), "$.nodes[1].args[0]", "must be the number of an earlier node"),
        (row(1, args=[False]), "$.nodes[1].args[0]", "must be the number of an earlier node"),
        (row(0, params=[]), "$.nodes[0].params", "must be an object"),
        (row(0, params={"x": 1}), "$.nodes[0].params", "of 'today' must be none"),
        (types("death"), "$.nodes[0].params.types", "must be a names, not 'death'"),
        (types([1]), "$.nodes[0].params.types", "must be a names, not [1]"),
        (types(1.5), "$.nodes[0].params.types", "is no constant: 1.5"),
        (types({"date": "31.2.2024"}), "$.nodes[0].params.types.date", "is no date: '31.2.2024'"),
        (types({"date": "20240229"}), "$.nodes[0].params.types.date", "is no date"),
        (types(["\ud800"]), "$.nodes[0].params.types[0]", "is a text that UTF-8 cannot hold"),
        (part(to=[]), "$.pathway", "must be an object, a Pathway"),
        (part("states", to={}), "$.pathway.states", "must be a list"),
        (part("states", 0, to={"id": "a"}), "$.pathway.states[0]", "lacks 'title'"),
        (part("states", 0, "id", to=None), "$.pathway.states[0].id", "must be a text, not None"),
        (part("states", 0, "final", to=1), "$.pathway.states[0].final", "must be true or false, not 1"),
        (part("states", 0, "place", to="x"), "$.pathway.states[0]", "has an unknown key 'place'"),
        (
            part("transitions", 0, "order", to=True),
            "$.pathway.transitions[0].order",
            "must be a whole number",
        ),
        (part("rules", 0, "when", to=9999), "$.pathway.rules[0].when", "must be the number of a node"),
        (part("rules", 0, "when", to=None), "$.pathway.rules[0].when", "must be the number of a node"),
        (part("facts", 0, to=["a"]), "$.pathway.facts[0]", "must have 2 parts, not 1"),
        (part("title", to="\x1b[2J"), "$.pathway.title", "holds the character U+001B"),
        (
            part("states", 0, "title", to="a\u202eb"),
            "$.pathway.states[0].title",
            "holds the character U+202E",
        ),
        (types(["\x9b"]), "$.nodes[0].params.types[0]", "holds the character U+009B"),
        (part("title", to="\udfff"), "$.pathway.title", "is a text that UTF-8 cannot hold"),
    ],
)
def test_what_is_no_pathway(text: str, path: str, reason: str) -> None:
    with pytest.raises(CanonicalError) as caught:
        from_json(text)
    assert caught.value.path == path
    assert caught.value.reason.startswith(reason)
    assert str(caught.value) == f"{path} {caught.value.reason}"


def test_an_optional_part_may_be_null() -> None:
    assert from_json(changed("pathway", "left", to=None)) == replace(PATHWAY, left=None)


def test_limits_of_depth_and_size(monkeypatch: pytest.MonkeyPatch) -> None:
    first: dict[str, object] = {"op": "constant", "type": "bool", "params": {"value": True}}
    rows = [first, *({"op": "not", "type": "bool", "args": [n]} for n in range(300))]
    with pytest.raises(CanonicalError, match=r"^\$.nodes\[250\] is nested deeper than 250"):
        from_json(changed("nodes", to=rows))
    with pytest.raises(CanonicalError, match="holds more than 100000 nodes"):
        from_json(changed("nodes", to=[0] * 100_001))
    nested: object = "x"
    for _ in range(30):
        nested = [nested]
    with pytest.raises(CanonicalError, match="is no constant"):
        from_json(types(nested))
    monkeypatch.setattr(canonical, "MAX_CHARACTERS", 100)
    with pytest.raises(CanonicalError, match="is longer than 100 characters"):
        from_json(to_json(PATHWAY))


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=3)
    | st.sampled_from(["today", "date", "op"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.data(), values)
def test_damaged_text_is_refused_or_still_a_pathway(data: st.DataObject, value: object) -> None:
    """Nothing but CanonicalError comes out, wherever a value is replaced."""
    path: list[Any] = []
    inner: Any = CONTENT
    while isinstance(inner, dict | list) and inner and (not path or data.draw(st.booleans())):
        keys: list[Any] = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
        path.append(data.draw(st.sampled_from(keys)))
        inner = inner[path[-1]]
    with contextlib.suppress(CanonicalError):
        read = from_json(changed(*path, to=value))
        assert from_json(to_json(read)) == read
