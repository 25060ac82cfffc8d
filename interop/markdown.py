"""Text as it stands in Markdown: what somebody typed must neither become a heading nor a link nor HTML."""

from __future__ import annotations

import re

_INLINE = re.compile(r"([\\`*_\[\]<>|~&])")
_AT_THE_START = re.compile(r"^(\s*)([#+=-])")
_NUMBERED = re.compile(r"^(\s*\d+)([.)])")


def escaped(text: str) -> str:
    """The text with a backslash before each sign that Markdown would read as its own."""
    text = _INLINE.sub(r"\\\1", text)
    text = _AT_THE_START.sub(r"\1\\\2", text)
    return _NUMBERED.sub(r"\1\\\2", text)
