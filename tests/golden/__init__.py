"""A golden baseline: what the default comparison gave when somebody last looked at it and agreed."""
