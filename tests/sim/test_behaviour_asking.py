from __future__ import annotations

import math

import numpy as np
import pytest

from sim.behaviour import asking, chat
from sim.codes import GROUP_FEED, ONE_TO_ONE, SHILL
from tests.sim.people import a_group, a_message, a_product, an_offer, parameters, somebody

P = parameters({"asking": {"per_day": 0.5, "per_offer": 0.4, "per_content": 0.2, "expected_hours": 2.0, "weight": 3.0}})
OFF = parameters()
GROUP = None


def test_off_by_default() -> None:
    person = somebody(OFF, asking_clock=1.0)
    asking.elapsed(person, OFF, 1000.0)
    asking.seen(person, GROUP, a_message(), 1.0, OFF, 0.0)
    asking.offered(person, a_message(), an_offer(), a_product(), 1.0, OFF, 0.0)
    assert person["asking_clock"] == 1.0


def test_time_content_and_offers_spend_the_clock() -> None:
    person = somebody(P, asking_clock=2.0)
    asking.elapsed(person, P, 24.0)
    assert person["asking_clock"] == pytest.approx(1.5)
    asking.seen(person, GROUP, a_message(), 0.5, P, 0.0)
    assert person["asking_clock"] == pytest.approx(1.4)
    asking.offered(person, a_message(offer=3), an_offer(number=3), a_product(), 0.5, P, 0.0)
    assert person["asking_clock"] == pytest.approx(1.2)
    assert person["asked_offer"] == -1


@pytest.mark.parametrize("message", [a_message(post=-1), a_message(offer=1), a_message(kind=SHILL)])
def test_talk_shills_and_messages_with_an_offer_are_no_content(message: object) -> None:
    person = somebody(P, asking_clock=2.0)
    asking.seen(person, GROUP, message, 1.0, P, 0.0)
    assert person["asking_clock"] == 2.0


def test_a_letter_that_asks_is_answered_at_the_desk_and_a_post_in_the_group() -> None:
    for channel, offer, spent in ((ONE_TO_ONE, -1, 0.4), (ONE_TO_ONE, 3, 0.4), (GROUP_FEED, -1, 0.0)):
        person = somebody(OFF, asking_clock=1.0, talk_clock=1.0)
        message = a_message(channel=channel, offer=offer, appeal=0.8, post=2)
        asking.seen(person, GROUP, message, 0.5, OFF, 0.0)
        chat.seen(person, a_group(liveliness=1e9), message, 0.5, OFF, 0.0)
        assert person["asking_clock"] == pytest.approx(1.0 - spent)
        assert (person["talk_clock"] < 1.0) == (channel == GROUP_FEED)


def test_who_is_no_member_asks_nothing() -> None:
    person = somebody(P, asking_clock=2.0, member=False)
    asking.elapsed(person, P, 24.0)
    assert person["asking_clock"] == 2.0


def test_a_question_is_about_the_offer_that_raised_it() -> None:
    person = somebody(P, asking_clock=0.1)
    asking.offered(person, a_message(offer=7), an_offer(number=7), a_product(), 1.0, P, 0.0)
    assert person["asking_clock"] == pytest.approx(-0.3)
    assert asking.begin(person, P) == (0, 7)
    assert person["question_open"]
    assert person["asking_clock"] > -0.3
    assert asking.begin(person, P) == (1, -1)


def test_what_the_desk_offers_raises_no_question() -> None:
    person = somebody(P, asking_clock=0.1)
    asking.offered(person, a_message(post=-1), an_offer(number=asking.SERVICE_OFFER), a_product(), 1.0, P, 0.0)
    assert person["asking_clock"] == 0.1


def test_budgets_are_exponential() -> None:
    people = [somebody(P, key=key, asking_clock=0.0) for key in range(1, 4001)]
    for person in people:
        asking.next_budget(person, P)
    # 4 standard errors of the mean of 4,000 unit exponentials.
    assert np.mean([person["asking_clock"] for person in people]) == pytest.approx(1.0, abs=4 / math.sqrt(4000))


@pytest.mark.parametrize(
    ("waited_h", "overdue_h", "value"),
    [
        (0.0, 0.0, 3.0 * 0.8),
        (1.0, 1.0, 3.0 * 0.8 * 0.5),
        (1.0, 0.25, 3.0 * 0.8 * 0.5),
        (2.0, 2.0, 0.0),
        (3.0, 3.0, -1.5),
        (4.0, 4.0, -3.0),
        # Asked while the desk was closed: no praise, and no blame for what was to be known.
        (12.0, 0.0, 0.0),
        (12.0, 2.0, 0.0),
        (12.0, 3.0, -1.5),
        (math.inf, math.inf, -3.0),
    ],
)
def test_the_wait_is_an_experience(waited_h: float, overdue_h: float, value: float) -> None:
    person = somebody(P, question_open=True)
    before = float(person["trust"])
    asking.answered(person, waited_h, overdue_h, 0.8, P)
    change = P["trust"]["gain"] * value * (1.0 - before) if value > 0 else P["trust"]["loss"] * value * before
    assert person["trust"] - before == pytest.approx(change, abs=1e-12)
    assert not person["question_open"]


def test_trust_falls_with_the_wait_and_rises_with_the_script() -> None:
    trust = []
    for waited_h, quality in ((0.0, 1.0), (0.0, 0.3), (1.5, 0.3), (2.5, 0.3), (3.5, 0.3)):
        person = somebody(P)
        asking.answered(person, waited_h, waited_h, quality, P)
        trust.append(float(person["trust"]))
    assert (np.diff(trust) < 0).all()
