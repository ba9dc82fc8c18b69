"""The command `validate`: every row of the evidence as a small experiment, published against simulated."""
