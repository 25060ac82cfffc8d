"""What the desk in a browser is given of the machine: settings, channels, a folder for backups, checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from cli import checks
from cli.copied import shown
from cli.processors import processors
from cli.settings import CarepathSettings
from cli.site_channels import site_channels
from cli.status import Unavailable
from cli.workplace import Workplace
from notifications.site_file import NotConfigured
from store import clock
from store.database import sqlite_file
from web.house import Configured, Finding, House

if TYPE_CHECKING:
    from notifications.channels import Channel


def house(here: Workplace) -> House:
    """The surroundings of an application at this workplace."""
    settings = CarepathSettings.read()
    return House(
        channels=_channels,
        templates=settings.site_templates(),
        settings=tuple(_configured(here, settings)),
        backups=_backups(here, settings),
        findings=lambda: _findings(here),
        processors=processors(),
    )


def _channels() -> Sequence[Channel]:
    try:
        return site_channels()
    except Unavailable as error:
        raise NotConfigured(str(error)) from None


def _configured(here: Workplace, settings: CarepathSettings) -> Iterator[Configured]:
    """What the variables say, or what holds without them; nothing of a secret."""
    usual = {
        "database_url": shown(_url(here)),
        "recorder": here.recorder,
        "keep_tries_days": str(settings.kept_tries().days),
        "backups": str(_backups(here, settings)),
    }
    for name in CarepathSettings.model_fields:
        said = getattr(settings, name)
        variable = f"CAREPATH_{name.upper()}"
        if said is None:
            yield Configured(variable, usual.get(name, ""), said=False)
        elif isinstance(said, SecretStr):
            yield Configured(variable, "•••", said=True)
        else:
            yield Configured(variable, shown(said) if name == "database_url" else str(said), said=True)


def _url(here: Workplace) -> str:
    return here.database.engine.url.render_as_string(hide_password=False)


def _backups(here: Workplace, settings: CarepathSettings) -> Path:
    return settings.backups_folder(sqlite_file(_url(here)))


def _findings(here: Workplace) -> Iterable[Finding]:
    """What `carepath doctor` finds, at this moment."""
    now = replace(here, now=clock.now())
    looks = (checks.of_the_content(now, full=False, quiet=True), checks.of_the_machine(_url(here)))
    for look in looks:
        for one in look:
            yield Finding(one.name, one.found, one.to_do)
