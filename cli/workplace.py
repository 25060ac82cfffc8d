"""What a command works with: an open database, one reading of the clock, the pathways, and who is at work."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cli.asked import asked
from cli.output import complain
from cli.processors import processors
from cli.progress import counted
from cli.settings import CarepathSettings, data_folder, login_name
from cli.status import BadInput, Unavailable
from engine.event import Moment
from pathways.guidelines.signoff import SignOffs
from pathways.vocabulary import closest
from store import access, clock, health
from store.access import Look
from store.database import Database, forgets, open_database, open_existing
from store.derivation import Derivation
from store.errors import MergedAway, NoDatabase, NotKnownYet, StoreError, UnknownPatient
from store.identities import Head, find, named, references
from store.library import shipped
from store.patient_view import PatientView, look_up
from store.refresh import derived_anew, overtaken
from store.reviews import sign_offs
from store.seals import seal_all
from store.sqlite import embedded_url

worth_a_bar = 100
"""Patients whose derivation a person waits for."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """One command's surroundings."""

    database: Database
    now: datetime
    derive: Derivation
    recorder: str

    @property
    def today(self) -> date:
        return self.now.date()

    def at(self, now: datetime) -> Workplace:
        """The same place at another time, for demonstrations."""
        return replace(self, now=now)

    def warn_of_a_clock_set_back(self) -> None:
        """What is due, and when something was recorded, follow from the clock.

        Of a damaged database the command itself has more to tell.
        """
        last = None
        with contextlib.suppress(StoreError), self.database.reading() as connection:
            last = health.last_seen(connection)
        if last and last - self.now > timedelta(minutes=1):
            told = f"by this machine's clock it is {self.now:%Y-%m-%d %H:%M}"
            complain(f"carepath: {told}, before the database was last used; see to the clock")

    def bring_up_to_date(self) -> None:
        """Let time do to the lists what it has done since they were last derived."""
        patients = overtaken(self.database, self.now)
        answers = derived_anew(self.database, patients, now=self.now, derive=self.derive, jobs=processors())
        counting = counted(answers, len(patients), "patients", quiet=len(patients) < worth_a_bar)
        troubled = sum(not derived for _, derived in counting)
        if troubled:
            told = f"{troubled} patients could not be derived anew; their rows are older"
            complain(f"carepath: {told} (marked with !)")

    def sign_offs(self, known_at: Moment | None = None) -> SignOffs:
        """The reviews of statements that stand at this site, by what was recorded by `known_at`."""
        return sign_offs(self.database, known_at)

    def seen(self, patient_id: int | None, details: Mapping[str, object]) -> None:
        """Write into the access log what is about to be shown, about one patient or about many.

        Details must name nobody. Raises Unavailable where it cannot be
        written: then nothing is shown.
        """
        try:
            access.append(self.database, self.look(patient_id, details), self.now)
        except StoreError as error:
            raise Unavailable(
                f"nothing is shown, because it cannot be written into the access log: {error}"
            ) from None

    def look(self, patient_id: int | None = None, details: Mapping[str, object] | None = None) -> Look:
        """The entry of the access log that says it; details that are nothing are left out."""
        said = asked()
        given = {name: str(value) for name, value in (details or {}).items() if value not in (None, "")}
        return Look(self.recorder, login_name(), said.command, patient_id, given, said.reason)

    def patient(
        self, reference: str, as_of: date | None = None, known_at: Moment | None = None
    ) -> PatientView:
        """One patient as recorded and derived, for a person to see: this is written into the access log.

        Raises BadInput as `read` does, and Unavailable as `seen`.
        """
        view = self.read(reference, as_of, known_at)
        self.seen(view.dossier.head.patient_id, {"as_of": as_of, "known_at": known_at})
        return view

    def read(self, reference: str, as_of: date | None = None, known_at: Moment | None = None) -> PatientView:
        """One patient as recorded and derived, for what is written into the ledger anyway.

        Raises BadInput for one nobody knows, and for a day of the calendar where days are counted.
        """
        try:
            view = look_up(
                self.database, reference, now=self.now, derive=self.derive, as_of=as_of, known_at=known_at
            )
        except UnknownPatient:
            raise self.unknown(reference) from None
        except MergedAway as away:
            raise self.merged(reference, away) from None
        except NotKnownYet:
            raise BadInput(f"nothing was recorded about {reference} by {known_at}") from None
        if view.day_zero and as_of is not None:
            told = f"the days of {reference} are counted from day zero, {view.day_zero}"
            raise BadInput(f"{told}: leave --as-of out, the answer is for the day of the last entry")
        return view

    def head(self, reference: str) -> Head:
        """The patient with this reference. Raises BadInput for one nobody knows."""
        with self.database.reading() as connection:
            head = find(connection, reference)
        if head is None:
            raise self.unknown(reference)
        return head

    def merged(self, reference: str, away: MergedAway) -> BadInput:
        """What to say of a record that is part of another one."""
        with self.database.reading() as connection:
            (into,) = named(connection, [away.patient_id]).values()
        return BadInput(f"{reference} was merged into {into}: look and record there")

    def unknown(self, reference: str) -> BadInput:
        """What to say of a reference that nobody has."""
        told = f"there is no patient {reference!r}{self._closest(reference)}"
        return BadInput(f"{told}; `carepath list --search TEXT` finds references")

    def _closest(self, reference: str) -> str:
        """The words '; did you mean ...?' for the same reference in other case, else for the nearest one."""
        with self.database.reading() as connection:
            known = references(connection)
        wanted = reference.strip().casefold()
        same = [one for one in known if one.casefold() == wanted]
        return closest(reference.strip(), same or known)


@contextlib.contextmanager
def workplace(url: str | None = None, *, sealing: bool = True, begins: bool = False) -> Iterator[Workplace]:
    """The workplace of this user, with the database the environment names, or `url`.

    Where there is none, one is made only for a command that `begins` with patients; another would take the
    new one for that of the site. Raises Unavailable. What was recorded is sealed at the end; where that
    fails, the next command does it.
    """
    settings = CarepathSettings.read()
    open_ = open_database if begins else open_existing
    try:
        database = open_(database_url(url), settings.site_keys())
    except NoDatabase as error:
        raise Unavailable(_nothing_yet(error, named=bool(settings.database_url))) from None
    try:
        here = Workplace(database, clock.now(), shipped(database), settings.recorder_name())
        here.warn_of_a_clock_set_back()
        yield here
        if sealing:
            with contextlib.suppress(StoreError):
                seal_all(database, clock.now())
    finally:
        database.close()


def _nothing_yet(error: NoDatabase, *, named: bool) -> str:
    """How to go on where there is no database."""
    begins = (
        "`carepath import FILE` or `carepath record PATIENT TYPE --new` begins a new one,"
        " `carepath database new` an empty one"
    )
    if named:
        return (
            f"{error}\nCAREPATH_DATABASE_URL names it: look for a typing error, or a disk that is not there."
            f"\nIf there is nothing yet, {begins}."
        )
    return (
        f"nothing is recorded here yet: {error}\n{begins}; `carepath demo` shows an example."
        "\nCAREPATH_DATABASE_URL names a database in another place."
    )


def database_url(url: str | None = None) -> str:
    """The database to work with: `url`, the one the environment names, or the embedded one of this user.

    Raises Unavailable for one that would keep nothing.
    """
    named = url or CarepathSettings.read().database_url or _embedded()
    if forgets(named):
        raise Unavailable("a database in memory would forget everything; name a file: sqlite:////folder/x.db")
    return named


def _embedded() -> str:
    try:
        return embedded_url(data_folder())
    except OSError as error:
        told = f"{data_folder()} cannot be made ({error.strerror}): set CAREPATH_DATABASE_URL"
        raise Unavailable(told) from None
