"""`carepath simulate`: made-up patients whose departures are known, as files or in the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.arguments import assignments, day
from cli.days import plural
from cli.parameters import Words
from cli.processors import processors
from cli.progress import counted
from cli.simulated_numbers import Wanted, show_numbers, wanted
from cli.status import BadInput, Status, Unavailable
from simulation.lives.cohort import Simulated, simulate

if TYPE_CHECKING:
    from store.recording import Recording


class Format(StrEnum):
    """As what the stories are written."""

    CASES = "cases"
    JSONL = "jsonl"
    TABLES = "tables"
    XLSX = "xlsx"


Patients = Annotated[
    int, typer.Option("--patients", metavar="N", min=1, max=1_000_000, help="How many patients.")
]
Seed = Annotated[int, typer.Option(metavar="S", help="The same seed gives the same patients.")]
Day = Annotated[str | None, typer.Option(metavar="DATE", help="The day we stand on. Default: today.")]
Out = Annotated[
    str | None,
    typer.Option(
        metavar="DIR", help="Write files here, and the truth beside them. Default: into the database."
    ),
]
Kind = Annotated[
    Format,
    typer.Option("--format", help="Case files as YAML or as JSON lines, long tables as CSV or as workbooks."),
]
Numbers = Annotated[
    str | None, typer.Option(metavar="FILE.toml", help="Shares, delays and settings of the pathway.")
]
Set = Annotated[Words, typer.Option("--set", metavar="NAME=VALUE", help="One of them; outranks the file.")]
ShowSettings = Annotated[
    bool, typer.Option("--show-settings", help="List every share and delay with its source; do no more.")
]


def simulate_(
    patients: Patients = 100,
    seed: Seed = 1,
    as_of: Day = None,
    out: Out = None,
    kind: Kind = Format.CASES,
    settings: Numbers = None,
    set_: Set = None,
    show_settings: ShowSettings = False,
) -> Status:
    """Make up patients along and off every pathway, and tell which departures they hold."""
    given = wanted(settings, assignments("--set", set_))
    if show_settings:
        show_numbers(given.numbers)
        return Status.OK
    if out is None:
        _record(patients, seed, as_of, given)
    else:
        _write(Path(out), patients, seed, _day(as_of), kind, given)
    return Status.OK


def _day(as_of: str | None) -> date:
    if as_of is not None:
        return _typed(as_of)
    from store import clock

    return clock.now().date()


def _typed(as_of: str) -> date:
    """Nobody is born before the first day that can be recorded: ages and courses take up to a century."""
    on = day("--as-of", as_of)
    if on.year < 1920:
        raise BadInput(f"--as-of {on}: made-up patients stand on a day from 1920 on")
    return on


def _write(place: Path, number: int, seed: int, on: date, kind: Format, given: Wanted) -> None:
    from interop.cohort_files import CohortFiles, NotEmpty

    departures: Counter[str] = Counter()
    try:
        files = CohortFiles.opened(place, kind.value, on, given.changed)
        with files:
            drawn = simulate(number, seed, on, given.numbers, given.rules)
            for one in counted(drawn, number, "patients"):
                files.add(one.id, one.story, [(planted.code, planted.on) for planted in one.planted])
                departures.update(planted.code[:2] for planted in one.planted)
    except NotEmpty as found:
        raise BadInput(f"{place} {_held(found.unfinished)}") from None
    except OSError as error:
        raise Unavailable(f"{place} cannot be written: {error.strerror}") from None
    told = f"{plural(number, 'made-up patient')} on {on} in {plural(files.written, 'file')} in {place}"
    print(f"{told}; truth.csv tells {departures['d-']:,} departures, traces.csv {departures['q-']:,} traces.")


def _held(unfinished: bool) -> str:
    """What a folder holds that is not empty."""
    if not unfinished:
        return "is not an empty folder; name another, or empty it"
    told = "holds a cohort that was not finished: a run was stopped, or is still writing"
    return f"{told}. It has no truth; delete it when no run is going on, or name another folder"


def _record(number: int, seed: int, as_of: str | None, given: Wanted) -> None:
    """Into an empty database: made-up patients do not belong beside real ones."""
    from cli.workplace import workplace
    from store.identities import references
    from store.record import record_many
    from store.recording import NotRecorded

    with workplace(begins=True) as here:
        on = here.today if as_of is None else _typed(as_of)
        if on > here.today:
            raise BadInput(f"--as-of {on} lies in the future; with --out DIR any day will do")
        with here.database.reading() as connection:
            there = len(references(connection))
        if there:
            told = f"the database holds {plural(there, 'patient')} already, and made-up ones belong elsewhere"
            raise BadInput(f"{told}; name another with CAREPATH_DATABASE_URL, or write files with --out DIR")
        if on < here.today:
            here = here.at(datetime.combine(on, time(12), here.now.tzinfo))
        drawn = simulate(number, seed, on, given.numbers, given.rules)
        answers = record_many(
            here.database,
            _recordings(drawn, given),
            recorder=here.recorder,
            now=here.now,
            derive=here.derive,
            jobs=processors(),
        )
        for answer in counted(answers, number, "patients"):
            if isinstance(answer, NotRecorded):
                raise answer.error
    print(f"{plural(number, 'made-up patient')} recorded as known on {on}; `carepath list` shows them.")


def _recordings(drawn: Iterator[Simulated], given: Wanted) -> Iterator[Recording]:
    from store.recording import Choice, Recording

    for one in drawn:
        recording = Recording.of_history(one.id, one.story, "simulation")
        yield replace(recording, choice=Choice(settings=given.changed)) if given.changed else recording
