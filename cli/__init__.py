"""The command line: the one place where environment, clock, files and database are put together."""
