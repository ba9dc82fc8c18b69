"""Biographies: every event of single members, as a table and as a figure each."""
