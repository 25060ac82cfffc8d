#!/usr/bin/env python3
"""Sets carepath up in .venv and runs its commands. Needs Python 3.11 with venv, and nothing else."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

USAGE = """\
usage: python3 dev.py COMMAND [ARGUMENTS]

  serve          set up what carepath needs to run, then open the desk with 300 made-up patients
  demo           the same patients in the terminal
  carepath ...   run any carepath command, for example: python3 dev.py carepath replay FILE
  test           every check: style, types, layers, tests with branch coverage
  test ...       only pytest, with these arguments, for example: python3 dev.py test tests/engine -x
  soak           what takes long: all on PostgreSQL, more generated tests, fuzzing, mutation, load
  docs           write anew what is written by program in docs/
  golden         keep the answers of today, if the changelog says that answers changed
  bench          the programs in bench/, one after the other
  lint           the checks of `test` that run no test
  format         put the source into shape
  lock           write the two lock files anew (needs uv)
"""

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "carepath-setup.txt"
RUNTIME = ROOT / "requirements.lock"
DEVELOPMENT = ROOT / "requirements-dev.lock"  # holds everything RUNTIME holds

PROCESSES = (os.cpu_count() or 1) + 1  # one more than processors: tests wait for disks, servers and processes
SHARED = ("-p", "tests.forked", f"--processes={PROCESSES}")
ROOM = 4 << 30  # bytes that temporary files of tests may take
CHECKS = (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], ["lint-imports", "--no-logo"])


def main(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if command in ("help", "-h", "--help"):
        print(USAGE, end="")
        return 0
    if command not in COMMANDS:
        print(f"dev.py: there is no command {command!r}\n\n{USAGE}", end="", file=sys.stderr)
        return 2
    if sys.version_info < (3, 11):
        sys.exit(f"dev.py: carepath needs Python 3.11 or newer; this is {sys.version.split()[0]}")
    return COMMANDS[command](rest)


def serve(arguments: list[str]) -> int:
    return carepath(["serve", "--demo", *arguments])


def demo(arguments: list[str]) -> int:
    return carepath(["demo", *arguments])


def carepath(arguments: list[str]) -> int:
    set_up(RUNTIME)
    program = [str(BIN / "carepath"), *arguments]
    if os.name != "nt":
        os.execve(program[0], program, clean_environment())
    return subprocess.call(program, env=clean_environment())


def test(arguments: list[str]) -> int:
    if arguments:
        return tool("pytest", *arguments)
    return side_by_side(lint, ["pytest", "-p", "tests.measured", *SHARED])


def soak(arguments: list[str]) -> int:
    """Everything that takes long, one after the other, also after a failure; at the end what passed."""
    generated = ["pytest", *SHARED, "--hypothesis-profile=soak", "-m", "soak or hypothesis", *arguments]
    parts = {
        "everything that uses a database, on PostgreSQL": ["pytest", *SHARED, "--database=postgresql"],
        "generated tests and fuzzing": generated,
        "mutation testing": ["python", "-m", "tests.mutation.run"],
        "the desk under load, and its memory": ["python", str(ROOT / "bench/bench_load.py"), "--full"],
    }
    statuses = {name: in_turn(command) for name, command in parts.items()}
    for name, status in statuses.items():
        print(f"{'failed' if status else 'passed'}: {name}")
    return max(statuses.values())


def docs(_: list[str]) -> int:
    return tool("python", "-m", "cli.documents")


def golden(_: list[str]) -> int:
    return tool("python", "-m", "tests.golden.renew")


def bench(arguments: list[str]) -> int:
    return in_turn(
        *(["python", str(program), *arguments] for program in sorted(ROOT.glob("bench/bench_*.py")))
    )


def lint(_: list[str]) -> int:
    return in_turn(*CHECKS)


def format_(_: list[str]) -> int:
    return in_turn(["ruff", "check", "--fix-only", "--quiet"], ["ruff", "format"])


def side_by_side(command: Callable[[list[str]], int], program: Sequence[str]) -> int:
    """Run one of these commands beside a program, which is ended where the command fails.

    What the command prints is shown once it is done, so that the program's last words stand at the end.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
    installing = browser()
    set_up(DEVELOPMENT)
    if installing and installing.wait():
        print("dev.py: chromium could not be installed: tests in a browser will tell", file=sys.stderr)
    this = [sys.executable, str(ROOT / "dev.py"), command.__name__]
    with subprocess.Popen(this, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as beside:
        environment = {**in_memory(), **clean_environment()}
        ran = subprocess.Popen([str(BIN / program[0]), *program[1:]], cwd=ROOT, env=environment)
        try:
            told, _ = beside.communicate()
            print(f"\n{told.decode(errors='replace')}", end="", flush=True)
            return beside.returncode or ran.wait()
        finally:
            if ran.poll() is None:
                ran.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)  # it ends its servers
                ran.wait()


def in_memory() -> dict[str, str]:
    """Temporary files go to a disk in memory where one has room: tests make thousands of databases."""
    disk = Path("/dev/shm")
    room = shutil.disk_usage(disk).free if os.access(disk, os.W_OK) else 0
    return {"TMPDIR": str(disk)} if room >= ROOM else {}


def browser() -> subprocess.Popen[bytes] | None:
    """Begin to install Chromium for the tests that need a browser, where it is missing and can be had so."""
    if shutil.which("chromium") or not shutil.which("apt-get") or os.geteuid() != 0:
        return None
    print("dev.py: installing chromium for the tests that need a browser ...", file=sys.stderr)
    environment = {**clean_environment(), "DEBIAN_FRONTEND": "noninteractive"}
    words = "apt-get -qq update && apt-get -qq install --yes --no-install-recommends chromium"
    return subprocess.Popen(
        ["sh", "-c", words], env=environment, stdout=subprocess.DEVNULL, stderr=sys.stderr
    )


def in_turn(*commands: Sequence[str]) -> int:
    """Run one after the other; stop at the first that fails and return its exit status."""
    for command in commands:
        print(f"-- {' '.join(command)}", flush=True)
        if status := tool(*command):
            return status
    return 0


def tool(program: str, *arguments: str) -> int:
    set_up(DEVELOPMENT)
    return subprocess.call([str(BIN / program), *arguments], cwd=ROOT, env=clean_environment())


def lock(options: list[str]) -> int:
    """Resolve anew; a pin stays as it is unless it no longer fits, or `--upgrade` is given."""
    if not (uv := shutil.which("uv")):
        sys.exit("dev.py: `lock` needs uv on the PATH (https://docs.astral.sh/uv/)")
    compile_ = [uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--only-binary", ":all:"]
    compile_ += ["--no-header", "--no-emit-index-url", *options, "pyproject.toml"]
    for wanted in (
        ["--group", "build", "--output-file", RUNTIME.name],
        ["--group", "dev", "--constraints", RUNTIME.name, "--output-file", DEVELOPMENT.name],
    ):
        if status := subprocess.call([*compile_, *wanted], cwd=ROOT):
            return status
    return 0


def set_up(lock_file: Path) -> None:
    """Make .venv hold what the lock names and the project itself; nothing is done if it does already."""
    if already_holds(lock_file):
        return
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        sys.exit("dev.py: this Python has no venv module; on Debian or Ubuntu: apt install python3-venv")
    with alone():
        if already_holds(lock_file):  # somebody else did it while we waited
            return
        print(
            f"dev.py: setting up .venv from {lock_file.name} (once, well under a minute) ...", file=sys.stderr
        )
        if not belongs_here():
            step([sys.executable, "-m", "venv", "--clear", str(VENV)])
        if STAMP.exists():
            STAMP.unlink()  # from here to the end the folder is in no known state
        install_locked(lock_file)
        project = ["install", "-qq", "--no-build-isolation", "--no-deps", "--editable", str(ROOT)]
        step([str(PYTHON), "-m", "pip", *project])
        STAMP.write_text("\n".join(stamp(lock_file)) + "\n", encoding="utf-8")


def already_holds(lock_file: Path) -> bool:
    return belongs_here() and STAMP.exists() and stamp(lock_file)[-1] in STAMP.read_text(encoding="utf-8")


def belongs_here() -> bool:
    """A .venv that was copied from another folder, or whose Python is gone, is made anew."""
    activate = BIN / "activate"
    return PYTHON.exists() and activate.exists() and str(VENV) in activate.read_text(encoding="utf-8")


def stamp(lock_file: Path) -> list[str]:
    """One line for each lock that is satisfied once `lock_file` is installed, its own line last."""
    project = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    locks = [RUNTIME] if lock_file == RUNTIME else [RUNTIME, DEVELOPMENT]
    return [f"{hashlib.sha256(one.read_bytes()).hexdigest()} {project} {one.name}" for one in locks]


def install_locked(lock_file: Path) -> None:
    wanted = ["install", "-qq", "--require-hashes", "--only-binary", ":all:", "-r", str(lock_file)]
    if uv := shutil.which("uv"):
        if not run([uv, "pip", *wanted, "--python", str(PYTHON)]):
            return
        print("dev.py: uv could not install the lock; trying pip", file=sys.stderr)
    step([str(PYTHON), "-m", "pip", *wanted, "--no-compile"])  # most of it is never imported


def step(command: list[str]) -> None:
    if status := run(command):
        sys.exit(f"dev.py: set-up failed: exit status {status} from {' '.join(command)}")


def run(command: list[str]) -> int:
    environment = {**clean_environment(), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return subprocess.call(command, cwd=ROOT, env=environment, stdout=sys.stderr)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Wait until no other dev.py is setting up the same folder."""
    if os.name == "nt":
        yield
        return
    import fcntl

    descriptor = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def clean_environment() -> dict[str, str]:
    """The environment without what would let packages from outside .venv in.

    Nor with what keeps Python from keeping what it compiled: tests start hundreds of processes.
    """
    unwanted = {"PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"}
    return {name: value for name, value in os.environ.items() if name not in unwanted}


COMMANDS = {
    "serve": serve,
    "demo": demo,
    "carepath": carepath,
    "test": test,
    "soak": soak,
    "docs": docs,
    "golden": golden,
    "bench": bench,
    "lint": lint,
    "format": format_,
    "lock": lock,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
