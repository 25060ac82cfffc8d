"""What a pathway means: pure functions of pathway, events and the moment asked about."""
