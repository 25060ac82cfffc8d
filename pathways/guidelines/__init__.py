"""The guideline as typed data: statements with printed grades, definition profiles, conflicts, vocabulary."""
