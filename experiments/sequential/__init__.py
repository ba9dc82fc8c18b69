"""How many replications: until an interval is narrow enough, or until the best arm is found.

A plan is asked which runs are wanted, sees the metrics of those that are finished, and is asked again until it wants nothing. It decides by
the replications in their order, never by the time at which they came: an interrupted command that is continued decides the same.
"""
