"""The project settings under which a pathway is evaluated, complete and in the vocabulary's order.

Source: vocabulary.yaml, section settings; pathway-outline.md 1.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from pathways.vocabulary import ValueFault, closest, load_vocabulary

SettingValue = str | int


class SettingError(ValueError):
    """A setting that does not exist, or a value it does not allow."""


@dataclass(frozen=True, slots=True)
class Settings(Mapping[str, SettingValue]):
    """Every setting with its value; readable as attribute or item, hashable, so it can be a cache key.

    Raises SettingError where a value is not one the vocabulary allows. Build it with `from_overrides`.
    """

    definition_profile: str
    response_min_months: int
    response_anchor: str
    response_end: str
    response_values: str
    zoledronate_min_monthly_doses: int
    surveillance_phase1_years: int
    post_mdt_anchor: str
    counselling_same_day: str
    lead_days: int
    grace_days: int
    escalate_after_days: int
    bma_start_grace_days: int
    ortho_grace_days: int
    cns_grace_days: int
    cord_grace_days: int
    receptor_grace_days: int

    def __post_init__(self) -> None:
        for name, value in self.items():
            if _parsed(name, value) != value:
                raise SettingError(f"setting {name!r} must be a number, not {value!r}")

    @classmethod
    def from_overrides(cls, overrides: Mapping[str, object]) -> Settings:
        """The defaults with some values replaced; digits may be text, as typed on a command line.

        Raises SettingError naming the setting, the allowed values and the closest name.
        """
        for name in overrides:
            _check_name(name)
        specs = load_vocabulary().settings
        values = {name: _parsed(name, overrides.get(name, spec.default)) for name, spec in specs.items()}
        return cls(**values)  # type: ignore[arg-type]  # _parsed gives each its kind

    def replace(self, overrides: Mapping[str, object]) -> Settings:
        """These settings with some values replaced; raises SettingError as `from_overrides` does."""
        return Settings.from_overrides({**self, **overrides})

    def __getitem__(self, name: str) -> SettingValue:
        if name not in _names:
            raise KeyError(name)
        value: SettingValue = getattr(self, name)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(_names)

    def __len__(self) -> int:
        return len(_names)


def _check_name(name: object) -> None:
    specs = load_vocabulary().settings
    if name not in specs:
        near = closest(name, specs)
        raise SettingError(f"there is no setting {name!r}{near}; settings: {', '.join(specs)}")


def _parsed(name: str, value: object) -> SettingValue:
    try:
        return load_vocabulary().settings[name].parse(value)
    except ValueFault as fault:
        raise SettingError(f"setting {fault}") from None


_names = tuple(field.name for field in fields(Settings))

DEFAULT_SETTINGS = Settings.from_overrides({})
