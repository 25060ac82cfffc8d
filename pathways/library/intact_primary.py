"""The primary in metastatic disease: its status, symptoms, treatments and boards (pathway-outline.md 8.2)."""

from __future__ import annotations

from pathways.language import any_of, events, fact
from pathways.library import course

status = fact.code("primary.status")
intact = status.equals("intact").sure().named("the primary is intact")
complicated = fact.codes("primary.local_complication").overlaps("bleeding", "infection", "wound")
symptomatic = any_of(complicated.sure(), fact.flag("primary.symptomatic")).named(
    "the primary causes symptoms"
)
treatments = (
    events("primary_treated").after(course.suspicion).where(lambda _: course.suspicion.there())
).named("treatments of the primary after suspicion")
boards = course.boards.where(question="primary").named("boards on the primary")
last_board = boards.latest()
de_novo = fact.flag("de_novo_metastatic")
nodes = fact.code("cN")
sentinel_negative = nodes.equals("cN0") & de_novo.possible()
