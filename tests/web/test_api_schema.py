"""The API does what its description says, whatever is sent: tried with requests made from the description."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from jsonschema_rs import validate
from schemathesis import APIOperation, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.conftest import Desk
from tests.web.programs import program
from web.api.app import PATH, api, operations
from web.api.requests import REQUESTS

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
ENUMERATED = ("kind",)
"""Parts of addresses whose description names all there are."""
PATIENTS = 15
"""Of so many numbers each request about a patient takes one, so that there is somebody."""


def tried(desk: Desk, examples: int, chance: int = 1) -> Counter[tuple[str, int]]:
    """How often each operation answered with which status to requests made from the description."""
    schema = schemathesis.openapi.from_asgi(f"{PATH}/openapi.json", desk.app)
    headers = {"authorization": f"Bearer {program(desk).secret}"}
    found: Counter[tuple[str, int]] = Counter()
    for result in schema.get_all_operations():
        for mode in GenerationMode:
            operation = result.ok()  # type: ignore[union-attr]  # else the description is wrong: it fails
            times = examples if mode is GenerationMode.POSITIVE else -(-examples // 2)
            _try(operation, mode, headers, times, chance, found)
    return found


def _try(
    operation: APIOperation[Any, Any, Any, Any],
    mode: GenerationMode,
    headers: dict[str, str],
    examples: int,
    chance: int,
    found: Counter[tuple[str, int]],
) -> None:
    @seed(chance)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def asks(case: Any) -> None:
        if mode is GenerationMode.POSITIVE and "number" in case.path_parameters:
            case.path_parameters["number"] = 1 + sum(found.values()) % PATIENTS
        answer = case.call(headers=headers)
        found[operation.label, answer.status_code] += 1
        sent = parse_qs(urlsplit(answer.request.url).query, keep_blank_values=True)
        lost = set(case.query or ()) - set(sent)  # what was to be wrong, and leaves nothing in an address
        unfair = answer.status_code == 413 or lost  # too much is refused as well, whatever is in it
        checks = [one for one in CHECKS if one is not negative_data_rejection or not unfair]
        case.validate_response(answer, checks=checks)

    with contextlib.suppress(Unsatisfiable):  # what takes nothing takes nothing wrong
        asks()


def test_the_description_has_examples_that_fit() -> None:
    described = api().openapi()
    assert described["openapi"].startswith("3.1")
    models = {one.__name__: one for one in REQUESTS}
    parts = described["components"]["schemas"]
    for path in described["paths"].values():
        for operation in path.values():
            assert operation["summary"]
            assert operation["description"]
            for one in operation.get("parameters", ()):
                examples = one["schema"].get("examples", ())
                assert examples or one["in"] != "path" or one["name"] in ENUMERATED, one
                for example in examples:
                    validate({**one["schema"], "components": described["components"]}, example)
            if "requestBody" in operation:
                schema = operation["requestBody"]["content"]["application/json"]["schema"]
                name = schema["$ref"].rpartition("/")[2]
                assert parts[name]["examples"], name
                for example in parts[name]["examples"]:
                    models[name].model_validate(example)
                    validate({**schema, "components": described["components"]}, example)


def test_the_description_holds(desk: Desk) -> None:
    found = tried(desk, 2)
    assert {label for label, _ in found} == {f"{one.method} {one.path}" for one in operations()}
    assert all(status < 500 for _, status in found)


@pytest.mark.soak
@pytest.mark.parametrize("chance", range(5))
def test_the_description_holds_for_long(desk: Desk, chance: int) -> None:
    found = tried(desk, 200, chance)
    assert all(status < 500 for _, status in found)
