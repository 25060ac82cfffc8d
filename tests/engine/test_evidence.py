"""What is shown at a decision: applicability, features met, not met and unknown, values worked out."""

from engine.evidence import Shown
from engine.replay import Enrolment, Plan, evidence_shown
from pathways.declare import display
from pathways.language import events, fact
from pathways.settings import DEFAULT_SETTINGS
from tests.engine.telling import LAST, story, told
from tests.engine.toys import toy

imaging = events("imaging_done").latest()
few = imaging.just().lesions().possible_count(lambda row: row.code("status").equals("active")).at_most(2)
PATHWAY = toy(
    displays=(
        display("always", "Always", "limit", "s1"),
        display("female", "Women", "evidence", "s2", applies=fact.code("sex").equals("female")),
        display("few", "Few lesions", "prognosis", "s3", steps=("treat",), feature=few),
        display("day", "Day of imaging", "data", "s4", value=imaging.day, unit="date"),
    )
)
ONE = told("i1", "imaging_done", "2025-01-01", lesions=({"id": "L1", "status": "active"},))
THREE = told(
    "i1", "imaging_done", "2025-01-01", lesions=tuple({"id": f"L{n}", "status": "active"} for n in range(3))
)
UNREAD = told("i1", "imaging_done", "2025-01-01", lesions=None)


def shown(*entries: object, **facts: object) -> dict[str, Shown]:
    told_so_far = story(*entries, **facts)  # type: ignore[arg-type]  # entries are events
    found = evidence_shown([Enrolment(PATHWAY, DEFAULT_SETTINGS)], told_so_far, LAST, LAST)
    return {one.display: one for one in found[PATHWAY.key]}


def test_what_has_no_condition_is_always_shown() -> None:
    always = shown()["always"]
    assert (always.applies, always.feature, always.value, always.statements) == (True, "", None, ("s1",))


def test_what_does_not_concern_the_patient_is_left_out() -> None:
    assert shown(sex="female")["female"].applies is True
    assert "female" not in shown(sex="male")


def test_where_it_is_not_known_whether_it_concerns_the_patient_it_is_shown_with_what_is_missing() -> None:
    unsure = shown()["female"]
    assert (unsure.applies, unsure.missing) == (None, ("sex",))


def test_a_feature_is_met_not_met_or_unknown() -> None:
    assert [shown(one)["few"].feature for one in (ONE, THREE, UNREAD)] == ["met", "not_met", "unknown"]
    assert shown(UNREAD)["few"].missing == ("i1.lesions",)
    assert (shown(ONE)["few"].because, shown(ONE)["few"].steps) == (("i1",), ("treat",))


def test_a_value_is_worked_out_or_is_none() -> None:
    assert (shown(ONE)["day"].value, shown(ONE)["day"].unit) == (ONE.day, "date")
    assert shown()["day"].value is None


def test_a_snapshot_does_not_pay_for_what_is_shown_beside_it() -> None:
    plan = Plan([PATHWAY], DEFAULT_SETTINGS)
    assert few.node not in plan.program.meanings
    assert few.node in plan.shown[0].meanings


def test_one_pathway_alone_may_be_asked() -> None:
    other = toy(id="other", key="other", displays=PATHWAY.displays[:1])
    asked = [Enrolment(PATHWAY, DEFAULT_SETTINGS), Enrolment(other, DEFAULT_SETTINGS)]
    assert evidence_shown(asked, story(), LAST, LAST).keys() == {"toy", "other"}
    assert evidence_shown(asked, story(), LAST, LAST, only="other").keys() == {"other"}
