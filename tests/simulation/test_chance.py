"""Draws are the same on every machine and Python, and stay within their bounds."""

from collections import Counter

from simulation.chance import Chance


def test_a_seed_gives_these_draws_everywhere() -> None:
    chance = Chance.seeded(1, "P001")
    assert [chance.whole(0, 99) for _ in range(8)] == [61, 94, 6, 33, 44, 78, 62, 69]


def test_parts_of_a_seed_matter() -> None:
    draws = {
        tuple(Chance.seeded(*parts).whole(0, 999) for _ in range(1))
        for parts in ((1, "a"), (2, "a"), (1, "b"))
    }
    assert len(draws) == 3


def test_both_ends_are_drawn() -> None:
    chance = Chance.seeded("ends")
    assert {chance.whole(3, 5) for _ in range(100)} == {3, 4, 5}


def test_weights() -> None:
    chance = Chance.seeded("weights")
    drawn = Counter(chance.weighted({"often": 9, "seldom": 1, "never": 0}) for _ in range(1000))
    assert drawn["never"] == 0
    assert 800 < drawn["often"] < 980


def test_what_is_certain_and_what_cannot_be() -> None:
    chance = Chance.seeded("certain")
    assert all(chance.happens(1) and not chance.happens(0) for _ in range(50))


def test_shuffling_keeps_everything() -> None:
    assert sorted(Chance.seeded("deck").shuffled("abcdefgh")) == list("abcdefgh")


def test_rounding_at_the_end_of_the_weights_still_gives_an_option() -> None:
    class Last:
        def random(self) -> float:
            return 1.0

    assert Chance(Last()).weighted({"a": 1.0, "b": 2.0}) == "b"  # type: ignore[arg-type]
