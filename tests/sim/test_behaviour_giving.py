from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim import behaviour, simulate
from sim.behaviour import giving, red_packets, ties
from sim.scenario import Scenario
from sim.simulation import Result
from sim.world import PERSON
from tests.sim.people import Record, a_packet, parameters, somebody
from tests.sim.worlds import brand_tree, build, null_tree, strategy_tree

INTENSITY, LUCKIEST, TIE = 0.017, 1.55, 0.2
HOW_OFTEN = {"intensity_per_yuan": INTENSITY, "luckiest_factor": LUCKIEST, "spontaneous_per_day": 0.0, "tie_strength": TIE}
P = parameters({"giving": {**HOW_OFTEN, "median_yuan": 8.0, "sigma": 0.6, "echo": 0.1, "shares": 10}})
PEOPLE = 20_000


def newcomer(key: int, p: Record = P, **fields: Any) -> Record:
    """Return a member whose first budget of giving has just been drawn."""
    person = somebody(p, key=key, giving_clock=0.0, **fields)
    giving.next_budget(person, p)
    return person


def crowd(**fields: Any) -> list[Record]:
    """Return many members as ``newcomer`` does."""
    people = np.repeat(np.array([somebody(P, giving_clock=0.0, **fields)]), PEOPLE)
    people["key"] = np.arange(1, PEOPLE + 1)
    for person in people:
        giving.next_budget(person, P)
    return list(people)


def share_of_givers(people: list[Record]) -> float:
    """Return the share whose clock has run out."""
    return float(np.mean([person["giving_clock"] <= 0.0 for person in people]))


def close_to(chance: float) -> Any:
    """Return a match for a share of the crowd within 4 standard errors of a chance."""
    return pytest.approx(chance, abs=4 * math.sqrt(chance * (1 - chance) / PEOPLE))


# ---- whether -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("yuan", [1, 5, 20, 100])
def test_the_chance_of_giving_follows_what_was_received(yuan: int) -> None:
    people = crowd()
    for person in people:
        giving.claimed(person, a_packet(), 100 * yuan, P, 0.0)
    assert share_of_givers(people) == close_to(1 - math.exp(-INTENSITY * yuan))


def test_many_small_claims_are_worth_one_large() -> None:
    often, once = newcomer(5), newcomer(5)
    for _ in range(100):
        giving.claimed(often, a_packet(), 10, P, 0.0)
    giving.claimed(once, a_packet(), 1000, P, 0.0)
    assert often["giving_clock"] == pytest.approx(once["giving_clock"])


def test_the_luckiest_give_more_from_their_next_event_on() -> None:
    people = crowd()
    for person in people:
        giving.claimed(person, a_packet(), 2000, P, 0.0)
        person["luckiest_new_fen"] = 2000
    assert share_of_givers(people) == close_to(1 - math.exp(-INTENSITY * 20))
    for person in people:
        giving.elapsed(person, P, 1.0)
        assert person["luckiest_new_fen"] == 0
    assert share_of_givers(people) == close_to(1 - math.exp(-LUCKIEST * INTENSITY * 20))


def test_giving_for_no_reason_takes_its_time() -> None:
    p = parameters({"giving.spontaneous_per_day": 0.01})
    person = newcomer(3, p)
    before = float(person["giving_clock"])
    for _ in range(48):
        giving.elapsed(person, p, 12.0)
    assert before - person["giving_clock"] == pytest.approx(0.24)


@pytest.mark.parametrize("fields", [{"freeloader": True}, {"member": False}])
def test_freeloaders_and_who_is_no_member_never_give(fields: dict[str, Any]) -> None:
    p = parameters({"giving.spontaneous_per_day": 10.0})
    person = newcomer(3, p, **fields)
    before = float(person["giving_clock"])
    giving.claimed(person, a_packet(), 20_000, p, 0.0)
    person["luckiest_new_fen"] = 20_000
    giving.elapsed(person, p, 24.0)
    assert person["giving_clock"] == before
    assert person["luckiest_new_fen"] == 0
    assert not giving.gives(person)


# ---- who is luckiest, and ties -----------------------------------------------------------------------------------------


def circle(shares: list[int], **fields: Any) -> tuple[Any, Record]:
    """Let members 1, 2, ... of a group take the given shares of a packet that member 0 sent; return all of them and the packet."""
    people = np.zeros(len(shares) + 1, PERSON)
    for place in range(len(people)):
        people[place] = somebody(P, key=place + 1)
    packet = a_packet(sender=0, total_fen=sum(shares), shares=len(shares), **fields)
    for claimer, fen in enumerate(shares, start=1):
        packet["remaining_shares"] -= 1
        giving.taken(people, packet, claimer, fen, P)
        told = people["luckiest_new_fen"].any()
        assert told == (claimer == len(shares) > 1)
    return people, packet


@pytest.mark.parametrize(("shares", "luckiest"), [([3, 9, 5], 2), ([9, 3, 9], 1), ([1, 2], 2)])
def test_the_luckiest_is_the_first_with_the_largest_share_told_with_the_last(shares: list[int], luckiest: int) -> None:
    people, packet = circle(shares)
    assert (packet["luckiest"], packet["luckiest_fen"]) == (luckiest, max(shares))
    assert people["luckiest_new_fen"].tolist() == [max(shares) * (place == luckiest) for place in range(len(people))]


def test_one_share_is_no_draw() -> None:
    people, _ = circle([7])
    assert not people["luckiest_new_fen"].any()


def test_who_has_left_is_told_nothing_and_tied_to_nobody() -> None:
    people = np.zeros(3, PERSON)
    for place in range(3):
        people[place] = somebody(P, key=place + 1, member=place == 2)
    packet = a_packet(sender=0, shares=2, remaining_shares=0, luckiest=1, luckiest_fen=900)
    giving.taken(people, packet, 2, 100, P)
    assert not people["luckiest_new_fen"].any()
    assert not people["tie_strength"].any()


def test_a_claim_ties_the_claimer_and_the_sender() -> None:
    people, _ = circle([3, 9, 5])
    for claimer in (1, 2, 3):
        assert ties.strength(people[claimer], 0) == pytest.approx(TIE)
        assert ties.strength(people[0], claimer) == pytest.approx(TIE)
    assert ties.strength(people[1], 2) == 0.0


def test_a_members_packet_pleases_but_earns_the_brand_no_trust() -> None:
    found = {}
    for sender in (-1, 4):
        person = found[sender] = somebody(P, talk_clock=1.0)
        behaviour.claimed(person, a_packet(sender=sender), 500, P, 0.0)
    brands, members = found[-1], found[4]
    for name in ("claims", "talk_clock", "belonging", "benefits_per_week", "giving_clock", "last_received_fen"):
        assert brands[name] == members[name], name
    assert members["belonging"] > 0
    assert members["benefits_per_week"] > 0
    assert (members["trust"], members["claimed_fen"], members["received_fen"]) == (0.5, 0, 500)
    assert (brands["claimed_fen"], brands["received_fen"]) == (500, 0)
    assert brands["trust"] > 0.5


# ---- how much ------------------------------------------------------------------------------------------------------------


def test_packets_are_log_normal_and_echo_what_was_received() -> None:
    people = crowd(last_received_fen=0)
    yuan = np.array([giving.draw_fen(person, P) for person in people]) / 100
    assert stats.kstest(np.log(yuan / 8.0) / 0.6, "norm").pvalue > 0.01
    for person in people:
        person["last_received_fen"] = 5000
    more = np.array([giving.draw_fen(person, P) for person in people]) / 100
    np.testing.assert_allclose(more - yuan, 5.0, atol=0.011)


@pytest.mark.parametrize(("median", "fen"), [(0.0, 10), (0.05, 10), (200.0, 20_000), (0.11, 11)])
def test_a_packet_has_at_least_a_fen_a_share_and_at_most_what_the_platform_allows(median: float, fen: int) -> None:
    p = parameters({"giving": {"median_yuan": median, "sigma": 0.0, "echo": 10.0}})
    assert giving.draw_fen(newcomer(1, p, last_received_fen=0), p) == fen
    assert giving.draw_fen(newcomer(1, p, last_received_fen=20_000), p) == 20_000


def test_each_packet_is_another() -> None:
    person = newcomer(9)
    found = []
    for nth in range(50):
        before = float(person["giving_clock"])
        assert giving.begin(person, P) == nth
        found.append((int(person["gift_fen"]), float(person["giving_clock"]) - before, *(int(key) for key in giving.keys(person, P))))
    for values in zip(*found, strict=True):
        assert len(set(values)) > 45


# ---- in a community ----------------------------------------------------------------------------------------------------


def with_one_packet(yuan: float, changes: dict[str, Any] | None = None) -> Scenario:
    """Return two days of groups of 50 into which the brand drops a packet of 20 shares on the first evening, else at the defaults."""
    tree = {
        "horizon_days": 2.0,
        "population": {"size": 20_000, "group_size": 50, "initial_fill": 1.0},
        "brand": brand_tree(),
        "strategy": strategy_tree(packet={"kind": "red_packet", "when": "day 0 20:00", "amount_yuan": yuan, "shares": 20}),
    }
    return build(tree, changes)


@pytest.fixture(scope="module")
def evenings() -> list[Result]:
    return [simulate(with_one_packet(50.0), 71, replication) for replication in range(3)]


def slope(runs: list[Result]) -> float:
    """Return how many yuan claimers gave for a yuan more that they happened to get."""
    received, given = (np.concatenate([run.members[name] for run in runs]) for name in ("claimed_yuan", "given_yuan"))
    return float(stats.linregress(received[received > 0], given[received > 0]).slope)


def test_what_is_given_back_follows_what_was_received(evenings: list[Result]) -> None:
    """EVIDENCE row 10: yuan given within about a day on the random yuan received, .18 (.15 to .21).

    Measured at shares of 2.5 yuan in the mean, with a standard error of .011: .19; of .75 yuan, as the shipped strategy gives them: .17
    (.02). It rises with the amount (.24 at 10 yuan), since more members then send a second packet, the luckiest above all.
    """
    assert sum((run.members["claimed_yuan"] > 0).sum() for run in evenings) > 20_000
    assert 0.14 < slope(evenings) < 0.22


def test_hardly_anybody_gives_who_received_nothing(evenings: list[Result]) -> None:
    for run in evenings:
        members = run.members
        nothing = (members["claimed_yuan"] == 0) & (members["received_yuan"] == 0)
        assert nothing.any()
        assert members.loc[nothing, "packets_given"].sum() < 0.001 * nothing.sum()
        assert members.loc[~nothing, "packets_given"].sum() > 0.02 * (~nothing).sum()


def test_the_norm_of_the_luckiest_brings_more_packets(evenings: list[Result]) -> None:
    without = [simulate(with_one_packet(50.0, {"behaviour.giving.luckiest_factor": 1.0}), 71, n) for n in range(len(evenings))]
    more, less = (sum(run.summary["member_packets"] for run in runs) for runs in (evenings, without))
    assert more > 1.02 * less


def test_off_changes_nothing_that_packets_do(evenings: list[Result]) -> None:
    off = simulate(with_one_packet(50.0, {"behaviour.giving": {"intensity_per_yuan": 0.0, "spontaneous_per_day": 0.0}}), 71)
    assert off.summary["member_packets"] == 0
    assert off.members[["given_yuan", "received_yuan"]].sum().sum() == 0
    assert off.summary["red_packet_cost"] == pytest.approx(off.members["claimed_yuan"].sum())
    assert evenings[0].summary["red_packet_cost"] == pytest.approx(evenings[0].members["claimed_yuan"].sum())


def test_nobody_alone_in_a_group_gives() -> None:
    tree = null_tree()
    tree["population"] = {"size": 30, "group_size": 2, "initial_fill": 0.5}
    tree["behaviour"]["giving"] = {"spontaneous_per_day": 5.0}
    alone = simulate(build(tree), 2)
    assert (alone.groups["members"] == 1).any()
    inside = alone.members.merge(alone.groups[["group", "members"]], on="group")
    assert not inside.loc[inside["members"] == 1, "packets_given"].any()
    # In groups of two the other takes the one share.
    tree["population"] = {"size": 30, "group_size": 2, "initial_fill": 1.0}
    pairs = simulate(build(tree), 2).members
    assert pairs["packets_given"].sum() > 1000
    assert pairs["received_yuan"].sum() > 0


def test_red_packets_are_split_the_same_whoever_sent_them() -> None:
    one, other = a_packet(), a_packet(sender=3)
    for _ in range(10):
        assert red_packets.claim(somebody(P), one, P, 1.0) == red_packets.claim(somebody(P, key=8), other, P, 1.0)
