"""Who works on what: owners, teams, absences, comments and calendars, folded from what was said."""
