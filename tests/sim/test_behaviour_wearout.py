from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import simulate
from sim.behaviour import buying, desire, trust, wearout
from sim.simulation import Result
from tests.sim.people import a_group, a_message, a_product, an_offer, parameters, somebody
from tests.sim.worlds import build, null_tree

SETTINGS = {"peak_exposures": 10.0, "gain": 0.2, "loss": 0.4, "floor": 0.2}
P = parameters({"wearout": SETTINGS})


@pytest.mark.parametrize(("exposures", "effect"), [(0, 1.0), (5, 1.1), (10, 1.2), (15, 1.0), (20, 0.8), (35, 0.2), (36, 0.2), (255, 0.2)])
def test_the_effect_by_earlier_exposures(exposures: int, effect: float) -> None:
    assert wearout.effect(float(exposures), P) == pytest.approx(effect)


@given(st.floats(1, 250), st.floats(0, 10), st.floats(0, 10), st.floats(0, 1))
def test_the_effect_rises_to_its_peak_then_falls_to_the_floor(peak: float, gain: float, loss: float, floor: float) -> None:
    p = P.copy()
    p["wearout"] = (peak, gain, loss, floor)
    effects = np.array([wearout.effect(float(n), p) for n in range(256)])
    assert effects[0] == 1.0
    assert (effects >= floor).all()
    top = int(np.floor(peak))
    assert (np.diff(effects[: top + 1]) >= -1e-12).all()
    assert (np.diff(effects[top + 1 :]) <= 1e-12).all()
    assert effects.max() <= 1 + gain + 1e-12


def shown(person: Any, times: int, p: Any = P, **fields: Any) -> list[float]:
    """Return how fresh a message was to somebody, time after time."""
    found = []
    for _ in range(times):
        wearout.seen(person, a_group(), a_message(**fields), 1.0, p, 0.0)
        found.append(float(person["freshness"]))
    return found


def test_exposures_are_counted_by_creative() -> None:
    person = somebody(P)
    np.testing.assert_allclose(shown(person, 3, creative=2), [1.0, 1.02, 1.04])
    np.testing.assert_allclose(shown(person, 2, creative=5), [1.0, 1.02])
    np.testing.assert_allclose(shown(person, 1, creative=2), [1.06])
    assert person["exposures"].tolist() == [0, 0, 4, 0, 0, 2, *[0] * 18]


def test_a_new_version_starts_anew() -> None:
    person = somebody(P)
    worn = shown(person, 30, creative=2)[-1]
    assert worn == pytest.approx(1.2 - 0.4 * 1.9)
    np.testing.assert_allclose(shown(person, 2, creative=2, version=1), [1.0, 1.02])
    # It is worn for whom it was shown to, and for nobody else.
    assert shown(somebody(P), 1, creative=2) == [1.0]


def test_what_is_new_every_time_never_wears_out() -> None:
    person = somebody(P, freshness=0.3)
    assert shown(person, 40) == [1.0] * 40
    assert not person["exposures"].any()


def test_counting_has_an_end() -> None:
    person = somebody(P)
    assert shown(person, 600, creative=0)[-1] == 0.2
    assert person["exposures"][0] == 255


def test_without_gain_and_loss_it_is_off() -> None:
    p = parameters({"wearout.gain": 0.0, "wearout.loss": 0.0})
    assert shown(somebody(p), 50, p, creative=1) == [1.0] * 50


def test_freshness_works_on_desire_trust_and_offers() -> None:
    gain = float(P["desire"]["gain"])
    for fresh in (0.2, 1.0, 1.2):
        person = somebody(P, freshness=fresh, offer_lift=1.5)
        desire.seen(person, a_group(), a_message(quality=0.5), 0.8, P, 0.0)
        assert person["desire"] == pytest.approx(gain * 0.8 * 0.5 * fresh)
        value = 0.6 * 0.5 * fresh * 0.8 * 0.75 - 0.5 * 0.25 * 0.2 - 0.1
        trust.seen(person, a_group(), a_message(quality=0.5, credibility=0.6, commercial=0.25), 0.8, P, 0.0)
        step = 0.01 * value * 0.5 if value > 0 else 0.02 * value * 0.5
        assert person["trust"] == pytest.approx(0.5 + step)
        wearout.offered(person, a_message(), an_offer(), a_product(), 0.5, P, 0.0)
        assert person["offer_lift"] == pytest.approx(1.5 * fresh)
        assert buying.attraction(person, an_offer(), 0.5, P, 0.0) == pytest.approx(1.5 * fresh)


# ---- in small worlds ------------------------------------------------------------------------------------------------


def posts(days: float, loss: float) -> Result:
    """Return a run in which a tip comes eight times a day, its creative used for so many days."""
    tip = {"kind": "content_post", "column": "tips", "when": "daily 08:00,10:00,12:00,14:00,16:00,18:00,20:00,22:00", "creative_days": days}
    changes = {"behaviour.desire.gain": 0.25, "behaviour.desire.weight": 0.0, "behaviour.wearout": {**SETTINGS, "gain": 0.0, "loss": loss}}
    return simulate(build(null_tree(tip=tip), {**changes, "behaviour.sessions.rate_per_day": 10.0}), 89)


def test_the_longer_a_creative_is_used_the_less_it_makes_members_want() -> None:
    desires = [posts(days, 0.4).members["desire"].mean() for days in (0.0, 4.0, 28.0)]
    assert desires[0] > desires[1] > desires[2] > 0


def test_a_loss_of_zero_makes_old_as_good_as_new() -> None:
    np.testing.assert_array_equal(posts(28.0, 0.0).members["desire"], posts(0.0, 0.4).members["desire"])
