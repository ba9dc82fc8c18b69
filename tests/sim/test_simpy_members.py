"""A SimPy process a member, written independently and with random numbers of its own, gives the same means as the kernel.

Error rate: the chance that this test fails though both agree is 1 % over all metrics together (Bonferroni); seeds are fixed.
"""

from __future__ import annotations

import pytest

from benchmarks.agreement import METRICS, Comparison, compare

REPLICATIONS = 24
ERROR = 0.01
#: Half-widths, relative to the mean, that the test must reach to be worth anything.
PRECISION = dict(zip(METRICS, (0.05, 0.15, 0.25, 0.15, 0.2, 0.25), strict=True))


@pytest.fixture(scope="module")
def comparisons() -> list[Comparison]:
    return compare(people=300, days=5.0, replications=REPLICATIONS, error=ERROR)


def test_means_agree(comparisons: list[Comparison]) -> None:
    apart = [comparison for comparison in comparisons if not comparison.agrees]
    assert not apart, apart


def test_intervals_are_narrow(comparisons: list[Comparison]) -> None:
    wide = [found for found in comparisons if (found.high - found.low) / 2 > PRECISION[found.metric]]
    assert not wide, wide


def test_there_is_enough_to_compare(comparisons: list[Comparison]) -> None:
    assert all(comparison.kernel > 0.0 for comparison in comparisons)
