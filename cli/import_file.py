"""`carepath import`: a case file or a long table into the database, each patient whole or not at all."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from cli.import_outcome import Counts, Outcome, conclude, most_told, said, so_far
from cli.import_source import import_source
from cli.incoming import TurnedAway, open_source
from cli.output import complain, print_json, visible
from cli.progress import counted
from cli.repair import check_place, write_repair
from cli.status import BadInput, Interrupted, Status, Unavailable
from cli.word_list import as_json as words_as_json
from cli.workplace import Workplace, workplace
from store.errors import Busy, CannotWrite, WorkerLost
from store.recording import Recorded


def import_file(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|DIR",
            help="Case files (.yaml, .json, .jsonl) or long tables (.csv, .xlsx); with --mapping "
            "one table of any form, or a folder of them.",
        ),
    ],
    mapping: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE", help="How your own tables are read: a mapping (.toml), or one that ships."
        ),
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="With --mapping: show the first patients, keep nothing.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Try everything, keep nothing.")] = False,
    errors: Annotated[
        str | None,
        typer.Option(
            metavar="PATH", help="Write whom was turned away here, to be mended and imported again."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line, the summary last.")] = False,
) -> Status:
    """Import patients' stories. Importing the same file again changes nothing."""
    paths, repair = [Path(file) for file in files], Path(errors) if errors else None
    if len(paths) > 1:
        _check_several(mapping, repair)
    if mapping is not None:
        from cli.import_mapped import import_mapped

        return import_mapped(paths[0], mapping, dry_run=dry_run, preview=preview, repair=repair, json=json)
    if preview:
        raise BadInput("--preview goes with --mapping; --dry-run tries an import of other files")
    for path in paths:
        _check_no_folder(path)
    if repair:
        check_place(repair, paths[0])
    total = Counts()
    with workplace(begins=True) as here:
        for path in paths:
            outcome = _import_one(here, path, total, len(paths), dry_run, repair, json)
            total += outcome.counts
    if len(paths) > 1:
        _tell_total(total, len(paths), dry_run, json)
    return Status.REFUSED if total.refused else Status.OK


def _check_several(mapping: str | None, repair: Path | None) -> None:
    """Raises BadInput for what goes with one file only."""
    if mapping is not None:
        raise BadInput("--mapping reads one file or one folder: give one, or put the tables into a folder")
    if repair:
        raise BadInput("--errors goes with one file: import the file that needs it by itself")


def _check_no_folder(path: Path) -> None:
    """Raises BadInput with what a folder needs."""
    if path.is_dir():
        cases = f"`carepath import {path / '*.yaml'}` reads the case files in it"
        tables = f"`carepath import {path} --mapping NAME|FILE` a folder of your own tables"
        raise BadInput(f"{path} is a folder: {cases}, {tables} (`carepath mapping list`)")


def _import_one(
    here: Workplace, path: Path, before: Counts, files: int, dry_run: bool, repair: Path | None, json: bool
) -> Outcome:
    """Import a file and tell what it came to; `before` were counted in the files that came first."""
    source = open_source(path)
    outcome = Outcome(rows_away=bool(source.table and source.table.refused_rows))
    answers = import_source(here, source, outcome, dry_run)
    try:
        for one in counted(answers, source.total, "patients", quiet=json):
            tell(one, outcome, json)
    except KeyboardInterrupt:
        raise Interrupted(so_far(before + outcome.counts, dry_run, files)) from None
    except (Busy, CannotWrite, WorkerLost) as error:
        raise Unavailable(f"{error}; {so_far(before + outcome.counts, dry_run, files)}") from None
    if repair and (outcome.mendable or not outcome.away):
        write_repair(repair, source, outcome.away)
    _sum_up(outcome, path, dry_run, repair, json)
    return outcome


def tell(one: Recorded | TurnedAway, outcome: Outcome, json: bool) -> None:
    """Whom was turned away, one by one for a person as far as that helps."""
    if isinstance(one, Recorded):
        return
    if json:
        print_json({"patient": one.patient, "error": one.error})
    elif len(outcome.away) <= most_told:
        complain(one.error)


def _sum_up(outcome: Outcome, path: Path, dry_run: bool, repair: Path | None, json: bool) -> None:
    counts = outcome.counts
    written = str(repair) if repair and outcome.mendable else None
    if json:
        words = words_as_json(outcome.words)
        print_json(
            {"file": str(path), "dry_run": dry_run, **asdict(counts), "words": words, "errors": written}
        )
        return
    if counts.refused > most_told:
        complain(f"... and {counts.refused - most_told} more")
    mend = f"Mend {written} and import it." if written else ""
    if outcome.mendable and not written:
        mend = "--errors PATH writes whom was turned away to a file that can be mended and imported again."
    print(f"{visible(path.name)}: ", end="")
    conclude(outcome, dry_run, mend)


def _tell_total(total: Counts, files: int, dry_run: bool, json: bool) -> None:
    """What several files came to together."""
    if json:
        print_json({"files": files, "dry_run": dry_run, **asdict(total)})
    else:
        print(f"{files} files: {said(total)}")
