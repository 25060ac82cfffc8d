"""What the file says that CAREPATH_OIDC names: where people sign in elsewhere, and who they are here."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from coordination.entries import AccountRole
from notifications.site_file import NotConfigured, SecretPlace, is_loopback, private_text, secret_at

BACK: Final = "/sign-in/elsewhere/back"
"""Where whoever signed in there comes back to."""
Text = Annotated[str, Field(min_length=1, max_length=200)]


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Groups(_Said):
    """Which roles who is in a group there has here; with `make_accounts` whoever has one gets an account."""

    claim: Text = "groups"
    roles: dict[str, list[AccountRole]]
    make_accounts: bool = False
    name_claim: Text = "preferred_username"

    def roles_of(self, said: object) -> frozenset[str]:
        """The roles of who is in these groups; none for what is no list of groups."""
        groups = [said] if isinstance(said, str) else said if isinstance(said, list) else []
        return frozenset(role for one in groups if isinstance(one, str) for role in self.roles.get(one, ()))


class Said(_Said):
    """The file as a whole. `address` is where browsers reach this application."""

    issuer: str
    client_id: Text
    client_secret: SecretPlace | None = None
    address: str
    title: Text = "OpenID Connect"
    account_claim: Text = "sub"
    scopes: list[Text] = ["openid", "profile", "email"]
    groups: Groups | None = None

    @field_validator("issuer", "address")
    @classmethod
    def _reached_safely(cls, url: str) -> str:
        check_safe(url)
        return url

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if urlsplit(self.address).path not in ("", "/") or "?" in self.address or "#" in self.address:
            raise ValueError("address: it has no path, such as https://desk.example.org")
        if "openid" not in self.scopes:
            raise ValueError('scopes: "openid" is one of them')
        return self

    @property
    def back(self) -> str:
        """The address that has to be registered there."""
        return self.address.rstrip("/") + BACK


def check_safe(url: str) -> None:
    """Raises ValueError for what is no URL, or one by which secrets would travel for everybody to read."""
    parts = urlsplit(url)
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if not safe or not parts.hostname or parts.username or not (url.isascii() and url.isprintable()):
        raise ValueError("it must be a URL that begins with https://, without a user")


def read(place: Path, environment: Mapping[str, str]) -> tuple[Said, str]:
    """What the file says, and the secret by which this application is known there; empty: it has none.

    Raises NotConfigured.
    """
    text = private_text(place, "CAREPATH_OIDC: ")
    try:
        said = Said.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise NotConfigured(f"{place} is no TOML: {error}") from None
    except ValidationError as error:
        raise NotConfigured(_wrong(place, error)) from None
    given = said.client_secret
    return said, secret_at(given, f"{place}: client_secret", environment) if given else ""


def _wrong(place: Path, error: ValidationError) -> str:
    """The first thing that is wrong, by its key; what stands there may be a secret and is not told."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    told = first["msg"].removeprefix("Value error, ")
    return f"{place}: {key}: {told}" if key else f"{place}: {told}"
