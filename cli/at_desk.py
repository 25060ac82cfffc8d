"""What the commands have in common that say something at the desk, about the site or about patients."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection

from cli.output import complain
from cli.recorded import faults_told
from cli.status import BadInput
from cli.workplace import Workplace
from coordination import saying
from coordination.entries import Entry
from coordination.fitting import Unfit
from coordination.putting_off import too_far
from coordination.site_desk import SiteDesk
from store import identities
from store.errors import MergedAway
from store.naming import check_names_nobody
from store.parts import part_of
from store.record import anew

_Said = TypeVar("_Said", bound=Entry)
_Done = TypeVar("_Done")


def site_desk(here: Workplace) -> SiteDesk:
    """Who works here and how, as it stands."""
    with here.database.reading() as connection:
        return SiteDesk.read(connection)


def arranged(here: Workplace, change: Callable[[SiteDesk], Entry | None]) -> SiteDesk:
    """Say about the site what `change` makes of what stands; answers what stands then.

    Raises BadInput for what does not fit together; then nothing was said.
    """

    def arranging() -> SiteDesk:
        with fitting(), here.database.writing() as connection:
            return saying.arrange(connection, change, recorder=here.recorder, now=here.now)

    return anew(arranging)


@contextlib.contextmanager
def fitting() -> Iterator[None]:
    """Raises BadInput for what does not fit together at the site."""
    try:
        yield
    except Unfit as unfit:
        raise BadInput("\n".join(unfit.faults)) from None


def made(kind: type[_Said], before: _Said | None, changes: Mapping[str, Any]) -> _Said:
    """An entry with these changes: what is None stays, an empty name becomes none. Raises BadInput."""
    optional = {name for name, one in kind.model_fields.items() if one.default is None}
    given = {
        name: None if value == "" and name in optional else value
        for name, value in changes.items()
        if value is not None
    }
    try:
        return kind.model_validate({**(before.model_dump() if before else {}), **given})
    except ValidationError as error:
        raise BadInput("\n".join(map(_told, error.errors()))) from None


def _told(fault: Any) -> str:
    where = ".".join(map(str, fault["loc"])).replace("_", "-")
    if fault["type"] in ("string_pattern_mismatch", "string_too_long", "string_too_short"):
        kind = "1 to 60 characters that are seen, no comma, semicolon or slash, and no # or blank in front"
        return f"{where}: {fault['input']!r} cannot be a name: {kind}"
    told = fault["msg"].removeprefix("Value error, ")
    return f"{where}: {told}" if where else told


def say_about(
    here: Workplace,
    references: Sequence[str],
    entries: Callable[[int], Sequence[Entry]],
    *texts: tuple[str, str],
) -> None:
    """Say something about each of these patients, by number: about all of them, or about none.

    `texts` are the words in it, each with the option it came by: they may name none of the patients. Raises
    BadInput.
    """

    def about(connection: Connection) -> None:
        for option, text in texts:
            with faults_told():
                check_names_nobody(connection, text, *references, field=option, stays="after erasure")
        for number in numbers(here, connection, references).values():
            for entry in entries(number):
                saying.say(connection, entry, patient_id=number, recorder=here.recorder, now=here.now)

    in_one(here, about)


def in_one(here: Workplace, work: Callable[[Connection], _Done]) -> _Done:
    """Do it in one transaction, once more where two writers have stood in each other's way."""

    def working() -> _Done:
        with here.database.writing() as connection:
            return work(connection)

    return anew(working)


def numbers(here: Workplace, connection: Connection, references: Sequence[str]) -> dict[str, int]:
    """The number of each of these patients, with other writers kept off.

    Raises BadInput for one nobody knows, and for a record that is part of another.
    """
    identities.lock(connection, references)
    found: dict[str, int] = {}
    for reference in references:
        head = identities.find(connection, reference, to_write=True)
        if head is None:
            raise here.unknown(reference)
        found[reference] = head.patient_id
    gone = part_of(connection, found.values())
    for reference, number in found.items():
        if number in gone:
            raise here.merged(reference, MergedAway(gone[number]))
    return found


def check_works_here(here: Workplace, site: SiteDesk) -> None:
    """Whoever makes something theirs, or puts it off, is somebody who works here; where nobody was named yet,
    that is only told. Raises BadInput.
    """
    person = site.people.get(here.recorder)
    if person is not None and person.active:
        return
    told = f"{here.recorder} is nobody who works here; `carepath --user NAME` says who you are"
    told = f"{told}, `carepath desk person` shows who does"
    if site.people:
        raise BadInput(told)
    complain(f"carepath: {told}")


def check_waits(here: Workplace, site: SiteDesk, option: str, until: date, due: date) -> None:
    """Raises BadInput for a day until which this site takes nothing on, and defers and books nothing."""
    if told := too_far(site.site, here.today, due, until):
        raise BadInput(f"{option} {until}: {told}; `carepath desk site --wait-days` is that number")
