"""The command line: settings, clock and database are put together here, and only here."""
