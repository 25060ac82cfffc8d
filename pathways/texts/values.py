"""Days, numbers, codes and single events as noun phrases."""

from __future__ import annotations

from pathways.graph import Node
from pathways.texts.phrases import phrase
from pathways.texts.speech import constant, deny, say, says
from pathways.texts.voice import Voice, names, param
from pathways.texts.wording import code_name, fact_statement, field_name, listed, predicate


@says("constant")
def constant_value(_voice: Voice, node: Node) -> str:
    value = node.param("value")
    return code_name(value) if isinstance(value, str) else constant(value)


@says("setting")
def setting(voice: Voice, node: Node) -> str:
    name = param(node, "name")
    if voice.settings is None or name not in voice.settings:
        return f"the setting {name}"
    return f"{voice.settings[name]} (setting {name})"


@says("variable")
def variable(voice: Voice, node: Node) -> str:
    return voice.named(node)


@says("named")
def named(_voice: Voice, node: Node) -> str:
    """A name as it is; that of a condition in quotation marks, as it may be any wording."""
    label = param(node, "label")
    return f"“{label}”" if node.type == "bool" else label


@says("fact")
def fact(_voice: Voice, node: Node) -> str:
    name = param(node, "name")
    return fact_statement(name, True) if node.type == "bool" else f"the {field_name(name)}"


@says("field", "row_field")
def field(voice: Voice, node: Node) -> str:
    owner, name = say(voice, node.args[0]), param(node, "name")
    if node.op == "row_field" and name == "id":
        return owner
    return f"{owner} {predicate(name, True)}" if node.type == "bool" else _owned(owner, field_name(name))


def _owned(owner: str, what: str) -> str:
    if owner == "it":
        return f"its {what}"
    short = owner.startswith(("that ", "this ")) and owner.count(" ") == 1
    return f"{owner}'s {what}" if short else f"the {what} of {owner}"


@says("day")
def day(voice: Voice, node: Node) -> str:
    owner = say(voice, node.args[0])
    return "never" if owner == "nothing" else _owned(owner, "day")


@says("kind")
def kind(voice: Voice, node: Node) -> str:
    return _owned(say(voice, node.args[0]), "type")


@says("identity")
def identity(voice: Voice, node: Node) -> str:
    return say(voice, node.args[0])


@says("count")
def count(voice: Voice, node: Node) -> str:
    return f"the number of {phrase(voice, node.args[0]).plural()}"


@says("sure_count", "possible_count")
def count_of(voice: Voice, node: Node) -> str:
    certainty = "it is known that" if node.op == "sure_count" else "it is possible that"
    asked = say(voice.inside(node), node.args[1])
    return f"the number of {phrase(voice, node.args[0]).plural()} of which {certainty} {asked}"


@says("values")
def values(voice: Voice, node: Node) -> str:
    return f"every {field_name(param(node, 'name'))} among {phrase(voice, node.args[0]).plural()}"


@says("pairs", "triples")
def record(voice: Voice, node: Node) -> str:
    dated = ["type", "day"] if node.op == "triples" else []
    what = listed([*dated, *(field_name(name) for name in names(node, "names"))], "and")
    return f"the {what} of {phrase(voice, node.args[0]).pick('every')}"


@says("add_months")
def add_months(voice: Voice, node: Node) -> str:
    return _moved(voice, node, "month")


@says("add_days")
def add_days(voice: Voice, node: Node) -> str:
    return _moved(voice, node, "day")


def _moved(voice: Voice, node: Node, unit: str) -> str:
    start, amount = node.args
    backward, size = _size(amount)
    word = "before" if backward else "after"
    return f"{quantity(voice, size, unit, backward)} {word} {say(voice, start)}"


def _size(amount: Node) -> tuple[bool, Node]:
    """Whether an amount goes backward, and the amount without its sign."""
    if amount.op == "times" and amount.args[1].op == "constant" and amount.args[1].param("value") == -1:
        return True, amount.args[0]
    value = amount.param("value") if amount.op == "constant" else 0
    return isinstance(value, int) and value < 0, amount


def quantity(voice: Voice, amount: Node, unit: str, backward: bool = False) -> str:
    """`3 months`, `6 months (setting response_min_months)`."""
    if amount.op == "constant":
        value = int(str(amount.param("value"))) * (-1 if backward else 1)
        return f"{value} {unit}{'' if value == 1 else 's'}"
    if amount.op == "setting":
        name = param(amount, "name")
        if voice.settings is None or name not in voice.settings:
            return f"{name} {unit}s (setting)"
        value = int(str(voice.settings[name]))
        return f"{value} {unit}{'' if value == 1 else 's'} (setting {name})"
    return f"({say(voice, amount)}) {unit}s"


@says("later", "earlier")
def extreme(voice: Voice, node: Node) -> str:
    word = node.op if len(node.args) < 3 else {"later": "latest", "earlier": "earliest"}[node.op]
    return f"the {word} of {listed([say(voice, arg) for arg in node.args], 'and')}"


@says("case")
def choice(voice: Voice, node: Node) -> str:
    """`A if this, B if that, otherwise C`; of a condition `yes if this, no if that`."""
    pairs = zip(node.args[:-1:2], node.args[1::2], strict=True)
    parts = [f"{answer(voice, value)} if {say(voice, condition)}" for condition, value in pairs]
    return f"({', '.join(parts)}, otherwise {answer(voice, node.args[-1])})"


def answer(voice: Voice, node: Node, holds: bool = True) -> str:
    """A value to choose; a constant condition is a plain yes or no."""
    if node.op == "not":
        return answer(voice, node.args[0], not holds)
    if node.op == "constant" and node.type == "bool":
        value = node.param("value")
        return "not known" if value is None else "yes" if value is holds else "no"
    return say(voice, node) if holds else deny(voice, node)


@says("chain")
def chain(voice: Voice, node: Node) -> str:
    follows = say(voice.inside(node), node.args[1])
    return f"the sequence of {phrase(voice, node.args[0]).plural()} that goes on with an entry when {follows}"
