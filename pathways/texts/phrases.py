"""Events and lesions as noun phrases: `boards after the last progression`, `the latest of the plans`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pathways.graph import Node
from pathways.texts.speech import deny, say, says
from pathways.texts.voice import Voice, names, param
from pathways.texts.wording import code_name, event_noun, field_name, listed, with_article

_VERBS = {"is": "are", "has": "have", "was": "were", "does": "do", "states": "state", "includes": "include"}
_ABOUT_MORE = ("is possible", "is known", "is not known")
DETERMINERS = ("the ", "its ", "all ", "every ", "that ", "this ", "it ")


@dataclass(frozen=True)
class Phrase:
    """What a list holds. `noun` is the singular, `many` the plural or, without a noun, a name for the list.

    `tails` narrow it down, each as said of one and of many. `alone` lists hold one event at most.
    """

    noun: str
    many: str
    tails: tuple[tuple[str, str], ...] = ()
    alone: bool = False

    def narrowed(self, one: str, many: str = "") -> Phrase:
        if self.tails and one.startswith("with ") and self.tails[-1][0].startswith(("with ", "and ")):
            one = many = f"and {one.removeprefix('with ')}"
        return replace(self, tails=(*self.tails, (one, many or one)))

    def plural(self) -> str:
        return " ".join([self.many, *(many for _, many in self.tails)])

    def pick(self, which: str) -> str:
        """One of them: `the latest board after ...`; an article or a word such as `the first`."""
        tails = [one for one, _ in self.tails]
        if self.alone:
            return " ".join([self.many, *tails])
        if self.noun:
            head = with_article(self.noun) if which == "a" else f"{which} {self.noun}"
            return " ".join([head, *tails])
        which = {"a": "one", "every": "every one", "no": "none"}.get(which, which)
        return " ".join([f"{which} of {definite(self.many)}", *(many for _, many in self.tails)])


def definite(label: str) -> str:
    return label if f"{label} ".startswith(DETERMINERS) else f"the {label}"


def phrase(voice: Voice, node: Node) -> Phrase:
    """The noun phrase of a list of events, lesions, codes or dates."""
    match node.op:
        case "events":
            return Phrase(event_noun(names(node, "types"), False), event_noun(names(node, "types"), True))
        case "ledger":
            return _ledger(node)
        case "just":
            return Phrase("", say(voice, node.args[0]), alone=True)
        case "where" | "select":
            return _filtered(voice, node)
        case "after" | "before":
            return phrase(voice, node.args[0]).narrowed(f"{node.op} {say(voice, node.args[1])}")
        case "since" | "until":
            word = {"since": "on or after", "until": "on or before"}[node.op]
            return phrase(voice, node.args[0]).narrowed(f"{word} {say(voice, node.args[1])}")
        case "lesions":
            inner = phrase(voice, node.args[0]).plural()
            return Phrase("lesion", "lesions").narrowed(f"of {definite(inner)}")
        case "union":
            return _union([phrase(voice, arg) for arg in node.args])
        case _:
            return Phrase("", say(voice, node))


@says("events", "ledger", "just", "where", "select", "after", "before", "since", "until", "lesions", "union")
def listing(voice: Voice, node: Node) -> str:
    return phrase(voice, node).plural()


@says("first", "latest")
def picked(voice: Voice, node: Node) -> str:
    many = node.args[0]
    if many.op == "events" and not names(many, "types"):
        return "nothing"
    return phrase(voice, many).pick(f"the {node.op}")


def _ledger(node: Node) -> Phrase:
    types = names(node, "types")
    if not types:
        return Phrase("entry", "entries of any date")
    return Phrase(event_noun(types, False), f"{event_noun(types, True)} of any date")


def _union(parts: list[Phrase]) -> Phrase:
    plain = all(part.noun and not part.tails for part in parts)
    many = listed([part.plural() for part in parts], "or")
    return Phrase(listed([part.noun for part in parts], "or") if plain else "", many)


def _filtered(voice: Voice, node: Node) -> Phrase:
    """The list with a tail for each thing the filter asks."""
    inner, body = voice.inside(node), node.args[1]
    found = phrase(voice, node.args[0])
    for part in body.args if body.op == "and" else (body,):
        found = found.narrowed(*_tail(inner, part))
    return found


def _tail(voice: Voice, part: Node) -> tuple[str, str]:
    opposite = part.op == "not"
    asked = part.args[0] if opposite else part
    if asked.op in ("one_of", "equal") and not opposite:
        plainly = _with_code(voice, asked)
        if plainly:
            return plainly, plainly
    if not part.free:
        return (f"provided that {say(voice, part)}",) * 2
    clause = deny(voice, asked) if opposite else say(voice, part)
    return (f"for which {clause}",) * 2 if asked.op in ("and", "or", "case") else relative(clause)


def _with_code(voice: Voice, asked: Node) -> str:
    """`with decision recommended`, `of type correction`; nothing where the question is another one."""
    reader = asked.args[0]
    codes = names(asked, "codes") if asked.op == "one_of" else _constant(asked.args[1])
    of_it = bool(reader.args) and reader.args[0].op == "variable" and say(voice, reader.args[0]) == "it"
    if not of_it or not codes:
        return ""
    if reader.op == "kind":
        return f"of type {event_noun(codes, False)}"
    if reader.op not in ("field", "row_field"):
        return ""
    return f"with {field_name(param(reader, 'name'))} {listed([code_name(c) for c in codes], 'or')}"


def _constant(node: Node) -> tuple[str, ...]:
    return (param(node, "value"),) if node.op == "constant" else ()


def relative(clause: str) -> tuple[str, str]:
    """A clause about `it` as a relative clause, about one and about many."""
    subject, _, rest = clause.partition(" ")
    verb, _, more = rest.partition(" ")
    if subject == "it" and verb in _VERBS and not rest.startswith(_ABOUT_MORE):
        return f"that {verb} {more}", f"that {_VERBS[verb]} {more}"
    if subject == "its":
        return f"whose {rest}", f"whose {rest}"
    return f"for which {clause}", f"for which {clause}"
