"""dev.py is the first thing a newcomer runs: it needs nothing installed and says plainly what is wrong."""

import ast
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import dev
from tests.architecture.repository import ROOT, imported

DEV = ROOT / "dev.py"


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, DEV, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_needs_the_standard_library_only() -> None:
    assert {module.split(".")[0] for module in imported(DEV)} <= sys.stdlib_module_names


def test_an_old_python_can_read_it_and_be_told() -> None:
    ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_names_every_command_in_its_help(tmp_path: Path) -> None:
    shown = run("help", cwd=tmp_path)
    assert shown.returncode == 0
    assert [name for name in dev.COMMANDS if f"\n  {name} " not in shown.stdout] == []


def test_refuses_an_unknown_command() -> None:
    refused = run("tset")
    assert refused.returncode == 2
    assert refused.stderr.startswith("dev.py: there is no command 'tset'\n")


def test_says_so_when_python_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 2))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer"):
        dev.main(["demo"])


def test_says_what_to_install_when_venv_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dev, "STAMP", tmp_path / "absent")
    monkeypatch.setattr("importlib.util.find_spec", lambda module: None)
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        dev.set_up(dev.RUNTIME)


def test_a_changed_lock_is_installed_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dev, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(dev, "belongs_here", lambda: True)
    dev.STAMP.write_text("\n".join(dev.stamp(dev.DEVELOPMENT)), encoding="utf-8")
    assert dev.already_holds(dev.DEVELOPMENT)
    assert dev.already_holds(dev.RUNTIME)

    changed = tmp_path / "requirements.lock"
    changed.write_text("another==1.0", encoding="utf-8")
    monkeypatch.setattr(dev, "RUNTIME", changed)
    assert not dev.already_holds(changed)


def test_the_runtime_lock_is_not_enough_for_tests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dev, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(dev, "belongs_here", lambda: True)
    dev.STAMP.write_text("\n".join(dev.stamp(dev.RUNTIME)), encoding="utf-8")
    assert dev.already_holds(dev.RUNTIME)
    assert not dev.already_holds(dev.DEVELOPMENT)


@pytest.mark.parametrize(
    ("checked", "tested", "answer"),
    [(3, "import time; time.sleep(60)", 3), (0, "import sys; sys.exit(5)", 5)],
)
def test_tests_run_beside_the_checks_and_end_with_those_that_fail(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    checked: int,
    tested: str,
    answer: int,
) -> None:
    (tmp_path / "dev.py").write_text(
        f"import sys\nprint('told', *sys.argv[1:])\nsys.exit({checked})", encoding="utf-8"
    )
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "BIN", Path(sys.executable).parent)
    monkeypatch.setattr(dev, "set_up", lambda _: None)
    assert dev.side_by_side(dev.lint, [Path(sys.executable).name, "-c", tested]) == answer
    assert "told lint" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("there", "user", "installs"),
    [
        ({"chromium", "apt-get"}, 0, False),
        ({"apt-get"}, 0, True),
        ({"apt-get"}, 1000, False),
        (set(), 0, False),
    ],
)
def test_a_browser_is_installed_where_it_is_missing_and_can_be_had(
    monkeypatch: pytest.MonkeyPatch, there: set[str], user: int, installs: bool
) -> None:
    begun: list[list[str]] = []
    monkeypatch.setattr("shutil.which", lambda name: name if name in there else None)
    monkeypatch.setattr("os.geteuid", lambda: user, raising=False)
    monkeypatch.setattr("subprocess.Popen", lambda command, **_: begun.append(command))
    dev.browser()
    assert [command[-1].split()[-1] for command in begun] == ["chromium"] * installs


@pytest.mark.parametrize(("room", "environment"), [(dev.ROOM, {"TMPDIR": "/dev/shm"}), (dev.ROOM - 1, {})])
def test_temporary_files_are_kept_in_memory_where_there_is_room(
    monkeypatch: pytest.MonkeyPatch, room: int, environment: dict[str, str]
) -> None:
    monkeypatch.setattr("os.access", lambda *_: True)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=room))
    assert dev.in_memory() == environment


def test_where_there_is_no_disk_in_memory_temporary_files_stay_where_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    assert dev.in_memory() == {}
