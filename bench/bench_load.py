"""The desk under load: one server process, many patients, many people at once.

The program itself serves (`carepath serve`). First one person asks for the tracking list, a patient and a
record, in turns with the parts of each: what is asked of the database, what is worked out, what is written
as a page. Then 50 people work side by side, who pause between pages. At the end the memory of the server.
`--full` takes 100,000 patients and ten minutes.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1]))

from starlette.testclient import TestClient

from bench.desk_register import list_parts, register
from bench.measure import heading
from store import clock, identities
from store.database import Database, open_database
from store.library import shipped
from store.patient_view import look_up
from store.record import record
from store.recording import Entry, Recording
from web import visit
from web.app import application
from web.pages import patient
from web.place import Place

PEOPLE, TARGET, ROUNDS = 50, 1.5, 60
PAUSE = (5.0, 15.0)
"""Seconds between two pages of one person."""
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


def timed(taken: Times, name: str, work: Callable[..., Any], *given: Any) -> Any:
    started = time.perf_counter()
    done = work(*given)
    taken[name].append(time.perf_counter() - started)
    return done


def tell(name: str, seconds: list[float]) -> float:
    """Print p50 and p99; answers the p50."""
    middle, last = median(seconds), quantiles(seconds, n=100, method="inclusive")[-1]
    counted = f"{len(seconds)} times"
    print(f"  {name:<42} p50 {middle * 1000:7.1f} ms   p99 {last * 1000:7.1f} ms   {counted}", flush=True)
    return middle


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


def alone(database: Database, port: int, secret: str, mine: range) -> bool:
    """One person; every page beside its parts."""
    place = Place(database, shipped(database), clock.now, secure=False)
    person = Person(port, secret, mine)
    chance = random.Random(1)
    taken: Times = defaultdict(list)
    lists = list_parts(database, place, ("p00",), clock.now())
    words = written(place, secret, "/?owner=me", visit)
    page = written(place, secret, f"/patients/{mine[0]}", visit)
    for turn in range(ROUNDS):
        number = chance.choice(mine)
        if turn == 1:
            taken.clear()  # the first round warms up
        for name, work in lists.items():
            timed(taken, name, work)
        timed(taken, "list written", words)
        timed(taken, "tracking list", person.list)
        timed(taken, "patient derived", derived, database, place, number)
        timed(taken, "patient written", page)
        timed(taken, "patient page", person.patient, number)
        timed(taken, "visit recorded", recorded, database, place, number)
        form = person.form(number)
        timed(taken, "record saved", person.save, number, form)
    parts = {
        "tracking list": [*lists, "list written"],
        "patient page": ["patient derived", "patient written"],
        "record saved": ["visit recorded"],
    }
    print("one person")
    well = True
    for name, some in parts.items():
        of_parts = sum(tell(part, taken[part]) for part in some)
        whole = tell(name, taken[name])
        well &= whole <= TARGET * of_parts
        print(f"  {name}: {whole / of_parts:.2f} times its parts", flush=True)
    return well


def derived(database: Database, place: Place, number: int) -> None:
    look_up(database, f"{identities.NUMBERED}{number}", now=clock.now(), derive=place.derive)


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


def together(port: int, secrets: list[str], shares: list[range], minutes: float) -> bool:
    """Everybody at once; whoever is refused anything ends the run."""
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
    for thread in threads:
        thread.join()
    print(f"{len(secrets)} people, {minutes:g} minutes, {PAUSE[0]:g} to {PAUSE[1]:g} s between pages")
    for name, seconds in sorted(taken.items()):
        tell(name, seconds)
    for error in troubled:
        print(f"  TROUBLE: {error!r}")
    return not troubled


def memory(process: int) -> int:
    """Megabytes that a process holds (Linux)."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) // 1024


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
            well = alone(database, port, secrets[0], shares[0])
            before = memory(process)
            well &= together(port, secrets, shares, minutes)
            print(f"memory of the server: {before} MB before, {memory(process)} MB after")
        database.close()
    print(f"pages within {TARGET} times their parts, nobody refused: {'met' if well else 'MISSED'}")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
