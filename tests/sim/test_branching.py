"""Referral with nothing in its way is a branching process (EVIDENCE row 5): Galton and Watson's closed forms.

Everybody invites a Poisson number of people soon after joining, everybody who is asked comes, and the pool is so large that hardly
anybody is asked twice. So the people brought in by one of the founding members, through any number of others, are the progeny of a
branching process with Poisson offspring.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize

from sim import simulate
from tests.sim.worlds import ALIKE_HOURS, build, null_tree

EARLY_DAYS = 0.02
QUIET_HOURS = 4.0  # a generation takes about one


def lines(offspring: float, founders: int, hours: float, replications: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the size of each founder's line (they themselves included), and whether it had long been quiet at the end."""
    scenario = build(
        null_tree(),
        {
            "horizon_days": hours / 24.0,
            "population": {"size": founders, "group_size": 500, "initial_fill": 0.01},  # room for everybody who may come
            "market.pool": 1_000_000,
            "behaviour.sessions.rate_per_day": 40.0,
            "behaviour.sessions.rate_shape": 1e6,
            "market.hour_weights": ALIKE_HOURS,
            "behaviour.referral": {
                "propensity_mean": 1.0,
                "propensity_shape": 1e6,
                "early_per_day": offspring / EARLY_DAYS,
                "early_days": EARLY_DAYS,
                "late_per_day": 0.0,
                "again_per_day": 0.0,
                "trust_weight": 0.0,
                "candidates": 1,
                "accept_alone": 1.0,
            },
        },
    )
    sizes, quiet = [], []
    for replication in range(replications):
        members = simulate(scenario, 41, replication).members
        founder = members["person"].to_numpy().copy()
        for place, inviter in enumerate(members["inviter"].to_numpy()):
            if inviter >= 0:
                founder[place] = founder[inviter]
        joined = members["joined_h"].to_numpy()
        sizes.append(np.bincount(founder, minlength=founders)[:founders])
        last = np.zeros(founders)
        np.maximum.at(last, founder, joined)
        quiet.append(last < hours - QUIET_HOURS)
    return np.concatenate(sizes), np.concatenate(quiet)


def test_the_progeny_of_a_dying_line() -> None:
    # Mean 1 / (1 - m) = 2.5 and variance m / (1 - m)^3: at 15,000 lines 3 % is three standard errors.
    sizes, quiet = lines(0.6, 500, 48.0, 30)
    assert quiet.mean() > 0.995
    assert sizes.mean() == pytest.approx(2.5, rel=0.03)
    assert (sizes == 1).mean() == pytest.approx(np.exp(-0.6), rel=0.03)  # nobody invited
    assert sizes.var() == pytest.approx(0.6 / 0.4**3, rel=0.15)


def test_the_extinction_of_a_growing_line() -> None:
    extinct = float(optimize.brentq(lambda q: q - np.exp(1.5 * (q - 1.0)), 0.1, 0.9))
    assert extinct == pytest.approx(0.417, abs=0.0005)
    sizes, quiet = lines(1.5, 100, 14.0, 16)
    # What is neither quiet nor large may still die: the truth lies between counting none and all of it. 1,600 lines: three standard
    # errors, .003 of error, beyond either end.
    undecided = (sizes < 20) & ~quiet
    assert undecided.mean() < 0.03
    error = 3.0 * np.sqrt(extinct * (1.0 - extinct) / quiet.size)
    assert quiet.mean() - error < extinct < (quiet | undecided).mean() + error
    assert quiet.mean() == pytest.approx(extinct, rel=0.08)
