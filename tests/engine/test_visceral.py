"""The derived fact of visceral disease where an imaging counts more lesions than it lists."""

from datetime import date
from typing import Any

import pytest

from engine.replay import Enrolment, replay_patient
from pathways.library import main_pathway
from tests.engine.telling import story, told

DAY = date(2025, 3, 1)


def visceral(organ: str, **stated: Any) -> object:
    listed = ({"id": "L1", "organ": organ, "status": "active"},)
    patient = story(told("i1", "imaging_done", "2025-01-01", complete=True, lesions=listed, **stated))
    return replay_patient([Enrolment(main_pathway())], patient, DAY, DAY).main.facts["visceral_metastasis"]


@pytest.mark.parametrize(
    ("organ", "listed_only", "more_counted"), [("liver", True, True), ("bone", False, None)]
)
def test_what_is_not_listed_may_be_visceral(organ: str, listed_only: bool, more_counted: bool | None) -> None:
    assert visceral(organ) is listed_only
    assert visceral(organ, lesion_count_total=1) is listed_only
    assert visceral(organ, lesion_count_total=2) is more_counted
