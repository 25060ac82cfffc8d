"""What stands in deploy/ starts commands that there are, with variables that are read."""

from __future__ import annotations

import re
from inspect import signature

import yaml

from cli.commands import COMMANDS
from cli.serve import serve
from cli.settings import CarepathSettings
from tests.architecture.repository import ROOT
from web.door import LARGEST

DEPLOY = ROOT / "deploy"
VARIABLES = {f"CAREPATH_{name.upper()}" for name in CarepathSettings.model_fields}


def test_the_services_of_the_compose_file_are_commands() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    commands = [one["command"][0] for one in services.values() if one["image"] == "carepath"]
    assert commands == ["database", "worker", "serve"]
    assert set(commands) <= set(COMMANDS)
    named = {name for one in services.values() for name in one.get("environment", ()) if "CAREPATH_" in name}
    assert named <= VARIABLES


def test_the_unit_starts_a_worker_and_lets_it_finish() -> None:
    unit = (DEPLOY / "carepath-worker@.service").read_text(encoding="utf-8")
    assert re.search(r"^ExecStart=\S+/carepath worker --name %H-%i$", unit, re.MULTILINE)
    assert re.search(r"^TimeoutStopSec=120$", unit, re.MULTILINE)
    assert set(re.findall(r"CAREPATH_[A-Z_]+", unit)) <= VARIABLES


def test_the_desk_is_started_behind_https_and_sends_nothing_itself() -> None:
    unit = (DEPLOY / "carepath-desk.service").read_text(encoding="utf-8")
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    (started,) = re.findall(r"^ExecStart=\S+/carepath (.+)$", unit, re.MULTILINE)
    assert started.split() == services["desk"]["command"] == ["serve", "--https", "--no-worker"]
    assert set(re.findall(r"CAREPATH_[A-Z_]+", unit)) <= VARIABLES


def test_the_server_in_front_keeps_no_addresses_and_takes_what_the_desk_takes() -> None:
    conf = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert conf.count("server {") == conf.count("access_log off;") == 2
    assert f"client_max_body_size {LARGEST // 1024**2}m;" in conf
    assert f"proxy_pass http://127.0.0.1:{port_of_serve()};" in conf


def port_of_serve() -> int:
    return int(signature(serve).parameters["port"].default)


def test_the_environment_of_workers_names_variables_that_are_read() -> None:
    lines = (DEPLOY / "environment").read_text(encoding="utf-8").splitlines()
    named = set(re.findall(r"^(?:# )?(CAREPATH_[A-Z_]+)=", "\n".join(lines), re.MULTILINE))
    assert {"CAREPATH_DATABASE_URL", "CAREPATH_KEY_FILE", "CAREPATH_CHANNELS"} <= named <= VARIABLES
    assert [line for line in lines if not line.startswith("#") and line] == [lines[3]], "one holds as it is"
