"""A case written as YAML that reads back as the same case.

Text that YAML readers of the older kind would take for a date, a number or a truth value is put in quotes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

import yaml

from engine.event import Event, Moment
from interop.case import Case, Checkpoint


def write_case(case: Case) -> str:
    """One case as a YAML file. Notes and tags of the case itself are not kept."""
    return write_cases([case])


def write_cases(cases: Iterable[Case]) -> str:
    """A YAML file with these cases."""
    document = {"vignettes": [case_content(case) for case in cases]}
    text: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    return text


def case_content(case: Case) -> dict[str, object]:
    """A case as plain values, the way a case file holds it."""
    content: dict[str, object] = {"id": case.id}
    if case.title is not None:
        content["title"] = case.title
    content["facts"] = _Line(_nested(case.facts))
    content["events"] = [_Line(event_content(entry)) for entry in case.story.entries]
    if case.checkpoints:
        content["checkpoints"] = [_checkpoint(checkpoint) for checkpoint in case.checkpoints]
    return content


def event_content(event: Event) -> dict[str, object]:
    """An entry as plain values, the way a case file holds it."""
    moment: Moment = datetime.combine(event.day, event.clock) if event.clock else event.day
    content: dict[str, object] = {"id": event.id, "date": plain_value(moment)}
    if event.recorded != moment:
        content["recorded"] = plain_value(event.recorded)
    if event.documented != event.recorded:
        content["documented"] = plain_value(event.documented)
    return {**content, "type": event.type, **_nested(event.fields)}


def _checkpoint(checkpoint: Checkpoint) -> dict[str, object]:
    content: dict[str, object] = {"as_of": plain_value(checkpoint.as_of)}
    if checkpoint.known_at != checkpoint.as_of:
        content["known_at"] = plain_value(checkpoint.known_at)
    if checkpoint.settings:
        content["settings"] = dict(checkpoint.settings)
    if checkpoint.expected is not None:
        content["expected"] = plain_value(checkpoint.expected)
    return content


def _nested(values: Mapping[str, object]) -> dict[str, object]:
    """Dotted names as mappings within mappings."""
    nested: dict[str, object] = {}
    for name, value in values.items():
        head, dot, rest = name.partition(".")
        if dot:
            group = nested.setdefault(head, {})
            assert isinstance(group, dict)
            group[rest] = plain_value(value)
        else:
            nested[name] = plain_value(value)
    return nested


def plain_value(value: object) -> object:
    """A value as it stands in YAML or JSON: days as text, mappings and lists all the way down."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain_value(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_value(entry) for entry in value]
    return value


class _Line(dict[str, object]):
    """A mapping written between braces, as long as it fits on one line."""


class _Dumper(yaml.CSafeDumper):
    """Writes every value out, even where the same object stands twice."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _line(dumper: yaml.CSafeDumper, value: _Line) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=True)


def _decimal(dumper: yaml.CSafeDumper, value: float) -> yaml.Node:
    text = decimal_text(value)
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


def decimal_text(value: float) -> str:
    """A number without an exponent, which case files and tables do not know; a whole one without a point."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    text = format(Decimal(repr(value)), "f")
    return text if "." in text else f"{text}.0"


_Dumper.add_representer(float, _decimal)
_Dumper.add_representer(_Line, _line)
