"""Fit a brand to its own data, and show how well the simulator tells what came after the part that was fitted."""
