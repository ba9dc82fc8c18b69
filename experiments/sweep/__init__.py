"""A sweep: every arm at every setting of the levers, in every world, on the same people; curves, maps, interactions."""
