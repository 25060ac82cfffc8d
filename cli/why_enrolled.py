"""`carepath why PATIENT COMPANION`: why a patient is or is not enrolled in a pathway."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cli.output import print_json
from engine.answer import plain
from engine.enrolled import Enrolled, WayIn, enrolled, ways_in
from engine.replay import Enrolment
from engine.snapshot import Snapshot
from interop.companions import since_json
from store.patient_view import PatientView


def pathway_named(view: PatientView, name: str) -> Enrolment | None:
    """The pathway of this key or id, as the patient is followed on it; None where there is none."""
    return next((one for one in view.enrolled if name in (one.pathway.key, one.pathway.id)), None)


def tell_enrolment(view: PatientView, one: Enrolment, *, json: bool) -> None:
    """Print whether the patient is enrolled, since when and why: for a program, or as a page."""
    shown = view.snapshot
    since = enrolled([one], view.dossier.story, shown.as_of, shown.known_at).get(one.pathway.key)
    ways = ways_in(one, view.dossier.story, shown.as_of, shown.known_at)
    part = next(part for part in shown.pathways if part.key == one.pathway.key)
    if json:
        print_json(as_json(view, one, part, since, ways))
    else:
        from cli.why_enrolled_page import show_enrolment

        show_enrolment(view, one.pathway.title, part, since, ways)


def as_json(
    view: PatientView, one: Enrolment, part: Snapshot, since: Enrolled | None, ways: Sequence[WayIn]
) -> dict[str, Any]:
    """Everything the page shows."""
    return {
        "patient": view.reference,
        "as_of": plain(view.snapshot.as_of),
        "day_zero": view.day_zero,
        "known_at": plain(view.snapshot.known_at),
        "id": one.pathway.id,
        "key": one.pathway.key,
        "title": one.pathway.title,
        "state": part.state,
        "enrolled": since is not None,
        **since_json(since or Enrolled()),
        "ways_in": [
            {
                "text": way.text,
                "open": way.open,
                "because": list(way.because),
                "missing": list(way.missing),
            }
            for way in ways
        ],
    }
