"""The evidence as it was when somebody last looked at it: `validation.csv`, what `fishpond validate size=quick seed=1` gave."""
