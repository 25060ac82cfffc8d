"""What somebody types is recorded, and what that changed is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from cli.arguments import moment
from cli.difference_view import show_difference
from cli.output import print_json
from cli.status import BadInput
from cli.word_list import as_json as words_as_json
from cli.word_list import read_as
from cli.workplace import Workplace
from interop.difference_json import with_decisions
from interop.words import Word
from store.errors import KnownPatient, MergedAway, Refused, UnknownPatient
from store.record import record
from store.recording import Recorded, Recording

SOURCE: Final = "command line"


def say(here: Workplace, recording: Recording) -> Recorded:
    """Record it. Raises BadInput with every fault of what does not fit, for a patient nobody knows, and for
    one who is to be registered and is there.
    """
    try:
        with faults_told():
            return record(here.database, recording, recorder=here.recorder, now=here.now, derive=here.derive)
    except MergedAway as away:
        raise here.merged(recording.reference, away) from None
    except KnownPatient:
        raise BadInput(
            f"there is a patient {recording.reference!r} already, nothing was recorded: without --new it is"
            " recorded about this patient; another patient needs another reference"
        ) from None
    except UnknownPatient:
        raise BadInput(f"there is no patient {recording.reference!r}; --new registers one") from None


def when_it_was(here: Workplace, date: str | None) -> str:
    """The day that was typed, or this moment: with its time it is not taken for the same said twice a day."""
    return str(moment("--date", date)) if date else f"{here.now:%Y-%m-%dT%H:%M:%S}"


@contextmanager
def faults_told() -> Iterator[None]:
    """Raises BadInput where what is recorded within does not fit, with every fault, a line each."""
    try:
        yield
    except Refused as refused:
        faults = "\n".join(f"  {fault!s}" for fault in refused.faults)
        raise BadInput(f"nothing was recorded:\n{faults}") from None


def tell(recorded: Recorded, words: Sequence[Word], json: bool) -> None:
    """Tell what was recorded and what it changed; `words` were read as codes."""
    if json:
        print_json({**as_json(recorded), "words": words_as_json(Counter(words))})
        return
    for word in words:
        print(f"{read_as(word)}.")
    if recorded.added:
        print(f"Recorded {', '.join(recorded.added)} about {recorded.reference}.")
        show_difference(recorded.difference, recorded.snapshot)
    else:
        print(f"{', '.join(recorded.repeated)} was recorded already; nothing changed.")


def show_each(*answers: Recorded) -> None:
    """What several recordings changed, each under its patient."""
    for recorded in answers:
        print(f"{recorded.reference}:")
        show_difference(recorded.difference, recorded.snapshot)


def as_json(recorded: Recorded) -> dict[str, Any]:
    """What was recorded and what it changed."""
    return {
        "patient": recorded.reference,
        "registered": recorded.registered,
        "recorded": list(recorded.added),
        "known": list(recorded.repeated),
        "state": recorded.snapshot.main.state if recorded.snapshot else None,
        "changes": with_decisions(recorded.difference),
    }
