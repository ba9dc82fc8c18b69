"""The map of which strategy leads, by horizon and by two uncertain parameters.

The arms of a comparison are run again at every pair of values of two keys, on the same people everywhere. What comes
out is a table and a figure with intervals. Nothing here expects one strategy or another to lead.
"""
