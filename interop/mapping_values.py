"""Values and conditions of a mapping: which column, which words mean what, which unit."""

from __future__ import annotations

from collections.abc import Mapping

from interop.day_formats import format_fault
from interop.mapping import Condition, Refusal, Scalar, Source, Value, columns_in, folded
from interop.mapping_parts import Part
from interop.units import units_for
from pathways.vocabulary import Field, FieldSet, ValueFault, load_vocabulary

_otherwise = ("unknown", "not stated", "unmapped")
said_unknown, said_nothing = "unknown", "not stated"
"""What a list of values may give instead of a value."""


def conditions(part: Part, key: str = "when") -> tuple[Condition, ...]:
    """`when = {column = "word"}`; all of them must hold."""
    if part.raw(key) is None:
        return ()
    inner = part.part(key)
    return tuple(
        one for column, said in inner.everything().items() if (one := _condition(inner, column, said))
    )


def _condition(part: Part, column: str, said: object) -> Condition | None:
    if isinstance(said, dict):
        or_unknown = said.get("or_unknown", False)
        negation = set(said) - {"or_unknown"} == {"not"} and isinstance(or_unknown, bool)
        if negation and (words := _words(said["not"])):
            return Condition(column, words, negated=True, or_unknown=or_unknown)
        if set(said) == {"filled"} and isinstance(said["filled"], bool):
            return Condition(column, filled=said["filled"])
    elif words := _words(said):
        return Condition(column, words)
    part.fault(
        column,
        'write a word, a list of words, {not = "word"}, {filled = true} or {filled = false} for a cell',
    )
    return None


def _words(said: object) -> frozenset[str]:
    found = said if isinstance(said, list) else [said]
    if all(isinstance(one, (str, int, float)) for one in found):
        return frozenset(folded(str(one)) for one in found)
    return frozenset()


def fact_values(
    part: Part, key: str = "facts", fields: FieldSet | None = None
) -> tuple[tuple[str, Value], ...]:
    """The facts of a table, or the fields of a lesion, by their canonical names."""
    inner = part.part(key) if key else part
    known = fields or load_vocabulary().facts
    found: dict[str, Value] = {}
    for name in _flat_names(inner, known):
        try:
            canonical = known.canonical(name)
        except ValueFault as fault:
            inner.raw(name)
            inner.fault(name, str(fault))
            continue
        value = read_value(inner, name, known[canonical])
        if canonical in found:
            inner.fault(name, f"{canonical!r} is given twice")
        elif value is not None:
            found[canonical] = value
    for field in known.values() if key == "" else ():
        if field.required and field.name not in found:
            inner.fault("", f"a lesion needs {field.name!r}: {field.expected}")
    inner.end(known)
    return tuple(found.items())


def event_fields(part: Part, type: str) -> tuple[tuple[str, Value], ...]:
    """The fields of an event, parts of a group with a dot: `findings.ascites`."""
    inner, vocabulary = part.part("fields"), load_vocabulary()
    own = vocabulary.events[type].fields
    found: dict[str, Value] = {}
    for name in inner.names():
        try:
            canonical, field = _place(own, name)
        except ValueFault as fault:
            inner.raw(name)
            inner.fault(name, str(fault))
            continue
        value = read_value(inner, name, field)
        if value is not None:
            found[canonical] = value
    inner.end(own)
    return tuple(found.items())


def _place(own: FieldSet, name: str) -> tuple[str, Field]:
    common = load_vocabulary().common
    if name in ("note", "documented"):
        return name, common[name]
    group, dot, rest = name.partition(".")
    whole = own.get(group)
    if dot and whole is not None and whole.of is not None:
        return f"{group}.{whole.of.canonical(rest)}", whole.of[whole.of.canonical(rest)]
    canonical = own.canonical(name)
    if own[canonical].type in ("list", "mapping"):
        raise ValueFault(
            f"{name!r} has parts: give them as '{name}.part', or lesions as [[table.event.lesion]]"
        )
    return canonical, own[canonical]


def _flat_names(part: Part, known: FieldSet) -> list[str]:
    """The keys; a group such as `primary = {er = ...}` is told to be written with a dot."""
    for name in part.names():
        if name not in known and any(one.startswith(f"{name}.") for one in known):
            part.raw(name)
            part.fault(name, f'write the parts as "{name}.er" in quotes, one line each')
    return [name for name in part.names() if name in known or not _is_group(name, known)]


def _is_group(name: str, known: FieldSet) -> bool:
    return any(one.startswith(f"{name}.") for one in known)


_keys = ("column", "value", "text", "values", "unit", "decimal", "separator", "formats", "unmapped", "when")


def read_value(part: Part, key: str, field: Field) -> Value | None:
    """One value: the name of a column, or a table with `column`, `value`, `text` or `cases`."""
    said = part.raw(key)
    if said is None:
        return None
    if isinstance(said, str):
        return Value(field, (Source(column=said),))
    inner = part.part(key)
    otherwise = inner.choice("otherwise", _otherwise)
    cases = inner.parts("cases") if inner.raw("cases") is not None else None
    sources: tuple[Source, ...]
    if cases is None:
        source = _source(inner, field)
        sources = (source,) if source else ()
        if otherwise is None and source and source.when:
            otherwise = "not stated"
    else:
        if not cases:
            inner.fault("cases", "this list is empty, so nothing would be read: write at least one case")
        sources = tuple(found for one in cases if (found := _source(one, field)))
        for one in cases:
            one.end(_keys)
    inner.end((*_keys, "cases", "otherwise"))
    return Value(
        field,
        sources,
        "unknown" if otherwise == "unknown" else "not stated" if otherwise == "not stated" else "unmapped",
    )


def _source(part: Part, field: Field) -> Source | None:
    when = conditions(part)
    column, text, constant = part.text("column"), part.text("text"), part.raw("value")
    if (column is not None) + (text is not None) + (constant is not None) != 1:
        told = (
            'name one of column = "...", value = "..." (the same for every row), text = "... {column}", cases'
        )
        part.fault("", f"{told} = [...]")
        return None
    unmapped = part.choice("unmapped", ("refuse", "unknown"))
    source = Source(
        when=when,
        column=column,
        constant=_constant(part, field, constant),
        text=text,
        values=_values(part, field),
        unit=_unit(part, field),
        decimal=part.choice("decimal", (".", ",")) or ".",
        separator=part.text("separator"),
        formats=tuple(part.texts("formats")),
        unmapped=_policy(unmapped),
    )
    for one in source.formats:
        if wrong := format_fault(one):
            part.fault("formats", wrong)
    if text is not None and (field.type != "text" or not columns_in(text)):
        part.fault(
            "text", f"a text made of {{columns}} can only fill a text; {field.name!r} is {field.expected}"
        )
    return source


def _policy(said: str | None) -> Refusal | None:
    return "refuse" if said == "refuse" else "unknown" if said == "unknown" else None


def _constant(part: Part, field: Field, value: object) -> Scalar | None:
    if value is None:
        return None
    if value in (said_unknown, said_nothing) and value not in field.codes:
        return str(value)
    if not isinstance(value, (str, int, float)):
        part.fault("value", "this must be one value")
        return None
    if wrong := field.problem([value] if field.is_list else value):
        part.fault("value", wrong)
        return None
    return value


def _values(part: Part, field: Field) -> Mapping[str, Scalar] | None:
    """What each word means, given here or as the name of a list under [values]."""
    said = part.raw("values")
    if said is None:
        return None
    if isinstance(said, str):
        if said not in part.reader.value_lists:
            named = ", ".join(part.reader.value_lists) or "none"
            part.fault("values", f"there is no list [values.{said}]; lists of this mapping: {named}")
            return {}
        said = part.reader.value_lists[said]
    if not isinstance(said, Mapping):
        part.fault("values", 'this must be {"word" = "code", ...}, or the name of a list under [values]')
        return {}
    found: dict[str, Scalar] = {}
    for word, meaning in said.items():
        checked = _meaning(part, field, word, meaning)
        if checked is not None and found.setdefault(folded(word), checked) != checked:
            part.fault(
                "values", f"{word!r} stands twice with different meanings (capitals make no difference)"
            )
    return found


def _meaning(part: Part, field: Field, word: str, meaning: object) -> Scalar | None:
    if not isinstance(meaning, (str, int, float)):
        part.fault("values", f"{word!r} must mean one value of {field.name!r}: {field.expected}")
        return None
    special = meaning in (said_unknown, said_nothing) and meaning not in field.codes
    if not special and (wrong := field.problem([meaning] if field.is_list else meaning)):
        part.fault("values", f"{word!r}: {wrong}")
        return None
    return meaning


def _unit(part: Part, field: Field) -> str | None:
    unit = part.text("unit")
    if unit is not None and unit not in units_for(field.unit):
        offered = ", ".join(units_for(field.unit)) or f"none: {field.name!r} has no unit that is converted"
        part.fault("unit", f"{unit!r} cannot be converted to {field.unit or 'this field'}; units: {offered}")
        return None
    return unit
