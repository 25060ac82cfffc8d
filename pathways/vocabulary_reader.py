"""From vocabulary.yaml to a checked Vocabulary; every problem of the file is reported at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import cast, get_args

from pathways.guidelines.document import Problem, SourceError, read_document
from pathways.guidelines.row import Row
from pathways.vocabulary import EventType, OrderClass, SettingSpec, Vocabulary
from pathways.vocabulary_field import Field, FieldSet, FieldType, World

shipped = Path(__file__).parent / "guidelines" / "data" / "vocabulary.yaml"

_types, _worlds, _classes = get_args(FieldType), get_args(World), get_args(OrderClass)
_every_finding, _every_fact, _findings_too = "*", "(facts)", "(findings)"
_codes_of_events = "events"


class VocabularyError(SourceError):
    """A vocabulary that contradicts itself or its schema."""


def read_vocabulary(path: Path) -> Vocabulary:
    """The vocabulary of one file. Raises VocabularyError with file and line of everything that is wrong."""
    problems: list[Problem] = []
    try:
        document = read_document(path)
    except SourceError as error:
        raise VocabularyError(error.problems) from None
    with Row.top(document, problems) as top:
        vocabulary = Reader(top).read()
    if problems:
        raise VocabularyError(problems)
    return vocabulary


class Reader:
    """Reads section by section; `sets` holds the field sets that a field may refer to with `of`."""

    def __init__(self, top: Row) -> None:
        self.top = top
        self.lists, self.meanings = _code_lists(top)
        self.lists[_codes_of_events] = tuple(name for name, _ in top.named_rows("events"))
        self.sets: dict[str, FieldSet] = {}

    def read(self) -> Vocabulary:
        self.section("lesion_fields", "a lesion")
        self.section("dynamics_fields", "the dynamics")
        findings = self.section("finding_fields", "the findings")
        facts = self.facts(findings)
        derived = self.section("derived_facts", "the derived facts")
        self.sets["snapshot_fields"] = _snapshot(facts, derived)
        return Vocabulary(
            version=self.top.whole("version"),
            order_within_day=self.order(),
            common=self.section("common_event_fields", "an event"),
            case=self.section("case_fields", "a case"),
            ignorable=self.top.texts("ignorable"),
            code_lists=MappingProxyType(
                {name: codes for name, codes in self.lists.items() if name != _codes_of_events}
            ),
            code_meanings=MappingProxyType(self.meanings),
            lesion=self.sets["lesion_fields"],
            findings=findings,
            events=MappingProxyType(
                {name: self.event(name, row) for name, row in self.top.named_rows("events")}
            ),
            facts=facts,
            derived_facts=derived,
            settings=MappingProxyType(
                {name: self.setting(name, row) for name, row in self.top.named_rows("settings")}
            ),
            companions=self.top.texts("companions"),
        )

    def order(self) -> tuple[OrderClass, ...]:
        order = self.top.texts("order_within_day")
        if order != _classes:
            self.top.note(f"the order within a day must be {', '.join(_classes)}", "order_within_day")
        return cast(tuple[OrderClass, ...], order)

    def section(self, key: str, what: str) -> FieldSet:
        rows = self.top.named_rows(key)
        self.sets[key] = FieldSet(what, {name: self.field(name, row) for name, row in rows})
        return self.sets[key]

    def facts(self, findings: FieldSet) -> FieldSet:
        """The facts, the findings among them, with every alias."""
        fields: dict[str, Field] = {}
        for name, row in _without(self.top, "facts", _findings_too):
            fields[name] = self.field(name, row)
            if fields[name].world is None:
                row.note(f"the fact {name!r} states no world")
        fields |= findings
        aliases: dict[str, str] = {}
        for name, field in fields.items():
            for alias in field.aliases:
                if aliases.setdefault(alias, name) != name or alias in fields:
                    self.top.note(f"the alias {alias!r} already stands for another fact", "facts", name)
        self.sets["facts"] = FieldSet("the facts", fields, aliases)
        return self.sets["facts"]

    def event(self, name: str, row: Row) -> EventType:
        with row:
            order_class, world = self.kind(row)
            own = _without(row, "fields", _every_finding, _every_fact)
            fields = {key: self.field(key, spec) for key, spec in own}
            stated = row.ask("fields")
        if isinstance(stated, dict) and _every_finding in stated and _every_fact in stated:
            return EventType(name, order_class, world, self.with_facts(name, fields))
        for key in fields.keys() & set(self.sets.get("common_event_fields", ())):
            row.note(f"the field {key!r} is already common to all events", "fields", key)
        return EventType(name, order_class, world, FieldSet(name, fields))

    def kind(self, row: Row) -> tuple[OrderClass, World]:
        """Where an event type stands within a day, and what its absence means."""
        order_class = cast(OrderClass, row.choice("class", _classes))
        return order_class, cast(World, row.choice("world", _worlds))

    def with_facts(self, name: str, own: Mapping[str, Field]) -> FieldSet:
        """Facts of the open world, findings among them, and own fields; what is both is read as the fact."""
        facts = self.sets["facts"]
        fields = {key: field for key, field in own.items() if key not in facts}
        wanted = {key: field for key, field in facts.items() if field.world == "open"}
        aliases = {alias: key for alias, key in facts.aliases.items() if key in wanted}
        return FieldSet(name, fields | wanted, aliases)

    def field(self, name: str, row: Row) -> Field:
        with row:
            codes_from = row.optional_choice("codes_from", self.lists)
            field = Field(
                name=name,
                type=cast(FieldType, row.choice("type", _types)),
                codes=self.lists.get(codes_from or "", tuple(map(str, row.items("codes", object)))),
                codes_from=codes_from,
                codes_known=row.texts("codes_known"),
                free_text=row.flag("free_text"),
                unit=row.optional_text("unit"),
                minimum=row.optional_number("minimum"),
                maximum=row.optional_number("maximum"),
                exclusive=row.flag("exclusive"),
                required=row.flag("required"),
                nullable=_nullable(row),
                open_field=row.flag("open_field"),
                default=_default(row),
                default_from=row.optional_text("default_from"),
                world=cast(World | None, row.optional_choice("world", _worlds)),
                aliases=row.texts("aliases"),
                of=self.sets.get(row.optional_choice("of", self.sets_by_name()) or ""),
                is_list=row.flag("list"),
                with_time=row.flag("with_time"),
                ignorable=row.flag("ignorable"),
                applies_to=row.optional_choice("applies_to", self.lists.get("organ", ())),
                note=row.optional_text("note"),
            )
        _check_field(field, row)
        return field

    def sets_by_name(self) -> tuple[str, ...]:
        """Field sets that `of` may name, those not read yet included."""
        return ("lesion_fields", "dynamics_fields", "finding_fields", "facts", "snapshot_fields")

    def setting(self, name: str, row: Row) -> SettingSpec:
        field = replace(self.field(name, row), nullable=False)
        choices: tuple[str | int, ...] = field.codes
        if field.type == "integer":
            choices = tuple(int(code) for code in field.codes)
        if field.default is None or (choices and field.default != choices[0]):
            row.note(f"the first value of the setting {name!r} must be its default")
        return SettingSpec(field, field.default or 0, choices)


def _check_field(field: Field, row: Row) -> None:
    if field.type in ("code", "codes") and not field.codes and not field.free_text:
        row.note(f"{field.name!r} takes a code, but no codes are listed")
    if len(set(field.codes)) < len(field.codes):
        row.note(f"a code of {field.name!r} stands twice")
    if field.type not in ("integer", "decimal") and (field.minimum is not None or field.maximum is not None):
        row.note(f"{field.name!r} has a bound, but is no number")
    if field.default is not None and (fault := field.problem(field.default)):
        row.note(f"the default is refused: {fault}", "default")


def _nullable(row: Row) -> bool:
    """Ids and days that must be there cannot be unknown; other fields say so."""
    stated = row.optional_flag("nullable")
    if stated is not None:
        return stated
    return not (row.flag("required") and row.ask("type") in ("id", "date"))


def _default(row: Row) -> str | int | None:
    default = row.ask("default")
    if default is None or isinstance(default, (str, int)):
        return default
    row.note(f"a default must be text or a whole number, not {default!r}", "default")
    return None


def _code_lists(top: Row) -> tuple[dict[str, tuple[str, ...]], dict[str, Mapping[str, str]]]:
    """Code lists by name; where the file explains the codes, their meanings too."""
    stated = top.ask("code_lists")
    lists: dict[str, tuple[str, ...]] = {}
    meanings: dict[str, Mapping[str, str]] = {}
    for name, codes in stated.items() if isinstance(stated, dict) else ():
        if isinstance(codes, dict):
            meanings[name] = MappingProxyType({code: str(meaning) for code, meaning in codes.items()})
        elif not isinstance(codes, list):
            top.note(f"the code list {name!r} must be a list or a mapping", "code_lists", name)
            continue
        lists[name] = tuple(map(str, codes))
    return lists, meanings


def _without(row: Row, key: str, *left_out: str) -> Iterator[tuple[str, Row]]:
    """The rows under a key, but for entries that are a sentence about other fields."""
    stated = row.ask(key)
    for name, value in stated.items() if isinstance(stated, dict) else ():
        if name not in left_out:
            yield name, Row(row.document, row.problems, *row.place, key, name, data=value)


def _snapshot(facts: FieldSet, derived: FieldSet) -> FieldSet:
    """What a board may state: facts, and derived facts that are a single value."""
    stated = {name: field for name, field in derived.items() if field.type != "span" and not field.is_list}
    return FieldSet("the snapshot", {**facts, **stated}, facts.aliases)
