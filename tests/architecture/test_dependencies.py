"""What carepath installs: pinned, hashed, and under a licence that lets anybody use it."""

import re
from importlib import metadata

from tests.architecture.repository import ROOT

PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
ROW = re.compile(r"^\| ([a-z0-9-]+) \| ([^|]+) \|", re.MULTILINE)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall(read(lock)))


def test_every_requirement_is_pinned_and_hashed() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        blocks = re.split(r"\n(?=\S)", read(lock).strip())
        assert [block for block in blocks if not (PIN.match(block) and "--hash=sha256:" in block)] == []


def test_development_uses_the_versions_that_users_get() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_every_runtime_package_is_listed_with_its_licence() -> None:
    listed = dict(ROW.findall(read("docs/licences.md")))
    assert sorted(listed) == sorted(pins("requirements.lock"))


def test_no_runtime_package_has_a_network_copyleft_licence() -> None:
    stated = read("docs/licences.md").split("| Package |")[1] + "".join(
        map(declared, pins("requirements.lock"))
    )
    assert re.findall("AGPL|Affero|SSPL|Commons Clause", stated) == []


def declared(package: str) -> str:
    """What an installed package says of its licence; one for another operating system is not installed."""
    try:
        stated = metadata.metadata(package)
    except metadata.PackageNotFoundError:
        return ""
    fields = ("License-Expression", "License", "Classifier")
    return "\n".join(line for field in fields for line in stated.get_all(field) or ())
