"""What rows of the evidence measure in the tables of a run, on tables whose answer is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.validate.row import Found
from experiments.validate.rows.give_back import by_amount, given_back, luckiest_and_others, within_packets
from experiments.validate.rows.unanswered_posts import discussions


def test_discussions_are_threads_that_members_begin_in_time() -> None:
    chat = pd.DataFrame(
        [
            (0, 0, 1.0),  # a post
            (0, 1, 1.5),  # its answer
            (2, 1, 2.0),  # answers the brand: no post of a member
            (0, 2, 2.5),  # an answer to the answer
            (2, 2, 3.0),
            (5, 0, 4.0),  # nobody answers
            (6, 0, 9.0),  # too late to be watched
            (0, 1, 9.5),  # late, but the post was in time
        ],
        columns=["thread", "depth", "time_h"],
    )
    assert discussions(chat, 8.0).tolist() == [4.0, 1.0]
    assert discussions(chat, 10.0).tolist() == [4.0, 1.0, 1.0]


CLAIMS = pd.DataFrame(
    [
        # packet, group, sender, person, time_h, received_yuan, luckiest
        (0, 0, -1, 1, 10.0, 3.0, True),
        (0, 0, -1, 2, 11.0, 1.0, False),
        (0, 0, -1, 3, 12.0, 2.0, False),
        (1, 0, 1, 2, 13.0, 9.0, True),  # a member's packet
        (2, 1, -1, 4, 80.0, 5.0, True),  # less than a day before the end
    ],
    columns=["packet", "group", "sender", "person", "time_h", "received_yuan", "luckiest"],
)
PACKETS = pd.DataFrame(
    [
        # sender, group, time_h, yuan
        (-1, 0, 9.0, 6.0),
        (1, 0, 10.0, 50.0),  # not after the claim
        (1, 0, 10.25, 4.0),
        (1, 0, 34.0, 7.0),  # 24 hours after it
        (1, 0, 34.25, 90.0),  # later
        (2, 1, 12.0, 80.0),  # into another group
    ],
    columns=["sender", "group", "time_h", "yuan"],
)


def test_given_back_is_what_claimers_send_to_the_group_within_a_day() -> None:
    found = given_back(CLAIMS, PACKETS, 100.0)
    assert found["packet"].tolist() == [0, 0, 0]
    assert found["received"].tolist() == [3.0, 1.0, 2.0]
    assert found["given"].tolist() == [11.0, 0.0, 0.0]
    assert found["luckiest"].tolist() == [True, False, False]


def test_within_packets_leaves_what_a_packet_has_more_than_others_out() -> None:
    packet = pd.Series([0, 0, 1, 1, 1])
    received = pd.Series([1.0, 3.0, 10.0, 11.0, 15.0])
    given = 7.0 * packet + 0.25 * received
    x, y = within_packets(packet, received), within_packets(packet, given)
    assert x.tolist() == [-1.0, 1.0, -2.0, -1.0, 3.0]
    assert x @ y / (x @ x) == pytest.approx(0.25)


def test_the_luckiest_are_compared_at_the_same_amount() -> None:
    # At 1 yuan 2 against 1, at 5 yuan 6 against 3, at 9 yuan nobody to compare with: twice as much, though mixed it would be far more.
    rows = [
        (1.1, True, 2.0),
        (1.2, False, 1.0),
        (1.3, False, 1.0),
        (5.1, True, 6.0),
        (5.4, True, 6.0),
        (5.2, False, 3.0),
        (9.0, True, 99.0),
    ]
    found = pd.DataFrame(rows, columns=["received", "luckiest", "given"])
    luckiest, others = luckiest_and_others(found)
    weight = 1 * 2 / 3
    assert (luckiest, others) == pytest.approx((weight * 2.0 + weight * 6.0, weight * 1.0 + weight * 3.0))
    assert luckiest_and_others(found[found["luckiest"]]) == (0.0, 0.0)


def test_claims_by_amount() -> None:
    found = pd.DataFrame({"received": [0.2, 0.9, 3.0, 99.0], "given": [1.0, 2.0, 4.0, 8.0]})
    claims, yuan = by_amount(found).reshape(2, -1)
    assert (claims[0], claims[3], claims[-1], claims.sum()) == (2, 1, 1, 4)
    assert (yuan[0], yuan[3], yuan[-1], yuan.sum()) == (3.0, 4.0, 8.0, 15.0)


def test_a_ratio_of_sums_and_its_interval() -> None:
    draws = np.random.default_rng(5)
    covered = 0
    for _ in range(400):
        below = draws.uniform(1.0, 3.0, 30)
        above = 0.5 * below + draws.normal(0.0, 0.2, 30)
        found = Found({"u": {"above": [np.array([a]) for a in above], "below": [np.array([b]) for b in below]}})
        ratio = found.ratio("u", "above", "below")
        assert ratio.mean == pytest.approx(above.sum() / below.sum())
        covered += ratio.low <= 0.5 <= ratio.high
    # Binomial(400, .95) lies between 364 and 393 but for 2 in a thousand.
    assert 364 <= covered <= 393
