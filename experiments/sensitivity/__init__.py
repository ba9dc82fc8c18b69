"""What the result hangs on: keys varied one at a time and together, indices of how much each matters, and what would turn the order."""
