"""The desk under load: one server process, many patients, many people at once.

The program itself serves (`carepath serve`). First one person asks for the tracking list, a patient and a
record, in turns with the parts of each: what is asked of the database, what is worked out, what is written
as a page. No part: the sign-in, the access log (which waits for the disk), the way there and back, and how
entries are named in words. Then 50 people work side by side, who pause between pages, while the memory of the
server is looked at: what it holds in the last quarter is compared with the second, where it runs for five
minutes at least. `--full` takes 100,000 patients and ten minutes.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1]))

from starlette.testclient import TestClient

from bench.desk_register import list_parts, register
from bench.measure import heading
from interop.beside import Beside
from interop.companions import companions
from interop.side_by_side import SideBySide
from store import clock, identities
from store.database import Database, open_database
from store.library import shipped
from store.patient_view import PatientView, look_up
from store.record import record
from store.recording import Entry, Recording
from store.reviews import sign_offs
from web import visit
from web.app import application
from web.pages import patient
from web.place import Place

PEOPLE, TARGET, ROUNDS = 50, 1.5, 60
PAUSE = (5.0, 15.0)
"""Seconds between two pages of one person."""
LOOKED, LONG, GROWS = 10.0, 7, 1.05
"""Seconds between two looks at the memory; how many make a quarter; how much more it may be at the end."""
VISIT = "follow_up_visit"
HIDDEN = re.compile(r'name="(form_key|sequence|once|type|rows)" value="([^"]*)"')

Times = dict[str, list[float]]


class Person:
    """Somebody at a browser, signed in; every answer is read to its end."""

    def __init__(self, port: int, secret: str, mine: range) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = {"Cookie": f"carepath={secret}"}
        self.mine = mine

    def get(self, path: str) -> str:
        return self._answer("GET", path, None, 200)

    def list(self) -> None:
        self.get("/?owner=me")

    def patient(self, number: int) -> None:
        self.get(f"/patients/{number}")

    def form(self, number: int) -> dict[str, str]:
        """A visit as it is about to be saved."""
        page = self.get(f"/patients/{number}/record?type={VISIT}")
        return {**dict(HIDDEN.findall(page)), "v.date": str(clock.now().date()), "do": "save"}

    def save(self, number: int, form: dict[str, str]) -> None:
        self._answer("POST", f"/patients/{number}/record", urlencode(form), 303)

    def _answer(self, method: str, path: str, body: str | None, expected: int) -> str:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        self.line.request(method, path, body, {**self.cookie, **kind})
        answer = self.line.getresponse()
        read = answer.read().decode()
        self.line.close()  # who pauses so long has no line any more
        assert answer.status == expected, (method, path.split("?")[0], answer.status)
        return read


def timed(
    taken: Times,
    name: str,
    work: Callable[..., Any],
    *given: Any,
    of: Callable[[], float] = time.perf_counter,
) -> Any:
    """Do it, and keep how long it took by a clock."""
    started = of()
    done = work(*given)
    taken[name].append(of() - started)
    return done


def tell(name: str, seconds: list[float], spent: list[float] | None = None) -> None:
    """Print p50 and p99, and the p50 of the processor's time."""
    middle, last = median(seconds), quantiles(seconds, n=100, method="inclusive")[-1]
    more = f"processor {median(spent) * 1000:7.1f} ms" if spent else f"{len(seconds)} times"
    print(f"  {name:<34} p50 {middle * 1000:7.1f} ms   p99 {last * 1000:7.1f} ms   {more}", flush=True)


@contextmanager
def serving(url: str) -> Iterator[tuple[int, int]]:
    """The program at this database: its port and its process."""
    command = [str(Path(sys.executable).with_name("carepath")), "serve", "--port", "0", "--no-worker"]
    environment = {**os.environ, "CAREPATH_DATABASE_URL": url}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            told = next(line for line in process.stdout if "carepath is at" in line)
            yield int(told.rstrip("/\n").rpartition(":")[2]), process.pid
        finally:
            process.terminate()


def written(place: Place, secret: str, path: str, where: Any) -> Callable[[], Any]:
    """Fills the templates of a page again, with what they were filled with when it was asked for."""
    calls: list[tuple[Any, ...]] = []
    fill = where.rendered

    def keep(*given: Any) -> Any:
        calls.append(given)
        return fill(*given)

    client = TestClient(application(place))
    client.cookies.set("carepath", secret)
    with patch.object(visit, "rendered", keep), patch.object(patient, "rendered", keep):
        assert client.get(path).status_code == 200
    return lambda: [fill(*given) for given in calls]


def alone(database: Database, port: int, process: int, secret: str, mine: range) -> bool:
    """One person; every page beside its parts, by the clock and by the processor's time, which others on the
    machine slow down less.
    """
    place = Place(database, shipped(database), clock.now, secure=False)
    person = Person(port, secret, mine)
    chance = random.Random(1)
    taken: Times = defaultdict(list)
    spent: Times = defaultdict(list)

    def here(name: str, work: Callable[..., Any], *given: Any) -> Any:
        return timed(taken, name, partial(timed, spent, name, work, of=time.process_time), *given)

    def there(name: str, work: Callable[..., Any], *given: Any) -> Any:
        return timed(taken, name, partial(timed, spent, name, work, of=partial(spent_by, process)), *given)

    lists = list_parts(database, place, ("p00",), clock.now())
    words = written(place, secret, "/?owner=me", visit)
    page = written(place, secret, f"/patients/{mine[0]}", visit)
    for turn in range(ROUNDS + 1):
        number = chance.choice(mine)
        if turn == 1:
            taken.clear()  # the first round warms up
            spent.clear()
        for name, work in lists.items():
            here(name, work)
        here("list written", words)
        there("tracking list", person.list)
        view = here("patient derived", derived, database, place, number)
        here("what is told beside it derived", derived_beside, database, view)
        here("patient written", page)
        there("patient page", person.patient, number)
        here("visit recorded", recorded, database, place, number)
        form = person.form(number)
        there("record saved", person.save, number, form)
    parts = {
        "tracking list": [*lists, "list written"],
        "patient page": ["patient derived", "what is told beside it derived", "patient written"],
        "record saved": ["visit recorded"],
    }
    print("one person")
    well = True
    for name, some in parts.items():
        for one in (*some, name):
            tell(one, taken[one], spent[one])
        clocked, worked = (times_its_parts(kind, name, some) for kind in (taken, spent))
        well &= clocked <= TARGET
        print(f"  {name}: {clocked:.2f} times its parts, {worked:.2f} by the processor's time", flush=True)
    return well


def times_its_parts(taken: Times, name: str, parts: Iterable[str]) -> float:
    """By their p50."""
    return median(taken[name]) / sum(median(taken[part]) for part in parts)


def spent_by(process: int) -> float:
    """Seconds for which a process was worked on (Linux: the clock of another's processor time)."""
    return time.clock_gettime((~process << 3) | 2)


def derived(database: Database, place: Place, number: int) -> PatientView:
    """The record, and where the patient stands by it."""
    return look_up(database, f"{identities.NUMBERED}{number}", now=clock.now(), derive=place.derive)


def derived_beside(database: Database, view: PatientView) -> None:
    """What sources say at the steps, the definitions side by side, since when on which companion."""
    Beside.of(view, sign_offs(database))
    SideBySide.of(view)
    companions(view)


def recorded(database: Database, place: Place, number: int) -> None:
    entry = Entry({"type": VISIT, "date": str(clock.now().date())})
    said = Recording(f"{identities.NUMBERED}{number}", (entry,), source="bench")
    record(database, said, recorder="p00", now=clock.now(), derive=place.derive)


def work(person: Person, taken: Times, until: float, chance: random.Random) -> None:
    """What somebody does of a morning: mostly patients, now and then the list, and something to record."""
    time.sleep(chance.uniform(0, PAUSE[1]))
    while time.monotonic() < until:
        number, what = chance.choice(person.mine), chance.random()
        if what < 0.3:
            timed(taken, "tracking list", person.list)
        elif what < 0.85:
            timed(taken, "patient page", person.patient, number)
        else:
            form = timed(taken, "form opened", person.form, number)
            timed(taken, "record saved", person.save, number, form)
        time.sleep(chance.uniform(*PAUSE))


def together(
    port: int, secrets: list[str], shares: list[range], minutes: float, held: Callable[[], int]
) -> tuple[bool, list[int]]:
    """Everybody at once; who is refused anything ends the run. Answers what memory was `held` meanwhile."""
    taken: Times = defaultdict(list)
    troubled: list[BaseException] = []
    until = time.monotonic() + 60 * minutes

    def at_work(place: int) -> None:
        try:
            work(Person(port, secrets[place], shares[place]), taken, until, random.Random(place))
        except BaseException as error:
            troubled.append(error)

    threads = [threading.Thread(target=at_work, args=(place,)) for place in range(len(secrets))]
    for thread in threads:
        thread.start()
    found = []
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, LOOKED))
        found.append(held())
    for thread in threads:
        thread.join()
    print(f"{len(secrets)} people, {minutes:g} minutes, {PAUSE[0]:g} to {PAUSE[1]:g} s between pages")
    for name, seconds in sorted(taken.items()):
        tell(name, seconds)
    for error in troubled:
        print(f"  TROUBLE: {error!r}")
    return not troubled, found


def memory(process: int) -> int:
    """Megabytes that a process holds (Linux)."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) // 1024


def stays(found: list[int]) -> bool:
    """Tell what was held, minute by minute; whether it grew no more after a quarter of the time."""
    every = round(60 / LOOKED)
    print(f"  memory of the server, each minute: {', '.join(map(str, found[::every]))}, {found[-1]} MB")
    quarter = len(found) // 4
    if quarter < LONG:
        return True
    before, after = median(found[quarter : 2 * quarter]), median(found[-quarter:])
    print(f"  {after / before:.3f} times as much in the last quarter as in the second; target {GROWS:g}")
    return after <= GROWS * before


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--patients", type=int)
    parser.add_argument("--minutes", type=float)
    said = parser.parse_args()
    patients = said.patients or (100_000 if said.full else 3_000)
    minutes = said.minutes or (10.0 if said.full else 0.5)
    heading(f"The desk under load: {patients} patients, {PEOPLE} people")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/carepath.db"
        database = open_database(url)
        started = time.monotonic()
        now = datetime.now(UTC) - timedelta(minutes=1)
        secrets, shares = register(database, patients, [f"p{n:02d}" for n in range(PEOPLE)], now)
        print(f"filled in {time.monotonic() - started:.0f} s", flush=True)
        with serving(url) as (port, process):
            well = alone(database, port, process, secrets[0], shares[0])
            served, found = together(port, secrets, shares, minutes, lambda: memory(process))
            well &= stays(found) and served
        database.close()
    told = f"pages within {TARGET} times their parts, nobody refused, memory flat"
    print(f"{told}: {'met' if well else 'MISSED'}")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
