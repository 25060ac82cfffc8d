"""Patients with bone metastases, by the drug that protects the bones or by what goes wrong with it."""

from __future__ import annotations

from typing import Final

from simulation import therapy as y
from simulation import treatment as t
from simulation import workup as w
from simulation.routes import BY_THE_BOOK, Route, up_to


def _responding(bone: str) -> Route:
    return Route(up_to(y.respond), (1, 12), bone=bone)


def _treated(bone: str) -> Route:
    return Route(BY_THE_BOOK, (20, 400), t.follow_up, bone=bone)


BONES: Final[dict[str, tuple[int, Route]]] = {
    "zoledronate": (1, _treated("zol")),
    "denosumab": (1, _treated("deno")),
    "zoledronate_stopped": (1, _treated("zol_stopped")),
    "denosumab_stopped": (1, _treated("deno_stopped")),
    "bone_drug_late": (1, _responding("drug_late")),
    "bone_drug_missing": (4, Route(up_to(w.start_systemic), (12, 30), bone="drug_missing")),
    "zoledronate_late": (1, _treated("zol_late")),
    "zoledronate_left_off": (7, _responding("zol_left_off")),
    "zoledronate_spaced_early": (1, _responding("zol_spaced_early")),
    "zoledronate_spaced_unstable": (1, _treated("zol_spaced_unstable")),
    "denosumab_late": (1, _treated("deno_late")),
    "denosumab_left_off": (7, _responding("deno_left_off")),
    "denosumab_every_12_weeks": (1, _treated("deno_wide")),
    "denosumab_every_12_weeks_mended": (1, _treated("deno_wide_mended")),
    "orthopaedics_late": (1, _treated("ortho_late")),
    "orthopaedics_missing": (3, Route(up_to(w.start_systemic), (12, 30), bone="ortho_missing")),
}
