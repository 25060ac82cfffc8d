"""The settings by which patients are followed: shown, counted, and changed with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cli.change import check_reason, reason_given
from cli.days import plural
from cli.difference_view import show_difference
from cli.output import print_json
from cli.status import BadInput, Status
from cli.workplace import Workplace, workplace
from engine.answer import plain
from engine.snapshot import PathwayRef
from interop.difference_json import with_decisions
from interop.event_words import when
from pathways.settings import DEFAULT_SETTINGS, SettingError, Settings
from store.enrolments import all_settings
from store.ledger import Line, read_enrolment, told_with
from store.patient_view import PatientView
from store.record import record
from store.recording import Recorded, Recording, SettingChange


def show_patient(patient: str, json: bool) -> Status:
    """Every setting of a patient, and each time one was changed."""
    with workplace() as here:
        view = here.patient(patient)
    if json:
        print_json(
            {"patient": patient, "settings": dict(view.snapshot.settings), "history": list(_history(view))}
        )
        return Status.OK
    from cli.console import console, table

    made = table("Setting", "Value", "Default")
    for name, value in view.snapshot.settings.items():
        default = DEFAULT_SETTINGS[name]
        made.add_row(name, str(value), "" if value == default else str(default))
    console().print(made)
    for change in _history(view):
        print(f"{change['recorded']} by {change['recorder']}, {_words(change)}")
    return Status.OK


def _words(change: Mapping[str, Any]) -> str:
    """What was changed, as part of which change of many patients, and why."""
    settings = [f"{name}={value}" for name, value in change["settings"].items()]
    told = ", ".join([*change["pathways"], *settings]) or "the defaults"
    part = f" ({change['change']})" if change["change"] else ""
    back = f", taking {change['undoes']} back" if change["undoes"] else ""
    reason = f": {change['reason']}" if change["reason"] else ""
    return f"{told}{part}{back}{reason}"


def _history(view: PatientView) -> Iterator[dict[str, Any]]:
    """What each enrolment changed against the one before, the first against the defaults."""
    before: Mapping[str, object] = DEFAULT_SETTINGS
    versions: Sequence[PathwayRef] | None = None
    for line in view.lines:
        if line.kind == "enrolment":
            now = read_enrolment(line.payload)
            others = [one for one in now.pathways if versions is not None and one not in versions]
            told = [f"{one.id} {one.version}" for one in others]
            yield {**_said(line), "pathways": told, "settings": _differing(now.settings, before)}
            before, versions = now.settings, now.pathways


def _said(line: Line) -> dict[str, Any]:
    return {
        "recorded": when(line.recorded_there),
        "recorder": line.recorder,
        **told_with(line)._asdict(),
    }


def _differing(now: Mapping[str, object], before: Mapping[str, object]) -> dict[str, object]:
    """In the order of the list of settings; a ledger sorts them by name."""
    return {name: now[name] for name in DEFAULT_SETTINGS if name in now and now[name] != before.get(name)}


def show_site(json: bool) -> Status:
    """The values that any patient has, with how many have them."""
    with workplace() as here:
        everybody = all_settings(here.database)
    numbers = {
        name: Counter(one.get(name, default) for one in everybody)
        for name, default in DEFAULT_SETTINGS.items()
    }
    if json:
        for name, default in DEFAULT_SETTINGS.items():
            patients = {str(value): number for value, number in numbers[name].items()}
            print_json({"setting": name, "default": default, "patients": patients})
        return Status.OK
    from cli.console import console, table

    made = table("Setting", "Default", "Otherwise")
    for name, default in DEFAULT_SETTINGS.items():
        others = [(value, number) for value, number in numbers[name].most_common() if value != default]
        told = ", ".join(f"{value} ({plural(number, 'patient')})" for value, number in others)
        made.add_row(name, str(default), told)
    console().print(made)
    print(f"{plural(len(everybody), 'patient')}; new ones are enrolled with the defaults")
    return Status.OK


def change_settings(patient: str, changes: Mapping[str, str], reason: str, json: bool) -> Status:
    """Record that a patient is followed by other settings from now on."""
    why = reason_given(reason)
    try:
        Settings.from_overrides(changes)
    except SettingError as error:
        raise BadInput(str(error)) from None
    with workplace() as here:
        before = here.read(patient).snapshot.settings
        check_reason(here, why, patient)
        recorded = _recorded(here, Recording(patient, change=SettingChange(changes, why)))
    after = recorded.snapshot.settings if recorded.snapshot else before
    changed = {name: {"before": before[name], "after": after[name]} for name in _differing(after, before)}
    if json:
        difference = with_decisions(recorded.difference)
        print_json({"patient": patient, "settings": plain(changed), "changes": difference})
        return Status.OK
    if not changed:
        print(f"{patient} is followed by these settings already; nothing changed.")
        return Status.OK
    words = ", ".join(f"{name}={one['after']} (before: {one['before']})" for name, one in changed.items())
    print(f"Recorded for {patient}: {words}.")
    show_difference(recorded.difference, recorded.snapshot)
    return Status.OK


def _recorded(here: Workplace, recording: Recording) -> Recorded:
    return record(here.database, recording, recorder=here.recorder, now=here.now, derive=here.derive)
