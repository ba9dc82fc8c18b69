"""The command `parameters`: every parameter of a scenario, with what the model notes about it."""
