"""How well a message fits a member: cosine similarity of interests and topic mix, both non-negative, so in [0, 1].

Source: MODEL section 4.
"""

from __future__ import annotations

import math

from sim.codes import TOPICS
from sim.compiled import compiled


@compiled
def similarity(interests, topics):
    """Return the cosine similarity of two non-negative vectors of ``TOPICS`` entries (0 if one is empty)."""
    dot = 0.0
    left = 0.0
    right = 0.0
    for k in range(TOPICS):
        dot += interests[k] * topics[k]
        left += interests[k] * interests[k]
        right += topics[k] * topics[k]
    if left <= 0.0 or right <= 0.0:
        return 0.0
    return min(1.0, dot / math.sqrt(left * right))
