"""Pages of the desk beside their parts, one user: what is asked of the database, what is worked out, words.

The register is simulated; every patient is somebody's, 300 of them anna's. The parts of a page are run by
themselves, then the whole page through the application, in turns in one run; p50 of each is told, and how
much more the page takes. `--patients N` takes other numbers than 3,000.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from starlette.testclient import TestClient

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.desk_register import list_parts, register
from bench.measure import heading
from store.database import open_database
from store.keys import new_keys
from store.library import shipped
from store.patient_view import look_up
from web.app import application
from web.place import Place

TARGET, ROUNDS, MINE = 1.5, 40, 300
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def told(name: str, seconds: list[float]) -> float:
    """Print p50 and p99; answers the p50."""
    middle, last = median(seconds), quantiles(seconds, n=100)[-1]
    print(f"  {name:<42} p50 {middle * 1000:7.1f} ms   p99 {last * 1000:7.1f} ms", flush=True)
    return middle


def in_turns(parts: dict[str, Callable[[], Any]], whole: Callable[[], Any]) -> dict[str, list[float]]:
    """Seconds of each part and of the page, taken in turns; the first round warms up."""
    taken: dict[str, list[float]] = {name: [] for name in (*parts, "page")}
    for turn in range(ROUNDS + 1):
        for name, work in (*parts.items(), ("page", whole)):
            started = time.perf_counter()
            work()
            if turn:
                taken[name].append(time.perf_counter() - started)
    return taken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=3_000)
    patients = parser.parse_args().patients
    heading(f"Pages of the desk, {patients} patients, {ROUNDS} rounds")
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/carepath.db", new_keys())
        (secret, _), _ = register(database, patients, ("anna", "ben"), NOW, MINE)
        place = Place(database, shipped(database), lambda: NOW, secure=False)
        client = TestClient(application(place))
        client.cookies.set("carepath", secret)

        def asks(path: str) -> Callable[[], None]:
            def ask() -> None:
                assert client.get(path).status_code == 200, path

            return ask

        def derived() -> None:
            look_up(database, "#1", now=NOW, derive=place.derive)

        well = True
        for name, path, parts in (
            ("tracking list, my 300", "/?owner=me", list_parts(database, place, ("anna",), NOW)),
            ("tracking list, everybody", "/?owner=", list_parts(database, place, None, NOW)),
            ("patient page", "/patients/1", {"one patient derived": derived}),
        ):
            print(name)
            taken = in_turns(parts, asks(path))
            of_parts = sum(told(part, taken[part]) for part in parts)
            page = told("the whole page", taken["page"])
            print(f"  {page / of_parts:.2f} times these parts; the rest is words, sign-in and access log")
            well &= name == "patient page" or page <= TARGET * of_parts
        database.close()
    print(f"lists within {TARGET} times their parts: {'met' if well else 'MISSED'}")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
