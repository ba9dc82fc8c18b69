"""Tracing: who is watched, what is written down, and that it changes nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim import Result, biography, simulate
from sim.codes import CAUSES, EVENTS
from sim.randomness import run_key
from sim.world import PERSON
from tests.sim.worlds import build, nurturing_tree

TABLES = ("members", "orders", "daily", "messages", "groups", "actions")


@pytest.fixture(scope="module")
def traced() -> Result:
    return simulate(build(nurturing_tree()), 4, trace=6)


def test_tracing_changes_no_result(traced: Result) -> None:
    plain = simulate(build(nurturing_tree()), 4)
    assert plain.summary == pytest.approx(traced.summary, rel=0, abs=0, nan_ok=True)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(plain, name), getattr(traced, name), check_exact=True)
    assert plain.biographies.empty
    assert list(plain.biographies.columns) == list(traced.biographies.columns)


def test_all_events_of_everybody_are_written_down_whatever_the_threads() -> None:
    scenario = build(nurturing_tree(), {"population.size": 60})
    everybody = simulate(scenario, 4, trace=60).biographies
    again = simulate(scenario, 4, trace=60, threads=2, backwards=True).biographies
    pd.testing.assert_frame_equal(everybody, again, check_exact=True)
    founding = simulate(scenario, 4).members.query("channel == 'founding'")
    assert set(everybody["key"]) == set(founding["key"])
    last = everybody.groupby("key").last()
    people = founding.set_index("key")
    for column in ("sessions", "orders", "trust", "belonging", "messages_read"):
        pd.testing.assert_series_equal(last[column], people[column].sort_index(), check_dtype=False, check_exact=True)


def test_each_event_begins_where_the_last_one_ended(traced: Result) -> None:
    found = traced.biographies
    assert found["event"].isin(EVENTS).all()
    assert (found.groupby("key").head(1)["event"] == "arrival").all()
    for _, own in found.groupby("key"):
        assert own["time_h"].is_monotonic_increasing
        for column in ("sessions", "orders", "muted", "written"):
            assert (own[f"{column}_before"].to_numpy()[1:] == own[column].to_numpy()[:-1]).all()
    assert (found["sessions"] - found["sessions_before"] == (found["event"] == "session")).all()
    # What leaving has cost so far never shrinks, and a session that takes somebody out of the group is the one that leaves.
    spent = found[[f"leaving_spent_{cause}" for cause in CAUSES]].sum(axis=1)
    assert (spent.groupby(found["key"]).diff().dropna() >= 0).all()
    assert set(found.loc[found["member_before"].astype(bool) & ~found["member"].astype(bool), "event"]) <= {"session"}


def test_named_people_are_watched_also_if_they_come_later() -> None:
    scenario = build(nurturing_tree())
    members = simulate(scenario, 4).members
    keys = [members.query("channel == 'door'")["key"].iloc[0], members["key"].iloc[3]]
    found = simulate(scenario, 4, trace=keys).biographies
    assert set(found["key"]) == set(keys)
    arrived = found[found["event"] == "arrival"].set_index("key")["time_h"]
    pd.testing.assert_series_equal(arrived.sort_index(), members.set_index("key").loc[sorted(keys), "admitted_h"], check_names=False)


def test_random_ones_are_the_same_under_every_strategy_and_others_in_other_replications() -> None:
    keys = np.arange(1, 200, dtype=np.uint64)
    first, second = (biography.chosen(keys, run_key(7, replication), 5) for replication in (0, 1))
    assert len(set(first)) == 5
    assert set(first) != set(second)
    reversed_order = biography.chosen(keys[::-1], run_key(7, 0), 5)
    assert set(first) == set(reversed_order)


@pytest.mark.parametrize("key", ["", "member 5", "-1", "1" * 17, "0x"])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="trace: takes keys of members"):
        simulate(build(nurturing_tree()), 4, trace=[key])


def test_every_state_of_a_mechanism_is_in_a_biography_unless_it_is_named_as_none() -> None:
    scalars = {name for name in PERSON.names or () if not PERSON[name].shape}
    assert set(biography.STATES) == scalars - biography.NO_STATE
    assert scalars >= biography.NO_STATE


def test_states_that_are_asked_for_are_those_of_the_whole(traced: Result) -> None:
    asked = simulate(build(nurturing_tree()), 4, trace=6, states=["trust", "received_yuan", "muted"])
    columns = ["key", "time_h", "event"]
    columns += [name for state in ("trust", "received_yuan", "muted") for name in (f"{state}_before", state)]
    assert set(asked.biographies) == set(columns)
    pd.testing.assert_frame_equal(asked.biographies[columns], traced.biographies[columns])


def test_so_are_those_after_a_history() -> None:
    world = build(nurturing_tree(), {"horizon_days": 6.0, "history.days": 4.0, "history.strategy": nurturing_tree()["strategy"]})
    whole, asked = (simulate(world, 4, trace=3, states=states).biographies for states in ([], ["joined_h", "messages_read"]))
    pd.testing.assert_frame_equal(asked, whole[list(asked)])
    assert asked["time_h"].min() >= 0.0


def test_what_is_no_state_is_refused() -> None:
    with pytest.raises(ValueError, match="states: takes states of a biography, got 'trsut'; did you mean 'trust'"):
        simulate(build(nurturing_tree()), 4, trace=6, states=["trsut"])
