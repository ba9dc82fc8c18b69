"""Terms of offers beyond a price, standing prices and sharing: what their equations say of one person, and that off is off."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.behaviour import buying, sharing, standing, terms
from sim.codes import MEMBERSHIP, PRESALE
from tests.sim.people import Record, an_offer, parameters, somebody

PEOPLE = 400


def crowd(p: Record, **fields: float) -> list[Record]:
    """Return people who differ in their keys alone."""
    return [somebody(p, key=key + 1, **fields) for key in range(PEOPLE)]


def share(p: Record, person: Record, **fields: float) -> float:
    """Return the perceived price of an offer of goods of 100 yuan."""
    return float(terms.perceived_share(person, an_offer(list_fen=10_000, **fields), p, 0.0))


def test_without_terms_the_price_is_the_price() -> None:
    p = parameters()
    for price in (1.0, 0.83, 0.05):
        assert share(p, somebody(p), price_share=price) == price


def test_a_saving_or_gift_counts_in_full_for_who_spends_as_much_and_less_the_more_is_lacking() -> None:
    p = parameters()
    found = [share(p, somebody(p, units_mean=units), floor_fen=30_000, save_fen=6000) for units in (1.0, 2.0, 2.9, 3.0)]
    assert found[-1] == pytest.approx(0.8)
    assert found == sorted(found, reverse=True)
    assert found[1] == pytest.approx(1.0 - math.exp(-10_000 / 6000) * 0.2)
    assert share(p, somebody(p, units_mean=3.0), floor_fen=30_000, worth_fen=6000) == found[-1]


def test_money_back_is_worth_less_the_later_it_comes() -> None:
    p = parameters()
    found = [share(p, somebody(p), back_share=0.4, wait_h=weeks * 168.0) for weeks in (0, 1, 8, 1000)]
    assert found[0] == pytest.approx(0.6)
    assert found[2] == pytest.approx(1.0 - 0.4 / math.e)
    assert found == sorted(found)
    assert found[3] == 1.0


def test_who_pays_less_anyway_sees_only_what_an_offer_takes_off_that() -> None:
    p = parameters()
    valued = somebody(p, standing_share=0.8, standing_until_h=10.0)
    assert share(p, valued, price_share=1.0) == 1.0
    assert share(p, valued, price_share=0.6) == pytest.approx(0.75)
    # Three units of 80 yuan do not reach 300; the fourth does.
    wide = an_offer(list_fen=10_000, floor_fen=30_000, save_fen=10_000_000)
    assert int(terms.fill_up(valued, wide, 3, p, 0.0)) == 4
    assert int(terms.fill_up(valued, wide, 3, p, 10.0)) == 3
    assert standing.share(valued, 9.9) == 0.8
    assert standing.share(valued, 10.0) == 1.0


def test_a_standing_price_raises_need_as_a_price_does() -> None:
    p = parameters()
    plain, valued = somebody(p), somebody(p, standing_share=0.8, standing_until_h=10.0)
    for person in (plain, valued):
        buying.act(person, None, p, 0.0)
    assert valued["buy_rate"] > 1.2 * plain["buy_rate"]


@pytest.mark.parametrize(("willingness", "low", "high"), [(0.0, 0, 0), (0.5, 1, 120), (2.0, 120, 300), (100.0, 370, PEOPLE)])
def test_the_willing_add_units_to_reach_the_amount(willingness: float, low: int, high: int) -> None:
    p = parameters({"terms.willingness": willingness})
    offer = an_offer(list_fen=10_000, floor_fen=30_000, save_fen=10_000)
    units = [int(terms.fill_up(person, offer, 2, p, 0.0)) for person in crowd(p)]
    assert set(units) <= {2, 3}
    assert low <= units.count(3) <= high
    assert {int(terms.fill_up(person, offer, 4, p, 0.0)) for person in crowd(p)} == {4}


def test_a_team_attracts_the_more_the_fewer_lack_and_is_certain_with_the_last() -> None:
    p = parameters()
    offer = an_offer(team=4)
    found = [float(terms.lift(offer, joined, p)) for joined in range(4)]
    assert found == pytest.approx([0.7, 0.8, 0.9, 1.0])
    certain = parameters({"terms.doubt": 0.0})
    assert {float(terms.lift(offer, joined, certain)) for joined in range(4)} == {1.0}
    assert float(terms.lift(an_offer(form=PRESALE, wait_h=8 * 168.0), 0, p)) == pytest.approx(1 / math.e)


def still(p: Record, hours: float, deposit: float, price: float = 0.8, **fields: float) -> int:
    """Return how many of a crowd still want what they reserved."""
    offer = an_offer(price_share=0.8, key=77)
    return sum(bool(terms.still_wants(person, offer, hours, deposit, price, p)) for person in crowd(p, **fields))


def test_interest_cools_less_with_a_deposit_and_not_without_cooling() -> None:
    p = parameters()
    by_time = [still(p, weeks * 168.0, 0.0) for weeks in (0, 4, 12)]
    assert by_time[0] == PEOPLE
    assert by_time == sorted(by_time, reverse=True)
    assert abs(by_time[1] / PEOPLE - math.exp(-0.4)) < 4 * math.sqrt(0.25 / PEOPLE)
    by_deposit = [still(p, 8 * 168.0, share) for share in (0.0, 0.5, 1.0)]
    assert by_deposit == sorted(by_deposit)
    assert by_deposit[-1] == PEOPLE
    assert still(p, 0.0, 0.0, trust=0.25) < 0.6 * PEOPLE
    assert still(p, 0.0, 0.0, price=1.0) < 0.8 * PEOPLE
    assert still(p, 0.0, 0.0, lapsed_h=-1.0) == 0


def members(p: Record, **fields: float) -> int:
    """Return how many of a crowd take a membership of 30 yuan for 90 days with a tenth off."""
    plain = {"form": MEMBERSHIP, "fee_fen": 3000, "term_h": 2160.0, "price_share": 0.9, "list_fen": 10_000, "key": 5}
    offer = an_offer(**{**plain, **fields})
    return sum(bool(standing.wants_membership(person, offer, p, 0.0)) for person in crowd(p, need_rate_per_hour=0.001, lapsed_h=np.inf))


def test_a_membership_is_taken_by_more_people_the_better_it_is_worth_its_fee() -> None:
    p = parameters()
    by_fee = [members(p, fee_fen=fee) for fee in (1, 1000, 2160, 5000, 10**9)]
    assert by_fee == sorted(by_fee, reverse=True)
    assert by_fee[0] == PEOPLE
    assert by_fee[-1] == 0
    # The median of what a membership of 2160 hours saves at a need of .001 an hour is 21.6 yuan: 5 standard errors of a half.
    assert abs(by_fee[2] / PEOPLE - 0.5) < 5 * math.sqrt(0.25 / PEOPLE)
    assert members(p, fee_fen=5000, worth_fen=4000) > by_fee[3]
    assert members(parameters({"standing.foresight": 0.0})) == 0


def test_sharing_grows_with_the_commission() -> None:
    def sharers(p: Record, commission: float) -> int:
        offer = an_offer(list_fen=10_000, commission_share=commission, key=3)
        return sum(bool(sharing.shares(person, offer, p)) for person in crowd(p))

    p = parameters()
    found = [sharers(p, commission) for commission in (0.0, 0.1, 0.5, 0.9)]
    assert found[0] == 0
    assert found == sorted(found)
    # A dose of .02 for each of 50 yuan: 1 - 1/e share, within 5 standard errors.
    assert abs(found[2] / PEOPLE - (1 - 1 / math.e)) < 5 * math.sqrt(0.25 / PEOPLE)
    assert sharers(parameters({"sharing.intensity_per_yuan": 0.0}), 0.9) == 0
