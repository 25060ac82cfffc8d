"""What the environment says: which database, with which keys, and in whose name entries are recorded."""

from __future__ import annotations

import getpass
from pathlib import Path

from platformdirs import user_data_path
from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from cli.asked import asked
from cli.status import BadInput
from store.keys import Keys, read_file, read_keys


class CarepathSettings(BaseSettings):
    """Read from variables named CAREPATH_...; an empty variable counts as not set."""

    model_config = SettingsConfigDict(env_prefix="CAREPATH_", env_ignore_empty=True)

    database_url: str | None = None
    user: str | None = None
    recorder: str | None = None
    key_file: Path | None = None
    keys: SecretStr | None = None
    retention_years: str | None = None

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
        said = self.retention_years
        if said is None:
            return None
        if not (said.isascii() and said.isdigit() and 0 < int(said) <= _most_years):
            raise BadInput(f"CAREPATH_RETENTION_YEARS must be a number of years from 1 to {_most_years}")
        return int(said)

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
