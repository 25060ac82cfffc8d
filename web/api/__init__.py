"""The API for programs, a module for each family of operations."""
