"""The rows that are built: one file a row, found by its name. A file defines `ROW`; adding one touches no other file."""
