from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim import simulate
from sim.behaviour import freeloading
from sim.codes import HUNTING
from sim.simulation import Result
from tests.sim.people import a_group, parameters, somebody
from tests.sim.worlds import Tree, build, null_tree

P = parameters({"freeloading": {"enough_yuan_per_week": 2.0, "leaving_per_day": 0.048}})


@pytest.mark.parametrize(("weekly", "hunger"), [(0.0, 1.0), (0.5, 0.75), (2.0, 0.0), (9.0, 0.0)])
def test_hunger_is_what_is_missing_to_enough(weekly: float, hunger: float) -> None:
    person = somebody(P, freeloader=True, benefits_per_week=weekly)
    freeloading.act(person, a_group(), P, 0.0)
    assert person["leave_rates"][HUNTING] == pytest.approx(0.002 * hunger)
    assert person["leave_rates"].sum() == person["leave_rates"][HUNTING]


def test_others_hunt_for_nothing() -> None:
    for fields in ({"freeloader": False}, {"freeloader": True, "member": False}):
        person = somebody(P, **fields)
        freeloading.act(person, a_group(), P, 0.0)
        assert not person["leave_rates"].any()


# ---- in small worlds ------------------------------------------------------------------------------------------------


def run(changes: dict[str, Any], **programme: Tree) -> Result:
    """Return a run of the null world with the given freeloaders."""
    settings = {f"behaviour.freeloading.{name}" if "." not in name else name: value for name, value in changes.items()}
    return simulate(build(null_tree(**programme), {"population.size": 300, "horizon_days": 10.0, **settings}), 88)


def test_a_freeloader_is_the_same_person_with_less_need() -> None:
    need = [run({"share": share, "need_factor": 0.3, "leaving_per_day": 0.0}).members for share in (0.0, 1.0)]
    assert not need[0]["freeloader"].any()
    assert need[1]["freeloader"].all()
    np.testing.assert_allclose(need[1]["need_rate_per_week"], 0.3 * need[0]["need_rate_per_week"])
    same = ["key", "frailty", "session_rate_per_day", "deal_proneness", "sessions"]
    assert need[0][same].equals(need[1][same])
    assert len(run({"share": 1.0, "need_factor": 0.0}).orders) == 0


def test_the_share_holds_and_a_channel_multiplies_it() -> None:
    leads = {"strategy.leads": {"door": 60.0}, "brand.channels.door.traits": {"freeloading": 3.0}}
    members = run({"share": 0.2, "leaving_per_day": 0.0, **leads}).members
    for channel, share in (("founding", 0.2), ("door", 0.6)):
        own = members.loc[members["channel"] == channel, "freeloader"]
        assert len(own) >= 300
        assert stats.binomtest(int(own.sum()), len(own), share).pvalue > 0.001


def test_freeloaders_leave_sooner_when_nothing_is_given_away() -> None:
    packet = {"kind": "red_packet", "when": "daily 12:00", "amount_yuan": 200.0, "shares": 50, "ring": 1.0}
    hungry = {"share": 0.5, "leaving_per_day": 0.3}
    given, nothing = run(hungry, packet=packet), run(hungry)
    left = [found.members.groupby("freeloader")["left_h"].apply(lambda hours: hours.notna().mean()) for found in (given, nothing)]
    assert left[0][True] < left[1][True]
    # Nobody else leaves, and nobody leaves for another cause.
    assert left[0][False] == left[1][False] == 0
    assert set(nothing.members["left_cause"]) == {"", "hunting"}
    # Ten days of .3 a day, frailty gamma of shape 1.5: 1 - (1 + 3 / 1.5)^-1.5 of them are gone, or nearly, as they leave in a session.
    gone = nothing.members.loc[nothing.members["freeloader"], "left_h"].notna()
    assert stats.binomtest(int(gone.sum()), len(gone), 1 - 3**-1.5).pvalue > 0.001


def test_a_share_of_zero_is_off() -> None:
    off = run({"share": 0.0, "leaving_per_day": 100.0})
    assert off.summary["leaves"] == 0
