"""Patients for whom a companion pathway matters: brain, fluid, cord, axilla, primary, receptors, organs."""

from __future__ import annotations

from typing import Any, Final

from simulation import brain as b
from simulation import decision as d
from simulation import effusions as e
from simulation import local as c
from simulation import primary as p
from simulation import therapy as y
from simulation import treatment as t
from simulation import workup as w
from simulation.course import Stage
from simulation.routes import BY_THE_BOOK, Route, Stages, instead, up_to

_while, _shortly = (5, 300), (2, 25)
_running = up_to(w.start_systemic)
_pertuzumab = instead(w.start_systemic, w.start_pertuzumab, of=_running)
_round: Stages = (b.progress_in_brain, b.board_brain, b.irradiate_brain)


def _on_therapy(*stages: Stage, **options: Any) -> Route:
    return Route((*_running, *stages), _shortly, **options)


def intact(*stages: Stage, organ: str = "bone", **options: Any) -> Route:
    """Metastases found together with the primary, whose nodes are clinically free."""
    facts = {"cN": "cN0"}
    return _on_therapy(*stages, intact=True, organs=(organ,), subtype="hr_positive", facts=facts, **options)


def axilla(*stages: Stage, **options: Any) -> Route:
    """A metastasis in the other axilla that may be treated as regional disease."""
    facts = {"contralateral_primary": False, "prior_ipsilateral_axilla_local_therapy": True}
    return _on_therapy(c.find_in_axilla, *stages, facts=facts, **options)


ELSEWHERE: Final[dict[str, tuple[int, Route]]] = {
    "brain_seen": (1, Route((*_running, b.progress_in_brain), (2, 15))),
    "brain_boarded": (1, Route((*_running, b.progress_in_brain, b.board_brain), (2, 12))),
    "brain_treated": (1, _on_therapy(*_round)),
    "brain_treated_late": (1, _on_therapy(b.progress_in_brain, b.board_brain, b.irradiate_brain_late)),
    "brain_untreated": (1, _on_therapy(b.progress_in_brain, b.board_brain, b.leave_brain)),
    "brain_treated_regimen_changed": (1, _on_therapy(*_round, b.change_line_too_soon)),
    "brain_three_times": (
        1,
        Route((*_pertuzumab, *_round * 3, b.change_pertuzumab), _shortly, subtype="her2_positive"),
    ),
    "brain_three_times_no_switch": (
        1,
        Route((*_pertuzumab, *_round * 3, b.leave_pertuzumab), _shortly, subtype="her2_positive"),
    ),
    "pleura_drained": (1, _on_therapy(e.fill_pleura, e.drain_pleura)),
    "pleura_sealed": (1, _on_therapy(e.fill_pleura, e.drain_pleura, e.seal_pleura)),
    "pleura_sealed_in_pain": (1, _on_therapy(e.fill_pleura, e.seal_pleura_in_pain)),
    "pleura_scoped_near_death": (1, _on_therapy(e.fill_pleura, e.scope_pleura_near_death)),
    "ascites_drained": (1, _on_therapy(e.fill_abdomen)),
    "ascites_undrained": (1, _on_therapy(e.fill_abdomen_undrained)),
    "ascites_unreviewed": (1, Route((w.suspect, w.scan, e.fill_abdomen_unreviewed, *_running[2:]), _shortly)),
    "ascites_local_chemotherapy": (1, _on_therapy(e.fill_abdomen, e.instil_chemotherapy)),
    "pericardium_drained": (1, _on_therapy(e.fill_pericardium)),
    "pericardium_unreviewed": (
        1,
        Route((w.suspect, w.scan, e.fill_pericardium_unreviewed, *_running[2:]), _shortly),
    ),
    "pericardium_undrained": (1, _on_therapy(e.fill_pericardium_undrained)),
    "bone_pain": (1, _on_therapy(c.irradiate_bone, organs=("bone",))),
    "cord_pressed": (1, _on_therapy(c.press_cord, organs=("bone",))),
    "cord_pressed_waiting": (1, _on_therapy(c.press_cord_waiting, organs=("bone",))),
    "cord_pressed_untreated": (1, _on_therapy(c.press_cord_untreated, organs=("bone",))),
    "plexus_pressed": (1, _on_therapy(c.press_plexus)),
    "plexus_pressed_untreated": (1, _on_therapy(c.press_plexus_untreated)),
    "marrow": (1, _on_therapy(c.fill_marrow, subtype="her2_positive")),
    "marrow_unanswered": (
        1,
        _on_therapy(y.progress, y.change_to_chemotherapy, c.fill_marrow_unanswered, subtype="her2_positive"),
    ),
    "axilla_boarded": (1, axilla(c.board_axilla, c.treat_axilla)),
    "axilla_unboarded": (1, axilla(c.treat_axilla_unboarded)),
    "her2_gained": (
        1,
        _on_therapy(y.progress, c.sample_again_with_gain, c.change_to_anti_her2, subtype="hr_positive"),
    ),
    "her2_gained_unanswered": (
        1,
        _on_therapy(y.progress, c.sample_again_with_gain, c.leave_gain, subtype="hr_positive"),
    ),
    "her2_gained_answered_late": (
        1,
        _on_therapy(y.progress, c.sample_again_with_gain, c.board_gain_late, subtype="hr_positive"),
    ),
    "primary_intact": (1, intact()),
    "primary_bleeding": (1, intact(p.bleed_and_remove)),
    "primary_removed": (1, intact(p.board_primary, p.remove_boarded)),
    "primary_removed_unboarded": (1, intact(p.remove_unboarded)),
    "primary_removed_with_visceral_disease": (1, intact(p.remove_with_visceral_disease, organ="liver")),
    "primary_removed_with_reconstruction": (1, intact(p.board_primary, p.remove_with_reconstruction)),
    "primary_removed_with_sentinel_node": (1, intact(p.board_primary, p.remove_with_sentinel_node)),
    "breast_irradiated": (1, _on_therapy(p.board_breast, p.irradiate_breast)),
    "breast_irradiated_unboarded": (1, _on_therapy(p.irradiate_breast_unboarded)),
    "liver_cryoablation": (
        1,
        Route(
            BY_THE_BOOK,
            _while,
            t.follow_up,
            {t.treat: "d-method-advised-against"},
            (1, 2),
            ("liver",),
            method="cryo",
        ),
    ),
    "liver_method_not_named": (
        1,
        Route(
            instead(d.board_mdt, d.board_without_method),
            _while,
            t.follow_up,
            {t.treat: "d-liver-indication-missing"},
            (1, 2),
            ("liver",),
        ),
    ),
    "liver_resected_with_nodes": (
        1,
        Route(
            BY_THE_BOOK,
            _while,
            t.follow_up,
            {t.treat: "d-liver-resection-selection"},
            (2, 3),
            ("liver", "lymph_node"),
            "hr_positive",
            method="resection",
        ),
    ),
    "radioembolisation_of_nodes": (
        1,
        Route(
            BY_THE_BOOK,
            _while,
            t.follow_up,
            {t.treat: "d-sirt-outside-liver"},
            (1, 2),
            ("lymph_node",),
            method="sirt",
        ),
    ),
    "lung_without_histology": (
        1,
        Route(
            instead(w.sample, w.sample_outside_lung),
            _while,
            t.follow_up,
            {t.treat: "d-lung-histology-missing"},
            (2, 3),
            ("lung", "lymph_node"),
        ),
    ),
    "soft_tissue_resected": (
        1,
        Route(BY_THE_BOOK, _while, t.follow_up, number=(1, 1), organs=("soft_tissue",), method="resection"),
    ),
    "soft_tissue_resected_with_nodes": (
        1,
        Route(
            BY_THE_BOOK,
            _while,
            t.follow_up,
            {t.treat: "d-soft-resection-other-disease"},
            (2, 2),
            ("soft_tissue", "lymph_node"),
            method="resection",
        ),
    ),
}
