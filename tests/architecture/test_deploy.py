"""What stands in deploy/ starts commands that there are, with variables that are read."""

from __future__ import annotations

import re

import yaml

from cli.commands import COMMANDS
from cli.settings import CarepathSettings
from tests.architecture.repository import ROOT

DEPLOY = ROOT / "deploy"
VARIABLES = {f"CAREPATH_{name.upper()}" for name in CarepathSettings.model_fields}


def test_the_services_of_the_compose_file_are_commands() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    commands = [one["command"][0] for one in services.values() if one["image"] == "carepath"]
    assert commands == ["database", "worker"]
    assert set(commands) <= set(COMMANDS)
    named = {name for one in services.values() for name in one["environment"] if "CAREPATH_" in name}
    assert named <= VARIABLES


def test_the_unit_starts_a_worker_and_lets_it_finish() -> None:
    unit = (DEPLOY / "carepath-worker@.service").read_text(encoding="utf-8")
    assert re.search(r"^ExecStart=\S+/carepath worker --name %H-%i$", unit, re.MULTILINE)
    assert re.search(r"^TimeoutStopSec=120$", unit, re.MULTILINE)
    assert set(re.findall(r"CAREPATH_[A-Z_]+", unit)) <= VARIABLES


def test_the_environment_of_workers_names_variables_that_are_read() -> None:
    lines = (DEPLOY / "environment").read_text(encoding="utf-8").splitlines()
    named = set(re.findall(r"^(?:# )?(CAREPATH_[A-Z_]+)=", "\n".join(lines), re.MULTILINE))
    assert {"CAREPATH_DATABASE_URL", "CAREPATH_KEY_FILE", "CAREPATH_CHANNELS"} <= named <= VARIABLES
    assert [line for line in lines if not line.startswith("#") and line] == [lines[3]], "one holds as it is"
