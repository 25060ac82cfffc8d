"""Kinds of patients: for each the share in a cohort, and the course that the patient takes."""
