"""By which version a departure was judged stands in a column of its own, no longer at the end of the text."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Integer, column, select, table, text, update

from store.migrations.types import words

revision = "0008"
down_revision = "0007"

_deviation = table(
    "deviation",
    column("patient_id", Integer),
    column("pathway"),
    column("place", Integer),
    column("why"),
    column("judged_under"),
)
_MARK = "judged under "


def upgrade() -> None:
    op.add_column("deviation", Column("judged_under", words, nullable=False, server_default=text("''")))
    database = op.get_bind()
    rows = database.execute(select(_deviation).where(_deviation.c.why.contains(_MARK))).all()
    for row in rows:
        why, _, version = row.why.rpartition(_MARK)
        name = (_deviation.c.patient_id == row.patient_id, _deviation.c.pathway == row.pathway)
        change = update(_deviation).where(*name, _deviation.c.place == row.place)
        database.execute(change.values(why=why.removesuffix("; "), judged_under=version))
