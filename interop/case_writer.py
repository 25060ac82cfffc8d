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
    content: dict[str, object] = {"id": event.id, "date": _plain(moment)}
    if event.recorded != moment:
        content["recorded"] = _plain(event.recorded)
    if event.documented != event.recorded:
        content["documented"] = _plain(event.documented)
    return {**content, "type": event.type, **_nested(event.fields)}


def _checkpoint(checkpoint: Checkpoint) -> dict[str, object]:
    content: dict[str, object] = {"as_of": _plain(checkpoint.as_of)}
    if checkpoint.known_at != checkpoint.as_of:
        content["known_at"] = _plain(checkpoint.known_at)
    if checkpoint.settings:
        content["settings"] = dict(checkpoint.settings)
    if checkpoint.expected is not None:
        content["expected"] = _plain(checkpoint.expected)
    return content


def _nested(values: Mapping[str, object]) -> dict[str, object]:
    """Dotted names as mappings within mappings."""
    nested: dict[str, object] = {}
    for name, value in values.items():
        head, dot, rest = name.partition(".")
        if dot:
            group = nested.setdefault(head, {})
            assert isinstance(group, dict)
            group[rest] = _plain(value)
        else:
            nested[name] = _plain(value)
    return nested


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
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
    """Decimals without an exponent, which case files do not know; whole ones as whole numbers."""
    if value.is_integer() and abs(value) < 1e15:
        return dumper.represent_int(int(value))
    text = format(Decimal(repr(value)), "f")
    return dumper.represent_scalar("tag:yaml.org,2002:float", text if "." in text else f"{text}.0")


_Dumper.add_representer(float, _decimal)
_Dumper.add_representer(_Line, _line)
