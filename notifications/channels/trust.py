"""Whose certificates are accepted."""

from __future__ import annotations

import ssl
from pathlib import Path

from notifications.channels import Down


def trusting(certificates: Path | None) -> ssl.SSLContext:
    """Encryption that checks certificates, by those of a file alone or by those this machine knows.

    Raises Down where the file is gone or holds none.
    """
    try:
        return ssl.create_default_context(cafile=certificates)
    except OSError:
        raise Down("`certificates` names a file without certificates (PEM)") from None
