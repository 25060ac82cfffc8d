"""What files of a site say: where secrets stand, and what goes to another machine only encrypted."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class NotConfigured(Exception):
    """A file of this site cannot be used; the message says where and why, and quotes no value of it."""


class SecretPlace(BaseModel):
    """Where a secret stands: in a variable of the environment or in a file, one of them."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    env: str | None = None
    file: str | None = None


PLACE = 'say where it stands: { env = "NAME" } or { file = "PATH" }'


def private_text(place: Path, named_by: str = "") -> str:
    """The text of a file that others may neither read nor change; `named_by` is told before what is wrong.

    Raises NotConfigured.
    """
    try:
        mode = place.stat().st_mode
        if os.name != "nt" and mode & (stat.S_IRWXO | stat.S_IWGRP):
            raise NotConfigured(f"{named_by}others may read or change {place}: `chmod o=,g-w {place}`")
        return place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise NotConfigured(f"{named_by}{place} cannot be read: {reason}") from None


def secret_at(place: SecretPlace, key: str, environment: Mapping[str, str]) -> str:
    """The secret that stands there; `key` is where it was named. Raises NotConfigured."""
    match place:
        case SecretPlace(env=str() as variable, file=None):
            text = environment.get(variable, "").strip()
            where = f"the variable {variable}"
        case SecretPlace(env=None, file=str() as file):
            text = private_text(Path(file), f"{key}: ").strip()
            where = file
        case _:
            raise NotConfigured(f"{key}: {PLACE}")
    if not text:
        raise NotConfigured(f"{key}: {where} holds nothing")
    return text


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: what is said to it travels nowhere."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
