"""`carepath serve`: the desk in a browser, on this machine or behind a server that speaks HTTPS."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import version
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated

import typer

from cli.settings import CarepathSettings, data_folder
from cli.status import BadInput, Status, Unavailable
from cli.worker import new_worker, usual_name
from cli.workplace import Workplace, workplace
from store import accounts, clock
from store.errors import StoreError
from store.seals import seal_all
from store.sqlite import embedded_url

if TYPE_CHECKING:
    from notifications.worker import Worker
    from web.elsewhere import Elsewhere
    from web.place import Place

SEALED_EVERY = timedelta(minutes=5)
OTHERS_FIRST = 0.2
"""Seconds between two seals: on SQLite who waits to write looks every tenth of a second whether it may."""


def serve(
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="0 takes a free one.")] = 8420,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen. Others reach it only with --https.")
    ] = "127.0.0.1",
    https: Annotated[
        bool, typer.Option("--https", help="A server in front speaks HTTPS with browsers: cookies say so.")
    ] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="300 made-up patients in a database of their own.")
    ] = False,
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Also send reminders, as `carepath worker` does.")
    ] = True,
) -> Status:
    """The tracking list and all else in a browser; it tells the address, and how to sign in."""
    _check_host(host, https)
    with _surroundings(demo) as here, _listening(host, port) as listening:
        from cli.web_house import house
        from web.place import Place

        place = Place(
            here.database,
            here.derive,
            clock.now,
            secure=https,
            demo=demo,
            setup_code=accounts.new_password(),
            version=version("carepath"),
            house=house(here),
            elsewhere=_elsewhere(),
        )
        here.bring_up_to_date()
        _tell(place, here, listening)
        _serve(place, listening, worker=worker)
    return Status.OK


@contextlib.contextmanager
def _surroundings(demo: bool) -> Iterator[Workplace]:
    """The database of this user; of the demonstration one beside it, made where there is none yet."""
    if not demo:
        with workplace() as here:
            yield here
        return
    from cli.demo import fill
    from cli.demo_names import give_names

    place = data_folder() / "demo"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    url = CarepathSettings.read().database_url
    with workplace(url or embedded_url(place), begins=True) as here:
        fill(here, place, own=url is None)
        give_names(here)
        yield here


def _elsewhere() -> Elsewhere | None:
    """Where people may sign in other than here. Raises Unavailable where CAREPATH_OIDC cannot be used."""
    if (file := CarepathSettings.read().oidc) is None:
        return None
    from notifications.site_file import NotConfigured
    from web import elsewhere_said
    from web.elsewhere import Elsewhere

    try:
        return Elsewhere(*elsewhere_said.read(file, os.environ))
    except NotConfigured as error:
        raise Unavailable(str(error)) from None


def _check_host(host: str, https: bool) -> None:
    """Raises BadInput for an address others reach without HTTPS: passwords would travel for all to read."""
    try:
        alone = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        raise BadInput(f"--host is an address such as 127.0.0.1 or 0.0.0.0, not {host!r}") from None
    if not alone and not https:
        told = "others could read names and passwords on their way"
        raise BadInput(f"--host {host}: {told}; put a server with HTTPS in front, and say --https")


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """The place where it listens. Raises Unavailable where somebody else does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as made:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((host, port))
        except OSError as error:
            told = f"cannot listen on {host}, port {port} ({error.strerror})"
            raise Unavailable(f"{told}; --port N takes another") from None
        made.listen(128)
        yield made


def _tell(place: Place, here: Workplace, listening: socket.socket) -> None:
    """Say the address, and how to sign in."""
    host, port = listening.getsockname()[:2]
    address = f"http://{host}:{port}/"
    with here.database.reading() as connection:
        known = accounts.all_accounts(connection)
    print(f"carepath is at {address}")
    if place.demo:
        from cli.demo_accounts import ACCOUNTS, give_passwords

        password = give_passwords(here)
        print(f"\nSign in with the password {password} as")
        for name, (roles, told) in ACCOUNTS.items():
            print(f"  {name:<8} {', '.join(roles):<28} {told}")
        print("\nAll patients are made up. The password is new at every start.")
    elif not known:
        print(f"\nNobody may sign in yet. The first to open it needs this code: {place.setup_code}")
    print("\nCtrl-C stops it.", flush=True)


def _serve(place: Place, listening: socket.socket, *, worker: bool) -> None:
    """Answer until somebody asks this process to end; reminders and seals go on beside it."""
    import uvicorn

    from web.app import application

    stop = threading.Event()
    beside = [threading.Thread(target=_seal, args=(place, stop), name="seals")]
    if worker:
        beside.append(threading.Thread(target=_worker(place).run, args=(stop,), name="worker"))
    for one in beside:
        one.start()
    config = uvicorn.Config(
        application(place),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=place.secure,
        timeout_graceful_shutdown=10,
    )
    try:
        with contextlib.suppress(KeyboardInterrupt):  # that is how it is told to end
            uvicorn.Server(config).run(sockets=[listening])
    finally:
        stop.set()
        for one in beside:
            one.join()


def _worker(place: Place) -> Worker:
    from notifications.clock import SharedClock

    return new_worker(place.database, place.derive, SharedClock(place.database), f"{usual_name()}-web")


def _seal(place: Place, stop: threading.Event) -> None:
    """Put what was recorded under a seal, time and again; at the end `workplace` does it once more."""
    while not stop.wait(SEALED_EVERY.total_seconds()):
        with contextlib.suppress(StoreError):
            seal_all(place.database, clock.now(), between=lambda: stop.wait(OTHERS_FIRST))
