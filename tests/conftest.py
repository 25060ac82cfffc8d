"""How every test run is set up: how many generated examples, and the coverage floor of each room."""

import pytest
from hypothesis import HealthCheck, settings

from tests import coverage_floors

settings.register_profile("ci", derandomize=True, max_examples=25, deadline=None)
for name, examples in (("soak", 1_000), ("night", 5_000)):  # `dev.py soak --hypothesis-profile=night`
    settings.register_profile(
        name,
        max_examples=examples,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile("ci")  # `--hypothesis-profile=soak` replaces it


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--floors", action="store_true", help="fail if the branch coverage of a room is too low")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Runs before pytest sums up, so that a room below its floor is counted among the failures."""
    config = session.config
    if not config.getoption("--floors") or hasattr(config, "workerinput") or exitstatus != pytest.ExitCode.OK:
        return
    terminal = config.pluginmanager.getplugin("terminalreporter")
    for failure in coverage_floors.failures(config.rootpath):
        terminal.stats.setdefault("failed", []).append(failure)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
