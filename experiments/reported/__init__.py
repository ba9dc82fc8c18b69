"""What practitioners report of a strategy, beside what its runs gave.

A strategy carries reported figures (``strategy.reported``), each with the measure that it is held against. The measures are here, taken
from the tables of finished runs; nothing here has any effect on a simulation.
"""
