"""What the environment says: which database, with which keys, and in whose name entries are recorded."""

from __future__ import annotations

import getpass
import os
from datetime import timedelta
from pathlib import Path

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, SecretStr, field_validator

from cli.asked import asked
from cli.status import BadInput
from store.keys import Keys, read_file, read_keys


class CarepathSettings(BaseModel):
    """What variables named CAREPATH_... say; an empty variable counts as not set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: str | None = None
    user: str | None = None
    recorder: str | None = None
    key_file: Path | None = None
    keys: SecretStr | None = None
    retention_years: str | None = None
    ping_url: SecretStr | None = None
    keep_tries_days: str | None = None
    channels: Path | None = None
    templates: Path | None = None
    backups: Path | None = None
    oidc: Path | None = None

    @classmethod
    def read(cls) -> CarepathSettings:
        """As the variables say now."""
        found = ((name, os.environ.get(f"CAREPATH_{name.upper()}")) for name in cls.model_fields)
        return cls.model_validate({name: said for name, said in found if said})

    @field_validator("database_url", "user", "recorder")
    @classmethod
    def _trimmed(cls, value: str | None) -> str | None:
        return (value or "").strip() or None

    def site_keys(self) -> Keys | None:
        """The keys of CAREPATH_KEYS or of CAREPATH_KEY_FILE; None: those beside the SQLite file.

        Raises CannotOpen for a file or a text that holds none.
        """
        if self.keys is not None:
            return read_keys(self.keys.get_secret_value(), "CAREPATH_KEYS")
        return read_file(self.key_file) if self.key_file else None

    def retention(self) -> int | None:
        """For how many years an identity is kept. Raises BadInput for what is no number of years."""
        return _number("CAREPATH_RETENTION_YEARS", self.retention_years, "years", _most_years)

    def kept_tries(self) -> timedelta:
        """How long it is kept when and how messages were handed over. Raises BadInput."""
        days = _number("CAREPATH_KEEP_TRIES_DAYS", self.keep_tries_days, "days", _most_days)
        return timedelta(days or _usual_days)

    def backups_folder(self, database: Path | None) -> Path:
        """Where the desk makes backups: as is named, else beside the SQLite file or in the user's folder."""
        return self.backups or (database.parent if database else data_folder()) / "backups"

    def site_templates(self) -> Path | None:
        """The folder of CAREPATH_TEMPLATES. Raises BadInput where there is none."""
        if self.templates is not None and not self.templates.is_dir():
            raise BadInput(f"CAREPATH_TEMPLATES: there is no folder {self.templates}")
        return self.templates

    def recorder_name(self) -> str:
        """Who looks and records: `--user`, CAREPATH_USER or CAREPATH_RECORDER, else who is logged in.

        Raises BadInput for a name that could not be shown.
        """
        name = asked().user or self.user or self.recorder or login_name()
        if not name.isprintable() or len(name) > _longest_user:
            variable = "CAREPATH_USER" if self.user else "CAREPATH_RECORDER"
            told = f"must be readable text of at most {_longest_user} characters"
            raise BadInput(f"{variable} {told}, not {name[:_longest_user]!r}")
        return name


def _number(variable: str, said: str | None, of: str, most: int) -> int | None:
    """A number from 1 up to the most there may be; None where nothing was said. Raises BadInput."""
    if said is None:
        return None
    if not (said.isascii() and said.isdigit() and 0 < int(said) <= most):
        raise BadInput(f"{variable} must be a number of {of} from 1 to {most}")
    return int(said)


_usual_days = 365
_most_days = 36_500
_most_years = 200
_longest_user = 200


def data_folder() -> Path:
    """Where this user's embedded database is kept."""
    return user_data_path("carepath", appauthor=False)


def login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        return "unknown"
