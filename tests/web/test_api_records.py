"""Records as a whole by programs: registered, put right, merged and parted, entries moved."""

from __future__ import annotations

import pytest

from coordination.entries import Assigned, Team
from coordination.saying import say
from store import access, accounts
from tests.web.conftest import NOON, Desk
from tests.web.programs import client, program
from tests.web.test_patient import said
from tests.web.test_patient_new import everybody, person
from web.api.asked import IdentityAsked, MergeAsked, MoveAsked, RegisterAsked, UnmergeAsked
from web.client import ApiError

NEW = RegisterAsked(
    reference="N-77",
    name="Ida Neumann",
    numbers={"hospital": "88-4711"},
    facts={"sex": "female", "birth_date": "1961-04-05"},
    suspected_on="2025-02-20",
    owner="anna",
)


def again(**changed: object) -> RegisterAsked:
    return NEW.model_copy(update={"reference": "N-78", **changed})


def test_a_patient_is_registered_once_and_tried_before(desk: Desk) -> None:
    there, before = client(desk), everybody(desk)
    tried = there.register_patient(NEW.model_copy(update={"dry_run": True}))
    assert (tried.number, tried.state, everybody(desk)) == (None, "suspected", before)
    done = there.register_patient(NEW, key="letter-1")
    assert there.register_patient(NEW, key="letter-1") == done
    assert done.number == desk.number("N-77")
    who = there.identity(done.number)
    assert (who.name, str(who.birth_date), who.numbers) == (
        "Ida Neumann",
        "1961-04-05",
        {"hospital": "88-4711"},
    )
    assert there.patient(done.number).version == done.version
    assert there.patient(done.number).state == "suspected"


def test_who_may_be_the_same_is_told_by_number_and_nothing_kept(desk: Desk) -> None:
    there = client(desk)
    first, before = there.register_patient(NEW).number, everybody(desk)
    assert first is not None
    for wanted in (NEW, again(), again(numbers={"x": "88 4711"}, name=None), again(numbers={})):
        with pytest.raises(ApiError) as refused:
            there.register_patient(wanted)
        assert (refused.value.kind, refused.value.problem.patients) == ("duplicate", (first,))
    assert everybody(desk) == before
    with pytest.raises(ApiError) as nameless:
        there.register_patient(again(different_from=(first,)))
    assert nameless.value.problem.faults[0].pointer == "/reason"
    second = there.register_patient(again(different_from=(first,), reason="twins")).number
    assert second == desk.number("N-78")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"reference": " N"}, None),
        ({"reference": "#12"}, "/reference"),
        ({"facts": {"sex": "so-so"}}, "/sex"),
        ({"owner": "stranger"}, None),
        ({"companions": ["main"]}, "/companions/0"),
        ({"numbers": {"his": "--"}}, "/numbers/…"),
        ({"name": "two\nlines"}, "/name"),
    ],
)
def test_what_does_not_fit_is_told_at_its_place(
    desk: Desk, change: dict[str, object], pointer: str | None
) -> None:
    body = {**NEW.model_dump(mode="json"), **change}
    answer = program(desk).send("/patients", body)
    if change == {"reference": " N"}:  # blanks around it are none of it
        assert answer.status_code == 200
        return
    assert answer.status_code == 422
    faults = answer.json().get("faults", [{}])
    assert faults[0].get("pointer") == pointer
    assert "stranger" not in answer.text


def test_an_identity_is_put_right_on_the_version_seen(desk: Desk) -> None:
    there = client(desk)
    number = there.register_patient(NEW).number
    assert number is not None
    seen = there.patient(number).version
    tried = there.put_right(
        number,
        IdentityAsked(birth_date="1991-04-05", reason="typed wrongly", dry_run=True),
    )
    assert (tried.changed, tried.changes is not None, tried.version) == (("born",), True, seen)
    done = there.put_right(number, IdentityAsked(name="Ida Neuhaus", reason="spelled"), version=seen)
    assert done.changed == ("name",)
    assert done.version != seen
    assert there.identity(number).name == "Ida Neuhaus"
    with pytest.raises(ApiError) as late:
        there.put_right(number, IdentityAsked(name="Ada", reason="late"), version=seen)
    assert late.value.kind == "changed"
    with pytest.raises(ApiError) as naming:
        there.put_right(number, IdentityAsked(name="Ada", reason="not Neuhaus"))
    assert naming.value.kind == "refused"
    with desk.database.reading() as connection:
        (log,) = (one for one in access.entries(connection) if one.what == "identify")
    assert (log.account, log.reason) == ("api", "spelled")


@pytest.fixture
def two(desk: Desk) -> tuple[int, int]:
    there = client(desk)
    first = there.register_patient(NEW).number
    assert first is not None
    second = there.register_patient(again(different_from=(first,), reason="x", suspected_on=None)).number
    assert second is not None
    return first, second


def test_records_are_merged_on_what_was_seen_of_both_and_parted_again(
    desk: Desk, two: tuple[int, int]
) -> None:
    there, (first, second) = client(desk), two
    wanted = MergeAsked(other=second, reason="registered twice")
    seen, other = (there.patient(one).version for one in two)
    tried = there.merge(first, wanted.model_copy(update={"dry_run": True}))
    assert (tried.dry_run, tried.version) == (True, seen)
    said(desk, second, {"type": "follow_up_visit", "date": "2025-03-01"}, "ben")
    with pytest.raises(ApiError) as late:
        there.merge(first, wanted.model_copy(update={"other_version": other}), version=seen)
    assert late.value.kind == "changed"
    assert [one.by for one in late.value.problem.meanwhile] == ["ben"]
    other = there.patient(second).version
    done = there.merge(first, wanted.model_copy(update={"other_version": other}), version=seen, key="m")
    assert (
        there.merge(first, wanted.model_copy(update={"other_version": other}), version=seen, key="m") == done
    )
    with pytest.raises(ApiError) as gone:
        there.patient(second)
    assert gone.value.kind == "merged"
    parted = there.unmerge(first, UnmergeAsked(reason="they are twins"))
    assert (parted.other, parted.stays, there.patient(second).number) == (second, (), second)
    with pytest.raises(ApiError) as none_left:
        there.unmerge(first, UnmergeAsked(reason="again"))
    assert none_left.value.kind == "impossible"


def test_two_persons_are_merged_only_by_who_says_so(desk: Desk, two: tuple[int, int]) -> None:
    there, (first, second) = client(desk), two
    there.put_right(second, IdentityAsked(name="Ida Altmann", reason="x"))
    with pytest.raises(ApiError) as refused:
        there.merge(first, MergeAsked(other=second, reason="x"))
    assert refused.value.problem.faults[0].pointer == "/name"
    assert there.merge(first, MergeAsked(other=second, reason="x", same_person=True)).other == second


def test_an_entry_is_moved_with_what_it_changes_for_both(desk: Desk, two: tuple[int, int]) -> None:
    there, (first, second) = client(desk), two
    done = there.move(first, "e01", MoveAsked(to=second, reason="another patient"), key="k")
    assert there.move(first, "e01", MoveAsked(to=second, reason="another patient"), key="k") == done
    assert done.changes.states
    assert done.changes_there.states
    assert there.patient(second).state == "suspected"
    assert person(desk, second) is not None
    for entry, to in (("e01", second), ("e01", first), ("e77", second)):
        with pytest.raises(ApiError):
            there.move(first, entry, MoveAsked(to=to, reason="again"))


def test_both_patients_have_to_be_within_reach(desk: Desk, two: tuple[int, int]) -> None:
    first, second = two
    with desk.database.writing() as connection:
        say(connection, Team(name="north", members=("anna",)), recorder="lena", now=NOON)
        say(connection, Assigned(owner="ben"), patient_id=second, recorder="lena", now=NOON)
        accounts.change(connection, "program", teams=["north"])
    there = client(desk)
    for do in (
        lambda: there.merge(first, MergeAsked(other=second, reason="x")),
        lambda: there.move(first, "e01", MoveAsked(to=second, reason="x")),
        lambda: there.put_right(second, IdentityAsked(name="A", reason="x")),
    ):
        with pytest.raises(ApiError) as refused:
            do()
        assert refused.value.kind == "other-team"
    far = NEW.model_copy(update={"reference": "N-9", "name": "Eva", "numbers": {}})
    for owner in (None, "ben"):
        with pytest.raises(ApiError) as homeless:
            there.register_patient(far.model_copy(update={"owner": owner}))
        assert homeless.value.kind == "impossible"
    assert there.register_patient(far).number == desk.number("N-9")
