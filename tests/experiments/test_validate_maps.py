"""What rows of the evidence measure, on small tables with known answers."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.validate.rows.alarm_levels import CLASSES, agreeing, cross_table


def test_groups_are_counted_by_level_and_class() -> None:
    classes = np.array([CLASSES.index(name) for name in ("value", "lukewarm", "lukewarm", "dead", "junk", "lukewarm")], float)
    counts = cross_table(classes, np.array([0.11, 0.10, 0.03, 0.029, 0.5, 0.01]))
    assert counts.tolist() == [[1, 0, 0, 1], [0, 2, 0, 0], [0, 1, 1, 0]]
    assert agreeing(counts) == pytest.approx(4 / 5)  # junk is left out, and the lukewarm group below 3 % is not dead


def test_without_groups_nothing_agrees() -> None:
    assert np.isnan(agreeing(cross_table(np.array([]), np.array([]))))
