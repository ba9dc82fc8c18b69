"""Closed forms of EVIDENCE rows 1 and 3 beside what is published, and what `fishpond validate` leaves to tests of the exact rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.calibrate.bg_nbd import Need, expected_counts
from experiments.validate.purchases import CUSTOMERS, sample_file, sample_weeks
from experiments.validate.rows.red_packet_split import SHARES, analytic_largest, analytic_spreads
from sim import randomness, simulate
from sim.behaviour import red_packets
from sim.encode import parameter_record
from sim.world import PACKET, PERSON
from tests.sim.worlds import CDNOW_NEED, build, null_tree

# EVIDENCE row 1: standard deviation over mean, by position, and the mean of the largest share over the mean share.
SPREADS = (0.577, 0.582, 0.588, 0.596, 0.606, 0.621, 0.644, 0.683, 0.768, 0.768)
LARGEST = 2.12
# EVIDENCE row 3: customers with 0, 1, ..., 7 or more repeat purchases.
PUBLISHED = (1407, 459, 193, 102, 60, 39, 26, 72)


def test_theory_of_packets_is_the_published_one() -> None:
    np.testing.assert_allclose(analytic_spreads(SHARES), SPREADS, atol=0.0006)
    assert analytic_largest(SHARES) == pytest.approx(LARGEST, abs=0.005)


@pytest.mark.parametrize(("total", "shares"), [(20_000, 10), (10, 10), (11, 10), (1, 1), (57, 3)])
def test_claims_sum_to_the_packet_to_the_fen(total: int, shares: int) -> None:
    scenario = build(null_tree())
    p = parameter_record(scenario, randomness.run_key(5, 0))[0]
    for number in range(300):
        packet = np.zeros(1, PACKET)[0]
        packet["key"], packet["expires_h"] = number, 24.0
        packet["total_fen"] = packet["remaining_fen"] = total
        packet["shares"] = packet["remaining_shares"] = shares
        packet["sender"] = -1
        person = np.zeros(1, PERSON)[0]
        claims = [red_packets.claim(person, packet, p, 1.0) for _ in range(shares)]
        assert min(claims) >= 1
        assert sum(claims) == total
        assert (packet["remaining_fen"], packet["remaining_shares"]) == (0, 0)
        for fen in claims:
            red_packets.claimed(person, packet, fen, p, 1.0)
        assert (person["claimed_fen"], person["claims"]) == (total, shares)
        assert red_packets.claim(person, packet, p, 1.0) == 0


def test_theory_of_purchases_is_the_published_one(cdnow: Path) -> None:
    assert sample_file() == cdnow.with_name("cdnow_customers_summary.csv")
    assert len(sample_weeks()) == CUSTOMERS
    # To one customer: the published figures come from parameters with more digits than the four that are printed.
    np.testing.assert_allclose(expected_counts(Need(**CDNOW_NEED), sample_weeks()), PUBLISHED, atol=1.5)


def test_a_silent_group_changes_no_purchase() -> None:
    # The same people inside and outside groups, with all other mechanisms at their defaults: no message, no effect.
    tree = null_tree()
    tree["behaviour"] = {
        "chat": {"talkativeness_per_day": 0.0},
        "referral": {"propensity_mean": 0.0},
        "giving": {"spontaneous_per_day": 0.0},
    }
    changes = {"horizon_days": 120, "population": {"size": 600, "group_size": 200, "customer_share": 1.0}, "brand.need": CDNOW_NEED}
    inside = simulate(build(tree, changes), 6)
    outside = simulate(build(tree, {**changes, "strategy.community": False}), 6)
    assert inside.summary["leaves"] > 0
    assert inside.orders["in_group"].any()
    assert not outside.orders["in_group"].any()
    assert len(inside.orders) > 300
    by_person = [run.orders.sort_values(["person", "time_h"], ignore_index=True) for run in (inside, outside)]
    columns = ["person", "product", "units", "paid_yuan", "refund_yuan"]
    pd.testing.assert_frame_equal(by_person[0][columns], by_person[1][columns])
    np.testing.assert_allclose(by_person[0]["time_h"], by_person[1]["time_h"], atol=1e-6)
