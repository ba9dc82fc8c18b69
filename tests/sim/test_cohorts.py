"""The table of cohorts: every person in one, sums as in the other tables, and worth discounted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim import simulate
from sim.simulation import Result
from tests.sim.worlds import build, nurturing_tree

CHANGES = {"horizon_days": 40.0, "market.pool_arrivals_per_year": 0.3, "report.discount_rate": 0.5}


@pytest.fixture(scope="module")
def result() -> Result:
    """Return the result of a world in which people come in by every way."""
    return simulate(build(nurturing_tree(), CHANGES), 4)


def test_everybody_is_in_one_cohort(result: Result) -> None:
    cohorts, members = result.cohorts, result.members
    assert set(cohorts["channel"]) == {"founding", "door", "kol", "referral", "walk_in"}
    assert not cohorts.duplicated(["channel", "week"]).any()
    by_channel = cohorts.groupby("channel")[["people", "orders", "gmv", "contribution"]].sum()
    people = members.assign(people=1).groupby("channel")[["people", "orders", "gmv", "contribution"]].sum()
    for name in by_channel:
        np.testing.assert_allclose(by_channel[name], people[name], atol=0.005 * len(cohorts))
    assert cohorts["members"].sum() == members["joined_h"].notna().sum()
    assert cohorts["buyers"].sum() == (members["orders"] > 0).sum()


def test_worth_is_discounted(result: Result) -> None:
    members, orders = result.members.set_index("person"), result.orders
    row = result.cohorts.query("channel == 'door' and week == 1").iloc[0]
    people = members[(members["channel"] == "door") & (members["admitted_h"] // 168 == 1)]
    mine = orders[orders["person"].isin(people.index)]
    margin = mine["paid_yuan"] - mine["refund_yuan"] - mine["cost_yuan"] - mine["coupon_yuan"]
    worth = (margin * 1.5 ** (-mine["time_h"] / 8760.0)).sum()
    worth -= (3.0 * 1.5 ** (-people["admitted_h"] / 8760.0)).sum()
    worth -= people["claimed_yuan"].sum() * 1.5 ** (-40.0 / 365.0)
    assert len(people) > 5
    assert row["people"] == len(people)
    assert row["ltv"] == pytest.approx(worth / len(people))
    stayed = people[people["joined_h"].notna()]
    assert row["retention_d7"] == pytest.approx(1.0 - (stayed["left_h"] - stayed["joined_h"] <= 168.0).mean())


def test_a_summary_alone_has_no_cohorts() -> None:
    short = simulate(build(nurturing_tree(), {"horizon_days": 2.0}), 4, record="summary")
    assert short.cohorts.empty
    assert "ltv" in short.cohorts
