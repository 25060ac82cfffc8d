"""The files that pages load: all from here, those of others unchanged, colours with enough contrast."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest

from web.render import ROOM, STATIC

VENDOR = STATIC / "vendor"
TOKENS = (STATIC / "tokens.css").read_text(encoding="utf-8")
GROUNDS = ("bg", "surface", "sunken")
INKS = ("ink", "ink-2", "ink-3", "accent", "crit", "warn", "ok", "unk")
ENOUGH = 4.5
"""WCAG 2.2, 1.4.3."""


def test_files_of_others_are_those_that_the_lock_names() -> None:
    rows = [line.split() for line in (VENDOR / "vendor.lock").read_text().splitlines() if line[0] != "#"]
    assert {row[0] for row in rows} == {one.name for one in VENDOR.glob("*.js")}
    for name, *_, expected in rows:
        assert sha256((VENDOR / name).read_bytes()).hexdigest() == expected, name


def test_nothing_is_loaded_from_elsewhere_and_nothing_stands_in_line() -> None:
    for file in ROOM.glob("templates/*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"(?:src|href|action)=[\"'](?:https?:)?//", text), file.name
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?! src=)|javascript:", text), file.name


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


LIGHT = colours(TOKENS.split("@media")[0])
DARK = colours(TOKENS.split(':root[data-theme="dark"]')[1])


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read_on_every_ground(theme: dict[str, str]) -> None:
    pairs = [(ink, ground) for ink in INKS for ground in GROUNDS]
    pairs += [(name, f"{name}-weak") for name in ("accent", "crit", "warn", "ok", "unk")]
    pairs += [("on-accent", "accent"), ("ink", "accent-weak"), ("ink-2", "accent-weak")]
    assert [pair for pair in pairs if contrast(*(theme[name] for name in pair)) < ENOUGH] == []


def test_both_ways_to_the_dark_theme_have_the_same_colours() -> None:
    by_system = colours(TOKENS.split("@media (prefers-color-scheme: dark)")[1].split(":root[data-theme")[0])
    assert by_system == DARK
