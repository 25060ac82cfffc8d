"""Tests, one folder per room, and folders for what holds across rooms."""
