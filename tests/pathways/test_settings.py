"""Settings are complete, canonical and closed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.settings import DEFAULT_SETTINGS, SettingError, Settings
from pathways.vocabulary import load_vocabulary

specs = load_vocabulary().settings


def test_names_and_order_are_those_of_the_vocabulary() -> None:
    assert list(DEFAULT_SETTINGS) == list(specs)
    assert len(DEFAULT_SETTINGS) == 17
    assert all(spec.name == name for name, spec in specs.items())


def test_defaults_are_those_of_the_vocabulary() -> None:
    assert dict(DEFAULT_SETTINGS) == {name: spec.default for name, spec in specs.items()}
    assert dict(DEFAULT_SETTINGS) == asdict(DEFAULT_SETTINGS)
    assert DEFAULT_SETTINGS.definition_profile == DEFAULT_SETTINGS["definition_profile"] == "abc7"
    assert DEFAULT_SETTINGS.response_min_months == 3


def test_an_override_replaces_only_what_it_names() -> None:
    settings = Settings.from_overrides({"response_min_months": 6})
    assert {name for name in settings if settings[name] != DEFAULT_SETTINGS[name]} == {"response_min_months"}
    assert settings.replace({"lead_days": 7})["response_min_months"] == 6


def test_text_from_a_command_line_is_read_as_a_number() -> None:
    assert Settings.from_overrides({"response_min_months": "6", "lead_days": " 0 "}).response_min_months == 6


def test_settings_are_a_cache_key() -> None:
    assert Settings.from_overrides({"lead_days": 14}) == DEFAULT_SETTINGS
    assert hash(Settings.from_overrides({"lead_days": 14})) == hash(DEFAULT_SETTINGS)
    assert Settings.from_overrides({"lead_days": 7}) != DEFAULT_SETTINGS


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        DEFAULT_SETTINGS.lead_days = 7  # type: ignore[misc]


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (
            {"lead_day": 7},
            r"no setting 'lead_day'; did you mean 'lead_days'\?; settings: def",
        ),
        ({"response_min_months": 4}, "setting 'response_min_months' must be one of 3, 6, not 4"),
        ({"response_min_months": "4"}, "'response_min_months' must be one of 3, 6, not 4"),
        ({"response_min_months": True}, "must be one of 3, 6, not true"),
        ({"response_min_months": None}, "must be one of 3, 6, not empty"),
        ({"definition_profile": "abc"}, r"must be one of abc7, esmo, .*not 'abc'; did you mean 'abc7'\?"),
        ({"definition_profile": "mdtbc-selection"}, "'definition_profile' must be one of"),
        ({"definition_profile": 7}, "'definition_profile' must be one of"),
        ({"lead_days": -1}, r"'lead_days' must be a whole number \(at least 0\), not -1"),
        ({"lead_days": "a week"}, "must be a whole number"),
        ({"lead_days": 1.5}, "must be a whole number"),
        ({"lead_days": "-1"}, "must be a whole number"),
        ({"lead_days": "9" * 5000}, "must be a whole number"),
        ({"lead_days": "99999999"}, "'lead_days' must be at most 36500, not 99999999"),
        ({"grace_days": 10**4000}, r"must be at most 36500, not 1000+\.\.\."),
    ],
)
def test_what_is_not_allowed_is_refused(overrides: dict[str, object], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        Settings.from_overrides(overrides)


def test_settings_refuse_to_exist_with_a_wrong_value() -> None:
    with pytest.raises(SettingError, match="'response_anchor' must be one of"):
        Settings(**{**DEFAULT_SETTINGS, "response_anchor": "birth"})  # type: ignore[arg-type]
    with pytest.raises(SettingError, match="'lead_days' must be a number, not '14'"):
        Settings(**{**DEFAULT_SETTINGS, "lead_days": "14"})  # type: ignore[arg-type]


def test_an_unknown_name_is_no_setting() -> None:
    assert "lead_day" not in DEFAULT_SETTINGS
    with pytest.raises(KeyError):
        DEFAULT_SETTINGS["from_overrides"]


overrides = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from(spec.choices) if spec.choices else st.integers(0, 10_000)
        for name, spec in specs.items()
    },
)


@given(overrides)
def test_any_allowed_values_are_kept(values: dict[str, str | int]) -> None:
    settings = Settings.from_overrides(values)
    assert {name: settings[name] for name in values} == values
    assert Settings.from_overrides({name: str(value) for name, value in settings.items()}) == settings
