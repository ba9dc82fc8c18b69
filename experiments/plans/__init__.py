"""The command `strategies import=FILE`: a weekly plan made in a spreadsheet becomes a strategy."""
