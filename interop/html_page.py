"""Pages as one HTML file each: the style inside, nothing loaded, nothing executed."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined


def rendered(template: str, page: object) -> str:
    """The page by its template; all that is put in is escaped."""
    style = _environment().get_template("brief.css").render()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return _environment().get_template(template).render(page=page, policy=policy)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("interop"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
