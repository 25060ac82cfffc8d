"""What holds for every file: its size, and words that must not stand in it."""

import re

from tests.architecture.repository import name, python_files, texts

MOST_LINES = 400

# Written in two parts, so that this file does not mention them either.
HOSTS = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry.npm" + "js",
    "registry.yarn" + "pkg",
    "anaconda" + ".org",
)
ELSEWHERE = re.compile(r"\.\./" + r"shared\b|(?<![\w.-])/(?:work|root)" + "/")
UNFINISHED = re.compile("TO" + "DO|FIX" + "ME|XX" + "X|NotImplemented" + "Error")

UNREASONED = re.compile(r"# type: " + r"ignore(\[[^]]*\])?\s*$")
"""A line that the type checker is to pass over, without the reason."""


def test_no_source_file_is_too_long() -> None:
    sizes = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {path: size for path, size in sizes.items() if size > MOST_LINES} == {}


def test_no_file_names_a_package_index() -> None:
    assert [(path, host) for path, text in texts() for host in HOSTS if host in text] == []


def test_no_file_points_outside_the_repository() -> None:
    assert [(path, found.group()) for path, text in texts() if (found := ELSEWHERE.search(text))] == []


def test_what_the_types_do_not_tell_is_said_beside_it() -> None:
    lines = [(path, line) for path, text in texts() if path.endswith(".py") for line in text.splitlines()]
    assert [one for one in lines if not one[0].startswith("tests/") and UNREASONED.search(one[1])] == []


def test_no_source_file_is_left_unfinished() -> None:
    found = [(path, UNFINISHED.findall(text)) for path, text in texts() if path.endswith(".py")]
    assert [(path, words) for path, words in found if words] == []
