"""`carepath worker`: reminders go out for as long as it runs."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import complain
from cli.processors import processors
from cli.settings import CarepathSettings
from cli.site_channels import site_channels
from cli.status import BadInput, Status
from cli.workplace import workplace

if TYPE_CHECKING:
    from notifications.worker import Worker
    from store.database import Database
    from store.derivation import Derivation

INTERRUPTED = "what was in hand goes to the next worker once its time has run out, after five minutes"


def worker(
    once: Annotated[
        bool, typer.Option("--once", help="Do what is to be done now, and end; for a timetable of your own.")
    ] = False,
    name: Annotated[
        str, typer.Option(metavar="NAME", help="How it is called. Default: the machine and its process.")
    ] = "",
) -> Status:
    """Send reminders: look every minute what has come up, and tell whoever is in charge.

    It runs until it is stopped; what it has in hand is finished first. There may be any number of them.
    """
    from notifications.clock import SharedClock

    name = _checked(name)
    with workplace(sealing=False) as here:
        clock, lines = SharedClock(here.database), 0

        def tell(line: str) -> None:
            nonlocal lines
            lines += 1
            print(f"{clock():%Y-%m-%d %H:%M:%S}  {line}", flush=True)

        made = new_worker(here.database, here.derive, clock, name, told=tell)
        if once:
            well = made.once()
            if not lines:
                print("Nothing was to be done.")
            return Status.OK if well else Status.FOUND
        stop = _stop_signal()
        print(f"The worker {made.name} looks every minute what has come up. Ctrl-C stops it.", flush=True)
        made.run(stop)
        print(f"The worker {made.name} has stopped; nothing is left in hand.")
    return Status.OK


def new_worker(
    database: Database,
    derive: Derivation,
    clock: Callable[[], datetime],
    name: str,
    told: Callable[[str], None] = lambda _: None,
) -> Worker:
    """A worker as the environment's settings want it. Raises BadInput for settings that cannot be."""
    from notifications.ping import ping
    from notifications.worker import Worker

    settings = CarepathSettings.read()
    url = settings.ping_url
    return Worker(
        database,
        derive,
        site_channels(),
        name,
        clock,
        told=told,
        jobs=processors(),
        ping=partial(ping, url.get_secret_value()) if url else None,
        keep_tries=settings.kept_tries(),
        templates=settings.site_templates(),
    )


def usual_name() -> str:
    """The machine and its process."""
    return f"{socket.gethostname()}-{os.getpid()}"


def _checked(said: str) -> str:
    name = said.strip() or usual_name()
    if not name.isprintable() or len(name) > _longest:
        raise BadInput(f"--name must be readable text of at most {_longest} characters")
    return name


_longest = 60


def _stop_signal() -> threading.Event:
    """Set once somebody asks this process to end; who asks again ends it at once."""
    stop = threading.Event()

    def asked(*_: object) -> None:
        if stop.is_set():
            complain(f"carepath: ended at once; {INTERRUPTED}")
            os._exit(Status.INTERRUPTED)
        complain("carepath: stopping, as soon as what is in hand is finished; once more ends it at once")
        stop.set()

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, asked)
    return stop
