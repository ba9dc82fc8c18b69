"""Every mechanism matters, in the direction that its meaning gives: see the table in ``ablations.py`` for rows, reasons and error rate."""

from __future__ import annotations

import pytest

from sim import behaviour
from tests.sim.ablations import TABLE, Ablation, change

#: Mechanisms that by their own account only read off what others did.
WITHOUT_EFFECT = {"lifecycle"}


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_without_it_there_is_less_or_more(row: Ablation) -> None:
    low, high = change(row)
    assert (high < 0.0) if row.without == "less" else (low > 0.0), f"{row.reason}: {row.outcome} changed by {low:.4g} to {high:.4g}"


def test_every_mechanism_has_a_row() -> None:
    mechanisms = {mechanism.__name__.rpartition(".")[2]: mechanism for mechanism in behaviour.MECHANISMS}
    assert {row.mechanism for row in TABLE} == set(mechanisms) - WITHOUT_EFFECT
    for name in WITHOUT_EFFECT:
        assert "changes nothing" in str(mechanisms[name].__doc__), name
