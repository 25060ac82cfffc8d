"""What is about no patient: the token, the kinds of problems, the pathways, and what can be recorded."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from interop.vocabulary_json import as_json, entries, named
from pathways.canonical import to_json
from pathways.fingerprint import fingerprint
from pathways.library import all_pathways, main_pathway
from pathways.pathway import Pathway
from web.api import answers_lists
from web.api.door import Held, answer_of
from web.api.problems import KINDS, Failed
from web.api.rules import ANYBODY, HOLDERS, Operations
from web.api.values import Code

OPERATIONS = Operations()


@OPERATIONS.get("/me", HOLDERS, answers_lists.Me)
def me(token: Held) -> Response:
    """Whose token it is, what it is for, and until when."""
    scopes = tuple(sorted(token.allowed))
    return answer_of(
        answers_lists.Me(account=token.account.name, token=token.name, scopes=scopes, ends=token.ends)
    )


@OPERATIONS.get("/problems", ANYBODY, answers_lists.Kinds)
def problems() -> Response:
    """The kinds of problems that are answered."""
    found = (
        answers_lists.Kind(kind=kind, status=status, title=title) for kind, (status, title) in KINDS.items()
    )
    return answer_of(answers_lists.Kinds(problems=tuple(found)))


@OPERATIONS.get("/pathways", HOLDERS, answers_lists.Pathways)
def pathways() -> Response:
    """The pathways that ship."""
    rows = (answers_lists.PathwayRow.model_validate(_in_short(one)) for one in all_pathways())
    return answer_of(answers_lists.Pathways(pathways=tuple(rows)))


@OPERATIONS.get("/pathways/{pathway}", HOLDERS, answers_lists.Pathway)
def pathway(pathway: Annotated[Code, Path(description="The id.", examples=["bone_health"])]) -> Response:
    """A pathway in full: states, steps, guards, timers, deviation rules, with their statements."""
    found = next((one for one in all_pathways() if pathway in (one.id, one.key)), None)
    if found is None:
        raise Failed("not-found", "There is no pathway of this name.")
    return answer_of(answers_lists.Pathway(**_in_short(found), definition=json.loads(to_json(found))))


def _in_short(one: Pathway) -> dict[str, object]:
    return {
        "id": one.id,
        "version": one.version,
        "fingerprint": fingerprint(one),
        "title": one.title,
        "main": one.key == main_pathway().key,
    }


@OPERATIONS.get("/vocabulary", HOLDERS, answers_lists.Vocabulary)
def vocabulary() -> Response:
    """Everything that can be recorded, and the facts worked out from it."""
    return answer_of(answers_lists.Vocabulary(entries=tuple(map(as_json, entries()))))


@OPERATIONS.get("/vocabulary/{name}", HOLDERS, answers_lists.Vocabulary)
def word(
    name: Annotated[Code, Path(description="An event type or a fact.", examples=["board_held"])],
) -> Response:
    """One event type with its fields, or one fact."""
    found = named(name)
    if not found:
        raise Failed("not-found", "There is no event type and no fact of this name.")
    return answer_of(answers_lists.Vocabulary(entries=tuple(map(as_json, found))))
