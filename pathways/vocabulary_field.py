"""A field of the data dictionary, and a set of fields with the spellings that mean the same.

Source: vocabulary.yaml; pathway-outline.md 11.1 (R1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from pathways.vocabulary_values import ValueFault, closest, expected, nearest, parse, shown

FieldType = Literal[
    "text",
    "date",
    "integer",
    "decimal",
    "boolean3",
    "code",
    "codes",
    "id",
    "ids",
    "list",
    "mapping",
    "any",
    "span",
]
World = Literal["open", "closed"]


@dataclass(frozen=True, slots=True)
class Field:
    """What may stand in one place of an event, a lesion or the facts.

    `required` means that the key must be present; a present null is unknown, which only fields that are
    not `nullable` refuse. `open_field` is unknown when absent. `codes` are the allowed values (of a setting
    also numbers, as text), `codes_known` the spellings of a free text that rules read. `of` holds the fields
    of each row of a list, or of a mapping. `default_from` names the field that stands in for an absent one.
    """

    name: str
    type: FieldType
    codes: tuple[str, ...] = ()
    codes_from: str | None = None
    codes_known: tuple[str, ...] = ()
    free_text: bool = False
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    exclusive: bool = False
    required: bool = False
    nullable: bool = True
    open_field: bool = False
    default: str | int | None = None
    default_from: str | None = None
    world: World | None = None
    aliases: tuple[str, ...] = ()
    of: FieldSet | None = field(default=None, compare=False)
    is_list: bool = False
    with_time: bool = False
    ignorable: bool = False
    applies_to: str | None = None
    note: str | None = None

    def parse(self, value: object) -> object:
        """The canonical value, None for unknown; raises ValueFault saying what was expected."""
        return parse(self, value)

    def problem(self, value: object) -> str | None:
        """Why the value is refused, or None when it is accepted."""
        try:
            parse(self, value)
        except ValueFault as fault:
            return str(fault)
        return None

    @property
    def expected(self) -> str:
        """What the field asks for, in words for a form or a message."""
        return expected(self)


class FieldProblem(NamedTuple):
    """What is wrong with one key of an entry; `field` is the key as it was written."""

    field: str
    message: str


class Reading(NamedTuple):
    """The values of an entry by canonical field name, and everything that was refused."""

    values: dict[str, object]
    problems: tuple[FieldProblem, ...]


class FieldSet(Mapping[str, Field]):
    """Fields by canonical name. Look-up accepts every spelling, iteration gives the canonical ones."""

    __slots__ = ("_aliases", "_fields", "_groups", "_required", "what")

    def __init__(
        self, what: str, fields: Mapping[str, Field], aliases: Mapping[str, str] | None = None
    ) -> None:
        self.what = what
        self._fields = dict(fields)
        self._aliases = dict(aliases or {})
        self._groups = frozenset(name.split(".")[0] for name in fields if "." in name)
        self._required = tuple(name for name, spec in fields.items() if spec.required)

    def __getitem__(self, name: str) -> Field:
        return self._fields[self._aliases.get(name, name)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        return f"<fields of {self.what}: {', '.join(self)}>"

    @property
    def aliases(self) -> Mapping[str, str]:
        """Other spellings, each with the canonical name it stands for."""
        return dict(self._aliases)

    def canonical(self, name: str) -> str:
        """The one name of a field; raises ValueFault with the closest name where there is none."""
        known = self._aliases.get(name, name)
        if known in self._fields:
            return known
        raise ValueFault(
            f"there is no field {name!r} in {self.what}{closest(name, [*self._fields, *self._aliases])}"
        )

    def read(self, content: Mapping[str, object]) -> Reading:
        """Every value parsed, nested groups flattened, required keys asked for. Collects all problems."""
        values: dict[str, object] = {}
        problems: list[FieldProblem] = []
        for key, value in self._flat(content, problems):
            try:
                name = self.canonical(key)
                parsed = self._fields[name].parse(value)
            except ValueFault as fault:
                problems.append(FieldProblem(key, str(fault)))
                continue
            if name in values and values[name] != parsed:
                problems.append(FieldProblem(key, f"{name!r} is stated twice with different values"))
            values[name] = parsed
        problems += self._missing(values, problems)
        return Reading(values, tuple(problems))

    def at(self, path: str) -> Field:
        """The field a correction points to: `overall`, `findings.ascites`, `lesions.L2.status`, `lesions.L2`.

        Raises ValueFault where the path leads nowhere.
        """
        head, _, rest = path.partition(".")
        if path in self or head not in self or not rest:
            self._check_head(head, path)
            return self[self.canonical(path)]
        spec = self[head]
        if spec.of is None:
            raise ValueFault(f"{head!r} has no parts, so {path!r} leads nowhere")
        if spec.type == "mapping":
            return spec.of.at(rest)
        row, _, last = rest.rpartition(".")
        if row and last in spec.of:
            return spec.of[last]
        if row:
            raise ValueFault(
                f"in {path!r}: there is no field {last!r} in {spec.of.what}{closest(last, spec.of)}"
            )
        return replace(spec, name=path, type="mapping", required=False)

    def _check_head(self, head: str, path: str) -> None:
        """Raises ValueFault for a path whose first part is nearly the name of a field with parts."""
        with_parts = [name for name, field in self._fields.items() if field.of is not None]
        near = nearest(head, with_parts)
        if near and path != head and path not in self:
            meant = f"{near}{path.removeprefix(head)}"
            raise ValueFault(f"there is no field {path!r} in {self.what}; did you mean {meant!r}?")

    def _flat(
        self, content: Mapping[str, object], problems: list[FieldProblem], prefix: str = ""
    ) -> Iterator[tuple[str, object]]:
        for key, value in content.items():
            name = f"{prefix}{key}"
            if name in self._groups and name not in self:
                if isinstance(value, Mapping):
                    yield from self._flat(value, problems, f"{name}.")
                elif value is not None:
                    problems.append(FieldProblem(name, f"{name!r} must be a mapping, not {shown(value)}"))
            else:
                yield name, value

    def _missing(self, values: Mapping[str, object], problems: list[FieldProblem]) -> list[FieldProblem]:
        refused = {self._aliases.get(problem.field, problem.field) for problem in problems}
        return [
            FieldProblem(name, f"{name!r} is missing: {self._fields[name].expected} is required")
            for name in self._required
            if name not in values and name not in refused
        ]
