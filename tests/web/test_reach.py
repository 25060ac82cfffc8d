"""Whoever is limited to teams finds nothing about the patients of others behind any address of the desk."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from typing import Any

import pytest

from coordination.entries import Assigned, Comment
from store import accounts
from tests.passwords import PASSWORD
from tests.web.conftest import Desk
from tests.web.programs import program
from tests.web.test_board import at_desk, board, listed
from web.api.app import operations
from web.app import pages

__all__ = ["board"]
pytestmark = pytest.mark.soak
ROLES = ("coordinator", "clinician", "chair", "auditor")
NAME = "Xaverine Quizzlemark"


@pytest.fixture
def other(board: Desk) -> int:
    """A patient of lena's, who is in no team, on the list of a board; anna and ben are a team."""
    said: dict[str, Any] = {"reference": "ZQREF-77123", "name": NAME, "birth_date": "1957-03-14"}
    numbers = {"hospital": "88-ZQ-5531"}
    made = program(board, "ben").send(
        "/patients",
        {**said, "numbers": numbers, "facts": {"sex": "female"}, "suspected_on": "2025-02-20"},
    )
    number: int = made.json()["number"]
    at_desk(board, Assigned(owner="lena"), Comment(text="zqcomment"), about=number)
    listed(board, number)
    with board.database.writing() as connection:
        accounts.add(connection, "lim", ROLES, PASSWORD, board.now, must_change=False, teams=["ward"])
    return number


def content(answer: Any) -> str:
    """What can be read in an answer, also in a workbook and a PDF."""
    kind = answer.headers.get("content-type", "")
    if "zip" in kind or "sheet" in kind:
        with zipfile.ZipFile(io.BytesIO(answer.content)) as whole:
            return " ".join(whole.read(name).decode("latin1") for name in whole.namelist())
    if "pdf" in kind:
        return " ".join(inflated(answer.content))
    return str(answer.text)


def inflated(whole: bytes) -> Iterator[str]:
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", whole, re.DOTALL):
        try:
            yield zlib.decompress(found[1]).decode("latin1")
        except zlib.error:
            continue


def leads_on(answer: Any) -> Iterator[str]:
    if answer.status_code == 200 and "html" in answer.headers.get("content-type", ""):
        for found in re.findall(r'(?:href|hx-get)="(/[^"#]*)', answer.text):
            if not found.startswith("/static"):
                yield found.replace("&amp;", "&")


def test_no_page_and_no_operation_tells_of_them(board: Desk, other: int) -> None:
    told = re.compile(
        rf"Xaverine|Quizzlemark|ZQREF|ZQ-5531|zqcomment|/patients/{other}\b(?!/?[^<]*name=.back)"
    )
    asking, programs = board.browser("lim"), program(board, "lim")
    first = [one.path.replace("{number}", str(other)) for one in pages() if one.method == "GET"]
    todo = deque(path for path in first if "{" not in path)
    seen: set[str] = set()
    while todo and len(seen) < 600:
        path = todo.popleft()
        shape = re.sub(r"\d+", "0", path)
        if shape in seen:
            continue
        seen.add(shape)
        answer = asking.get(path)
        assert answer.status_code < 500, path
        own = answer.status_code == 403
        found = told.search(content(answer))
        assert not found or (own and found[0].startswith("/patients")), (path, found)
        todo += leads_on(answer)
    for one in operations():
        if one.method == "GET":
            path = re.sub(r"\{[^}]+\}", "Breast", one.path.replace("{number}", str(other)))
            assert not told.search(programs.get(path).text), path
    for text in (NAME, "ZQREF-77123", "88-ZQ-5531", "1957-03-14"):
        page = asking.send("/search", q=text).text
        assert "zqcomment" not in page
        assert f"/patients/{other}" not in page
        assert str(other) not in programs.send("/patients/search", {"text": text}).text
    assert len(seen) > 100
