"""Column types as the migrations write them."""

from __future__ import annotations

from sqlalchemy import DateTime, String

words = String().with_variant(String(collation="C"), "postgresql")
"""Text in the order of its code points, whatever the language of the database."""
moment = DateTime(timezone=True)
