from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim import simulate
from sim.behaviour import buying, winning_back
from sim.simulation import Result
from tests.sim.people import Record, a_group, a_message, a_product, an_offer, parameters, somebody
from tests.sim.worlds import Tree, build, null_tree

PEOPLE = 3000


def offered(p: Record, person: Record, key: int = 8, **offer: Any) -> bool:
    """Return whether an offer brings somebody back."""
    before = int(person["won_back"])
    winning_back.offered(person, a_message(), an_offer(key=key, **offer), a_product(), 0.5, p, 9.0)
    assert np.isinf(person["lapsed_h"]) or person["won_back"] == before
    return bool(person["won_back"] > before)


def back(p: Record, lift: float) -> int:
    """Return how many of many lapsed people come back at an offer whose attraction is ``lift``."""
    return sum(offered(p, somebody(p, key=key, lapsed_h=1.0, offer_lift=lift)) for key in range(PEOPLE))


@pytest.mark.parametrize(("lift", "share"), [(1.5, 0.2), (1.9, 0.36), (2.0, 0.4), (7.0, 0.4)])
def test_the_chance_grows_with_the_offer_up_to_twice_as_good(lift: float, share: float) -> None:
    p = parameters({"winning_back.chance": 0.4})
    assert stats.binomtest(back(p, lift), PEOPLE, share).pvalue > 0.001


def test_an_offer_that_is_none_brings_nobody_back() -> None:
    p = parameters({"winning_back.chance": 1.0})
    assert back(p, 1.0) == back(p, 0.3) == 0
    assert back(p, 2.0) == PEOPLE


def test_a_chance_of_zero_is_off() -> None:
    assert back(parameters({"winning_back.chance": 0.0}), 9.0) == 0


def test_each_person_decides_once_on_an_offer() -> None:
    p = parameters({"winning_back.chance": 0.5})
    answers = []
    for key in range(200):
        same = {offered(p, somebody(p, key=key, lapsed_h=1.0), key=5, price_share=0.4) for _ in range(4)}
        answers.append(same)
        person = somebody(p, key=key, lapsed_h=1.0)
        assert any(offered(p, person, key=number, price_share=0.4) for number in range(40))
        assert person["won_back"] == 1
    assert all(len(same) == 1 for same in answers)
    assert {True} in answers
    assert {False} in answers


def test_only_the_lapsed_can_be_won_back() -> None:
    p = parameters({"winning_back.chance": 1.0})
    assert not offered(p, somebody(p), price_share=0.2)


def test_who_is_back_needs_again_at_the_old_rate_and_may_take_the_offer() -> None:
    p = parameters({"winning_back.chance": 1.0})
    person = somebody(p, lapsed_h=1.0, buy_clock=0.05)
    buying.act(person, a_group(), p, 9.0)
    assert person["buy_rate"] == 0.0
    assert offered(p, person, price_share=0.4)
    buying.offered(person, a_message(), an_offer(price_share=0.4, number=3), a_product(), 0.5, p, 9.0)
    assert person["trigger_offer"] == 3
    buying.act(person, a_group(), p, 9.0)
    assert person["buy_rate"] == pytest.approx(0.01)


# ---- in small worlds ------------------------------------------------------------------------------------------------

DEAL = {"kind": "sales_post", "when": "daily 20:00", "product": "hero", "discount": 0.4, "window": "12h"}


def run(chance: float, **programme: Tree) -> Result:
    """Return a run of the null world in which half of the repeat customers lapse at each purchase."""
    changes = {"brand.need": {"rate_shape": 4.0, "rate_scale_weeks": 4.0, "lapse_a": 50.0, "lapse_b": 50.0}, "horizon_days": 28.0}
    return simulate(build(null_tree(**programme), {**changes, "behaviour.winning_back.chance": chance}), 90)


def test_nobody_is_won_back_without_offers() -> None:
    quiet = run(1.0)
    assert quiet.members["lapsed_h"].notna().sum() > 20
    assert (quiet.members["won_back"] == 0).all()
    assert quiet.orders.equals(run(0.0).orders)


def test_who_is_won_back_buys_again() -> None:
    # Nobody's purchases touch anybody else's here: until they are won back people live the same lives in both runs.
    lost, won = run(0.0, deal=DEAL), run(1.0, deal=DEAL)
    assert (lost.members["won_back"] == 0).all()
    back = won.members["won_back"] > 0
    lapsed_h = lost.members["lapsed_h"].to_numpy()
    assert back.sum() > 20
    assert np.isfinite(lapsed_h[back]).all()
    later = {name: found.orders["time_h"] > lapsed_h[found.orders["person"]] for name, found in (("lost", lost), ("won", won))}
    assert not later["lost"].any()
    assert back[won.orders.loc[later["won"], "person"]].all()
    assert won.orders.loc[later["won"], "person"].nunique() > 10
    earlier = won.orders.loc[~later["won"], ["person", "time_h", "units"]].reset_index(drop=True)
    assert earlier.equals(lost.orders[["person", "time_h", "units"]])
