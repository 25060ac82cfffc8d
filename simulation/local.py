"""Stages of local matters beside the main pathway: bone pain, cord, plexus, marrow, axilla, receptors."""

from __future__ import annotations

from datetime import timedelta

from simulation.course import Course


def irradiate_bone(course: Course) -> None:
    """One fraction of 8 Gy against pain."""
    course.wait(5, 25)
    dose = {"dose_gy": 8, "fractions": 1}
    course.add("local_treatment", site="bone", modality="rt", intent="symptomatic", indication="pain", **dose)


def press_cord(course: Course) -> None:
    """Cord compression, treated on the same day."""
    course.wait(10, 40)
    course.add("finding_recorded", spinal_cord_compression=True, paresis=False)
    _relieve_cord(course)


def press_cord_waiting(course: Course) -> None:
    """Treated some days later; no day of grace is given."""
    course.wait(10, 40)
    course.add("finding_recorded", spinal_cord_compression=True, paresis=True)
    course.chart.duty("d-cord-untreated", course.day, course.day + timedelta(3))
    course.day += timedelta(3)
    _relieve_cord(course)


def press_cord_untreated(course: Course) -> None:
    course.wait(10, 40)
    course.add("finding_recorded", spinal_cord_compression=True)
    course.chart.duty("d-cord-untreated", course.day, None)


def press_plexus(course: Course) -> None:
    """Plexus infiltration, treated on the same day."""
    course.wait(10, 40)
    course.add("finding_recorded", plexus_infiltration=True)
    course.add("local_treatment", site="plexus", modality="rt", intent="symptomatic", indication="plexus")


def press_plexus_untreated(course: Course) -> None:
    course.wait(10, 40)
    course.add("finding_recorded", plexus_infiltration=True)
    course.chart.duty("d-plexus-untreated", course.day, None)


def fill_marrow(course: Course) -> None:
    """While therapy that fits is running."""
    course.wait(10, 40)
    course.add("finding_recorded", bone_marrow_infiltration=True, pancytopenia=True)


def fill_marrow_unanswered(course: Course) -> None:
    """HER2-positive disease without anti-HER2 therapy."""
    fill_marrow(course)
    course.chart.duty("d-marrow-her2-untreated", course.day, None)


def find_in_axilla(course: Course) -> None:
    """A metastasis in the other axilla, alone."""
    course.wait(20, 60)
    course.lesions.clear()
    course.find("contralateral_axilla")
    course.lesions[0]["isolated"] = True
    course.image("response")


def board_axilla(course: Course) -> None:
    course.wait(3, 9)
    course.hold_board("other", "recommended", decision_text="axilla to be treated as regional")


def treat_axilla(course: Course) -> None:
    """As regional disease, with the intention to cure."""
    course.wait(4, 14)
    done = {"site": "contralateral_axilla", "modality": "surgery", "intent": "regional_curative"}
    course.add("local_treatment", lesion="L1", **done)


def treat_axilla_unboarded(course: Course) -> None:
    treat_axilla(course)
    course.plant("d-contralateral-axilla-unboarded")


def sample_again_with_gain(course: Course) -> None:
    """A second biopsy shows HER2 where the primary had none."""
    course.wait(5, 12)
    lesion = course.lesions[0]
    found = {
        "method": "histology",
        "metastasis_confirmed": True,
        **course.person.receptors,
        "her2": "positive",
    }
    course.add("tissue_result", site=lesion["organ"], lesion=lesion["id"], **found)


def change_to_anti_her2(course: Course) -> None:
    course.wait(5, 14)
    course.line += 1
    classes = ["anti_her2", "chemotherapy"]
    course.add("systemic_changed", line=course.line, regimen_class=classes, reason="receptor_change")


def leave_gain(course: Course) -> None:
    """Neither therapy nor a board answers the gain."""
    due = course.day + timedelta(28)
    course.day = due + timedelta(1)
    course.chart.duty("d-receptor-gain-untreated", due, None)


def board_gain_late(course: Course) -> None:
    due = course.day + timedelta(28)
    course.day = due
    course.wait(3, 20)
    course.hold_board("other", "other", decision_text="HER2 gained")
    course.chart.duty("d-receptor-gain-untreated", due, course.day)


def _relieve_cord(course: Course) -> None:
    modality = course.chance.pick(("rt", "surgery"))
    course.add(
        "local_treatment",
        site="spine",
        modality=modality,
        intent="symptomatic",
        indication="spinal_compression",
    )
