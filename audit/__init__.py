"""Where care departed from the guideline, across patients: judgements, figures, reports, evidence."""
