"""The closed list of operators: what each takes, what it gives, and how it reads as a sentence.

`engine.evaluate` must know every operator here and no other; `pathways.check` compares each node with its
signature; `pathways.text` fills the sentence. In a sentence `{0}`, `{1}` are arguments, `{name}` parameters,
`{*and}` all arguments.

Value types: bool (true, false or unknown), date, number, code, codes, text, event (one or none), events (in
order), row (one lesion), rows (lesions, or unknown), dates, set, matches (events by day), outcome (the result
of a guard).
"""

from __future__ import annotations

from dataclasses import dataclass

ANY = "any"
SAME = "same"
MOST_VARIABLES = 16
"""How many filters and quantifiers may be nested."""


TYPES = frozenset(
    {
        "bool",
        "code",
        "codes",
        "date",
        "dates",
        "event",
        "events",
        "matches",
        "number",
        "outcome",
        "row",
        "rows",
    }
    | {"set", "text"}
)


@dataclass(frozen=True, slots=True)
class Operator:
    """Signature of one operator. `takes` lists argument types; with `repeats` the last one may repeat.

    `params` are its constant parameters, each with its kind: name, names (a tuple of them), number or value
    (any constant). An operator that `binds` gives values to that many variables, from parameter `level`
    on. `negated` says the opposite of a condition.
    """

    takes: tuple[str, ...]
    gives: str
    sentence: str
    repeats: bool = False
    binds: int = 0
    params: tuple[tuple[str, str], ...] = ()
    negated: str = ""


_KINDS = {"value": "value", "level": "number", "names": "names", "types": "names", "codes": "names"}


def _op(
    takes: str,
    gives: str,
    sentence: str,
    params: str = "",
    *,
    repeats: bool = False,
    binds: int = 0,
    negated: str = "",
) -> Operator:
    names = params.split() + (["level"] if binds else [])
    kinds = tuple((name, _KINDS.get(name, "name")) for name in names)
    return Operator(tuple(takes.split()), gives, sentence, repeats, binds, kinds, negated)


OPERATORS: dict[str, Operator] = {
    # constants and the patient
    "constant": _op("", ANY, "{value}", "value"),
    "undetermined": _op(
        "",
        "bool",
        "the sources leave this open ({conflict})",
        "conflict",
        negated="the sources leave this open ({conflict})",
    ),
    "setting": _op("", ANY, "the setting {name}", "name"),
    "today": _op("", "date", "today"),
    "fact": _op("", ANY, "the {name}", "name"),
    "variable": _op("", ANY, "it", "level"),
    "named": _op("any", SAME, "{label}", "label"),
    # events
    "events": _op("", "events", "{types}", "types"),
    "duplicates": _op("", "events", "entries that repeat an earlier one"),
    "after_death": _op("", "events", "entries dated after death"),
    "ledger": _op("", "events", "{types} (whenever dated)", "types"),
    "where": _op("events bool", "events", "{0} for which {1}", binds=1),
    "first": _op("events", "event", "the first of {0}"),
    "latest": _op("events", "event", "the latest of {0}"),
    "after": _op("events event", "events", "{0} after {1}"),
    "before": _op("events event", "events", "{0} before {1}"),
    "since": _op("events date", "events", "{0} on or after {1}"),
    "until": _op("events date", "events", "{0} on or before {1}"),
    "union": _op("events", "events", "{*or}", repeats=True),
    "chain": _op("events bool", "events", "the sequence of {0} that goes on when {1}", binds=2),
    "just": _op("event", "events", "{0}"),
    "count": _op("events", "number", "the number of {0}"),
    "exist": _op("events", "bool", "there are {0}", negated="there are no {0}"),
    "day": _op("event", "date", "the day of {0}"),
    "documented": _op("event", "date", "the day {0} was documented"),
    "identity": _op("event", "code", "the id of {0}"),
    "field": _op("event", ANY, "the {name} of {0}", "name"),
    "stated": _op("event", "bool", "{0} states the {name}", "name", negated="{0} does not state the {name}"),
    "target": _op("event", "event", "the entry that {0} changes"),
    "kind": _op("event", "code", "the type of {0}"),
    "written_before": _op(
        "event event", "bool", "{0} was documented before {1}", negated="{0} was not documented before {1}"
    ),
    "touched": _op("event", "bool", "{0} was corrected", negated="{0} was not corrected"),
    # lesions
    "lesions": _op("events", "rows", "the lesions of {0}"),
    "select": _op("rows bool", "rows", "{0} for which {1}", binds=1),
    "row_field": _op("row", ANY, "the {name} of {0}", "name"),
    "imaging_of": _op("row", "event", "the imaging that lists {0}"),
    "row_stated": _op(
        "row", "bool", "{0} states the {name}", "name", negated="{0} does not state the {name}"
    ),
    "values": _op("rows", "codes", "every {name} among {0}", "name"),
    "pairs": _op("rows", "set", "each {names} of {0}", "names"),
    "sure_count": _op("rows bool", "number", "the number of {0} of which it is known that {1}", binds=1),
    "possible_count": _op(
        "rows bool", "number", "the number of {0} of which it is possible that {1}", binds=1
    ),
    "triples": _op("events", "set", "each {names} of {0}", "names"),
    # quantifiers over events, lesions, codes or dates
    "any": _op("any bool", "bool", "for at least one of {0}, {1}", binds=1, negated="for none of {0}, {1}"),
    "all": _op("any bool", "bool", "for every one of {0}, {1}", binds=1),
    # three-valued logic
    "and": _op("bool", "bool", "{*and}", repeats=True),
    "or": _op("bool", "bool", "{*or}", repeats=True),
    "not": _op("bool", "bool", "not: {0}"),
    "sure": _op("bool", "bool", "it is known that {0}", negated="it is not known that {0}"),
    "known": _op("any", "bool", "{0} is known", negated="{0} is not known"),
    "there": _op("any", "bool", "{0} is recorded", negated="{0} is not recorded"),
    "case": _op("any", SAME, "{*or}", repeats=True),
    # comparison
    "equal": _op("any any", "bool", "{0} is {1}", negated="{0} is not {1}"),
    "at_least": _op("any any", "bool", "{0} is at least {1}", negated="{0} is less than {1}"),
    "above": _op("any any", "bool", "{0} is more than {1}", negated="{0} is at most {1}"),
    "one_of": _op("code", "bool", "{0} is {codes}", "codes", negated="{0} is not {codes}"),
    "contains": _op("any any", "bool", "{0} include {1}", negated="{0} do not include {1}"),
    "overlaps": _op("codes", "bool", "{0} include {codes}", "codes", negated="{0} do not include {codes}"),
    "within": _op(
        "codes", "bool", "{0} are all among {codes}", "codes", negated="{0} are not all among {codes}"
    ),
    # dates and numbers
    "add_months": _op("date number", "date", "{1} months after {0}"),
    "add_days": _op("date number", "date", "{1} days after {0}"),
    "later": _op("date", "date", "the later of {*and}", repeats=True),
    "earlier": _op("date", "date", "the earlier of {*and}", repeats=True),
    "age": _op("date date", "number", "the completed years from {0} to {1}"),
    "span": _op("date date", "text", "the time from {0} to {1}"),
    "plus": _op("number number", "number", "{0} plus {1}"),
    "times": _op("number number", "number", "{0} times {1}"),
    "grid": _op(
        "date number number number", "dates", "every {2} months from month {1} to month {3} after {0}"
    ),
    "join": _op("dates", "dates", "{*and}", repeats=True),
    "last_date": _op("dates", "date", "the last of {0}"),
    "reach": _op("dates date date", "date", "the last day that may count for {1} of {0}"),
    "assigned": _op("dates events date", "matches", "{1} matched to {0}"),
    "matched": _op("matches date", "event", "the one of {0} that belongs to {1}"),
    # another day's view
    "seen": _op("any date", SAME, "{0} as documented by {1}"),
    "hindsight": _op("any date", SAME, "{0} on {1} as known today"),
    "differs": _op("any any", "bool", "{0} differs from {1}", negated="{0} does not differ from {1}"),
    # guards
    "outcome": _op("bool", "outcome", "{*and}", repeats=True),
    "passing": _op("outcome", "bool", "the guard lets pass", negated="the guard does not let pass"),
    "is_outcome": _op(
        "outcome", "bool", "the guard is {result}", "result", negated="the guard is not {result}"
    ),
}
