"""Case files in and out: YAML or JSON, each case read whole or refused with everything that is wrong in it.

Source: vocabulary.yaml (case_fields); the contract is docs/case-files.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from engine.entries import EntryError, Fault, read_event, read_facts, read_story
from engine.event import Event, Moment, Story, day_of
from interop.case import Case, Checkpoint, Refusal
from interop.case_writer import write_case, write_cases
from interop.limits import case_excesses, longest_name, most_faults, told_in_part
from interop.located import BrokenFile, Problem, line_of
from interop.sources import RawCase, file_cases, text_cases
from pathways.settings import SettingError, Settings
from pathways.vocabulary import Field, ValueFault, Vocabulary, closest, load_vocabulary

__all__ = ["Case", "Checkpoint", "Refusal", "read_cases", "write_case", "write_cases"]

_as_of = Field("as_of", "date", required=True, nullable=False, with_time=True)
_known_at = Field("known_at", "date", with_time=True)
_checkpoint_keys = frozenset({"as_of", "known_at", "settings", "expected"})


def read_cases(
    source: Path | str, file: str | None = None, vocabulary: Vocabulary | None = None
) -> Iterator[Case | Refusal]:
    """Every case of a file (a Path) or of a text (a str, then `file` is the name it goes by), in order.

    The stories are told in the words of the vocabulary, or of the shipped one if none is given. A case with
    any fault is one Refusal, and the others go on; a file that is no YAML or JSON is one Refusal. Raises
    nothing for bad input.
    """
    name = file or (str(source) if isinstance(source, Path) else "text")
    try:
        for raw in file_cases(source) if isinstance(source, Path) else text_cases(source):
            yield _case_or_refusal(raw, name, vocabulary or load_vocabulary())
    except BrokenFile as broken:
        yield _refusal(None, [broken.problem], name)


def _case_or_refusal(raw: RawCase, file: str, vocabulary: Vocabulary) -> Case | Refusal:
    try:
        read = _read(raw, file, vocabulary)
        if isinstance(read, Refusal) and raw.located and (located := raw.located()):
            read = _read(located, file, vocabulary)
    except RecursionError:
        return _refusal(None, [Problem(raw.line, "the values are nested too deeply")], file)
    return read


def _read(raw: RawCase, file: str, vocabulary: Vocabulary) -> Case | Refusal:
    reader = _CaseReader(raw, list(raw.problems), vocabulary)
    case = reader.case(file)
    if reader.problems or case is None:
        return _refusal(reader.id, reader.problems, file, reader.unread)
    return case


def _refusal(case: str | None, problems: Sequence[Problem], file: str, unread: str = "") -> Refusal:
    problems = sorted(problems, key=lambda problem: problem.line or 0)
    lines = [f"{file}:{line}: {message}" if line else f"{file}: {message}" for line, message in problems]
    told = told_in_part(list(dict.fromkeys(lines)), f"faults in this case{unread}")
    return Refusal(case, told, file, problems[0].line)


@dataclass(slots=True)
class _CaseReader:
    """Reads one case and gathers its problems."""

    raw: RawCase
    problems: list[Problem]
    vocabulary: Vocabulary
    unread: str = ""
    id: str | None = None
    content: Mapping[str, object] = field(default_factory=dict)

    def case(self, file: str) -> Case | None:
        """The case; not to be used when there are problems."""
        if not isinstance(self.raw.content, Mapping):
            if not self.problems:
                self.problem(None, "a case must be a mapping with id, facts, events and checkpoints")
            return None
        self.content = self.raw.content
        self.id = self.case_id()
        if self.too_large():
            return None
        self.names()
        title = self.content.get("title")
        story = self.story()
        checkpoints = self.checkpoints()
        return Case(
            self.id or "", None if title is None else str(title), story, checkpoints, file, self.raw.line
        )

    def too_large(self) -> bool:
        """Notes what is too large to be read; then nothing else of the case is."""
        beyond = list(islice(case_excesses(self.content), most_faults))
        for excess in beyond:
            self.problem(excess.key, excess.message, excess.within)
        return bool(beyond)

    def problem(self, name: str | None, message: str, within: object = None) -> None:
        """Notes a problem at a key of the case, or of a mapping within it."""
        line = line_of(self.content if within is None else within, name)
        self.problems.append(Problem(line or self.raw.line, message))

    def fault(self, fault: Fault, within: object) -> None:
        self.problem(fault.field, str(fault), within)

    def case_id(self) -> str | None:
        try:
            id = str(self.vocabulary.case["id"].parse(self.content.get("id")))
            return id if len(id) <= longest_name else f"{id[:57]}..."
        except ValueFault as fault:
            self.problem("id", f"a case needs an id: {fault}")
            return None

    def names(self) -> None:
        for key in self.content:
            try:
                self.vocabulary.case.canonical(key)
            except ValueFault as fault:
                self.problem(key, str(fault))

    def rows(self, key: str) -> list[object]:
        value = self.content.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.problem(key, f"{key!r} must be a list")
            return []
        return value

    def story(self) -> Story:
        facts = self.facts()
        raw_events = self.rows("events")
        entries = self.events(raw_events)
        try:
            complete = len(entries) == len(raw_events)
            return read_story(facts, entries, self.vocabulary, complete=complete)
        except EntryError as error:
            by_id = {str(raw.get("id")): raw for raw in raw_events if isinstance(raw, Mapping)}
            for fault in error.faults:
                self.fault(
                    fault, self.content.get("facts") if fault.event is None else by_id.get(fault.event)
                )
            return Story(facts, ())

    def events(self, raw_events: list[object]) -> list[Event]:
        """The events that can be read; where too many cannot, the rest is not tried."""
        entries = []
        for number, raw in enumerate(raw_events, 1):
            if len(self.problems) >= most_faults:
                self.unread = f"; the events from number {number:,} on were not read"
                break
            if event := self.event(number, raw):
                entries.append(event)
        return entries

    def facts(self) -> dict[str, object]:
        raw = self.content.get("facts")
        try:
            return read_facts(raw, self.vocabulary)
        except EntryError as error:
            for fault in error.faults:
                self.fault(fault, raw if isinstance(raw, Mapping) else None)
            return {}

    def event(self, number: int, raw: object) -> Event | None:
        try:
            return read_event(raw, self.vocabulary)
        except EntryError as error:
            for fault in error.faults:
                told = str(fault) if fault.event else f"event {number}: {fault}"
                self.problem(*((fault.field, told, raw) if isinstance(raw, Mapping) else ("events", told)))
            return None

    def checkpoints(self) -> tuple[Checkpoint, ...]:
        read = [self.checkpoint(number, raw) for number, raw in enumerate(self.rows("checkpoints"), 1)]
        return tuple(checkpoint for checkpoint in read if checkpoint)

    def checkpoint(self, number: int, raw: object) -> Checkpoint | None:
        if not isinstance(raw, Mapping):
            self.problem("checkpoints", f"checkpoint {number} must be a mapping with as_of")
            return None
        before = len(self.problems)
        for key in raw.keys() - _checkpoint_keys - set(self.vocabulary.ignorable):
            told = f"checkpoint {number} has no field {key!r}{closest(key, _checkpoint_keys)}"
            self.problem(key, told, raw)
        as_of = self.moment(_as_of, number, raw)
        known_at = self.moment(_known_at, number, raw) or as_of
        settings = self.settings(number, raw)
        expected = raw.get("expected")
        if expected is not None and not isinstance(expected, Mapping):
            self.problem("expected", f"checkpoint {number}: 'expected' must be a mapping", raw)
        elif len(self.problems) == before and as_of is not None and known_at is not None:
            return Checkpoint(day_of(as_of), known_at, settings, expected)
        return None

    def moment(self, field: Field, number: int, raw: Mapping[str, object]) -> Moment | None:
        try:
            value = field.parse(raw.get(field.name))
        except ValueFault as fault:
            self.problem(field.name, f"checkpoint {number}: {fault}", raw)
            return None
        assert value is None or isinstance(value, date)
        return value

    def settings(self, number: int, raw: Mapping[str, object]) -> Mapping[str, object]:
        stated = raw.get("settings")
        if stated is None:
            return {}
        if not isinstance(stated, Mapping):
            self.problem("settings", f"checkpoint {number}: 'settings' must be a mapping", raw)
            return {}
        try:
            Settings.from_overrides(stated)
        except SettingError as error:
            self.problem("settings", f"checkpoint {number}: {error}", raw)
        return {str(key): value for key, value in stated.items()}
