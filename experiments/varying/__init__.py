"""Trying many settings: which keys vary, between what, at which points, and the runs of them all.

Levers are what the brand decides (keys of its strategy); everything else that varies is the world that it meets. Every
setting of the levers meets the same worlds.
"""
