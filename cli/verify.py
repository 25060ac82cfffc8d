"""`carepath verify` and `carepath seal`: is the record as it was written, and proof of it for later."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.days import plural
from cli.new_file import write_new
from cli.output import complain, print_json
from cli.parameters import JsonObject
from cli.status import BadInput, Status, Unavailable
from cli.workplace import workplace
from store.database import Database
from store.errors import BadSeals
from store.seals import Reach, all_seals, exported, reach, seal_all, unsealed, unsealed_views


def verify(
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="FILE", help="Seals kept elsewhere (`carepath seal --out`)."),
    ] = None,
    verifier: Annotated[
        Path | None,
        typer.Option("--write-verifier", metavar="FILE", help="Write the program for auditors to a file."),
    ] = None,
    json: JsonObject = False,
) -> Status:
    """Check that no entry was altered, deleted, inserted, moved or cut off since it was recorded.

    An auditor who does not want to trust carepath checks the database, or a backup of it, with a program of
    its own: --write-verifier FILE writes it; it needs Python and nothing else.
    """
    from store.standalone import program
    from store.verify import verify as problems_of

    if verifier:
        write_new(verifier, program().encode())
        print(f"Written: {verifier}. It is called: python3 {verifier} DATABASE [--seals FILE]")
        return Status.OK
    kept = _lines(against) if against else None
    with workplace(sealing=False) as here:
        try:
            problems = [str(problem) for problem in problems_of(here.database, kept)]
        except BadSeals as error:
            raise BadInput(f"{against}: {error}") from None
        sealed = _sealed(here.database, bool(problems))
    reached = reach(kept) if kept is not None else None
    if json:
        compared = {"compared": reached.seals, "kept_up_to": reached.upto} if reached else {}
        print_json({"problems": problems, **sealed, **compared})
    elif problems:
        _tell_problems(problems)
    else:
        _tell_well(**sealed, reached=reached)
    return Status.FOUND if problems else Status.OK


def _sealed(database: Database, spoiled: bool) -> dict[str, Any]:
    """How many seals there are, and what is under none; nothing where what is spoiled is in the way."""
    try:
        with database.reading() as connection:
            return {
                "seals": len(all_seals(connection)),
                "unsealed": unsealed(connection),
                "unsealed_views": unsealed_views(connection),
            }
    except Exception:
        if not spoiled:
            raise
        return dict.fromkeys(("seals", "unsealed", "unsealed_views"))


def _tell_problems(problems: list[str]) -> None:
    for problem in problems:
        complain(problem)
    complain(
        f"\n{plural(len(problems), 'problem')}. Stop recording, keep this database as it is, and compare"
    )
    complain("it with a backup restored beside it: `carepath restore`.")


def _tell_well(seals: int, unsealed: int, unsealed_views: int, *, reached: Reach | None) -> None:
    print("Every entry is as it was recorded.")
    whose = _compared(seals, reached) if reached else "all signed by this site"
    waits = f"{plural(unsealed, 'patient')} with entries and {plural(unsealed_views, 'view')}"
    print(f"{plural(seals, 'seal')}{f', {whose}' if seals else ''}; {waits} are not sealed yet.")
    if reached and not reached.counted:
        print("The file of an earlier carepath does not say how many seals it held: it may have been cut.")
    if not reached:
        print("Who can write to the database and has the keys could have made all of it anew: keep the seals")
        print("elsewhere (`carepath seal --out FILE`), and check against them with --against FILE.")


def _compared(seals: int, reached: Reach) -> str:
    if not reached.seals:
        return "none of them compared, as the file holds none"
    how_many = "all" if reached.seals == seals else f"{reached.seals} of them compared and"
    return f"{how_many} as kept elsewhere, up to {reached.upto}"


def seal(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write all seals and public keys, to be kept elsewhere."),
    ] = None,
    json: JsonObject = False,
) -> Status:
    """Sign the ends of all chains, so that nobody without the key can change what is recorded by now.

    Commands that record do so at their end, and take along the views in the access log. This is for views
    since then, and to write the seals to a file.
    """
    with workplace(sealing=False) as here:
        made = seal_all(here.database, here.now, views=True)
        with here.database.reading() as connection:
            lines = list(exported(connection))
    if out:
        write_new(out, "".join(f"{line}\n" for line in lines).encode())
    if json:
        print_json({"made": [one.number for one in made], "seals": len(lines) - 1, "file": out and str(out)})
        return Status.OK
    print(
        f"{plural(len(made), 'seal')} made, {len(lines) - 1} in all."
        if made
        else "Everything is sealed already."
    )
    if out:
        print(f"Written to {out}: keep it where nobody can reach both it and the database.")
    return Status.OK


def _lines(place: Path) -> list[str]:
    try:
        return place.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        told = getattr(error, "strerror", None) or "it is no text"
        raise Unavailable(f"{place} cannot be read: {told}") from None
