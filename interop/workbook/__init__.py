"""A workbook that a person fills in and that is imported as it stands: several long tables in one file."""
