"""Campaigns, journeys, segments, splits and rules: when they act, on whom, and what they are refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from sim import simulate
from sim.brand import timetable
from sim.brand.strategy import Strategy
from sim.simulation import Result
from tests.sim.worlds import Tree, build, null_tree, strategy_tree

TIP: Tree = {"kind": "content_post", "column": "tips"}
LETTER: Tree = {"kind": "one_to_one", "column": "care", "cost_yuan": 0.0}
PHASES: Tree = {
    "seeding": {"days": 5, "programme": {"talk": {**TIP, "when": "daily 12:00"}, "open": {**TIP, "when": "day 0 09:00"}}},
    "conversion": {"days": 6, "programme": {"sale": {"kind": "sales_post", "when": "every 3 days 20:00", "product": "entry"}}},
}


def plan(**parts: Any) -> Strategy:
    """Return a strategy of some parts."""
    return Strategy.model_validate({**strategy_tree(), **parts})


def run(changes: dict[str, Any] | None = None, seed: int = 3, **parts: Any) -> Result:
    """Return the result of a calm world, in which everybody is a contact, with some parts of a strategy."""
    tree = null_tree()
    tree["strategy"] = {**strategy_tree(), **parts}
    return simulate(build(tree, {"behaviour.contacts.contact_share": 1.0, **(changes or {})}), seed)


# ---- campaigns ----------------------------------------------------------------------------------------------------------


def hours(strategy: Strategy, begins_h: float = 0.0, ends_h: float = 30 * 24.0, **festivals: tuple[int, ...]) -> dict[str, list[float]]:
    """Return when every item falls due, in days."""
    return {
        planned.name: [one.hour / 24.0 for one in timetable.occurrences(strategy, planned, begins_h, ends_h, festivals)]
        for planned in strategy.planned
    }


def test_phases_follow_each_other_round_by_round() -> None:
    found = hours(plan(campaigns={"cycle": {"when": "every 11 days from day 3", "phases": PHASES}}))
    assert found["cycle.seeding.open"] == [day + 9 / 24 for day in (3, 14, 25)]
    assert found["cycle.seeding.talk"] == [first + day + 0.5 for first in (3, 14, 25) for day in range(5)]
    assert found["cycle.conversion.sale"] == [day + 20 / 24 for day in (8, 11, 19, 22)]


def test_no_two_occasions_of_an_item_have_the_same_number() -> None:
    strategy = plan(campaigns={"cycle": {"when": "every 11 days", "phases": PHASES}})
    for planned in strategy.planned:
        found = timetable.occurrences(strategy, planned, 0.0, 400 * 24.0, {})
        assert len({one.index for one in found}) == len(found) > 30


def test_rounds_end_when_they_are_used_up_and_days_are_counted_from_where_the_strategy_begins() -> None:
    campaign = {"when": "every 11 days from day 3", "rounds": 1, "phases": PHASES}
    found = hours(plan(campaigns={"cycle": campaign}), begins_h=7 * 24.0, ends_h=60 * 24.0)
    assert found["cycle.seeding.open"] == [7 + 3 + 9 / 24]


def test_a_campaign_leads_up_to_a_festival_of_the_calendar() -> None:
    phases = {"hype": {"days": 2, "programme": {"tell": {**TIP, "when": "daily 10:00"}}}, "sale": {"days": 1}}
    found = hours(plan(campaigns={"big": {"when": "festival double_11", "lead_days": 2, "phases": phases}}), double_11=(1, 20, 31))
    # The round of day 1 would have begun before the strategy does; that of day 31 begins within the month.
    assert found["big.hype.tell"] == [18 + 10 / 24, 19 + 10 / 24, 29 + 10 / 24]


def test_weekdays_in_a_phase_are_those_of_the_calendar() -> None:
    phases = {"one": {"days": 9, "programme": {"tell": {**TIP, "when": "Mon,Wed 10:00"}}}}
    found = hours(plan(campaigns={"once": {"when": "day 8", "phases": phases}}))
    assert found["once.one.tell"] == [day + 10 / 24 for day in (9, 14, 16)]  # day 0 is a Monday


def test_hype_may_count_down_to_the_hour_at_which_the_next_phase_begins() -> None:
    hype = {"kind": "hype", "product": "hero", "column": "tips", "posts": 3, "spacing": "12h", "when": "day 2 00:00"}
    phases = {"before": {"days": 2, "programme": {"countdown": hype}}, "sale": {"days": 1}}
    result = run({"horizon_days": 9.0}, campaigns={"big": {"when": "every 4 days from day 1", "phases": phases}})
    days = (sent(result, "big.before.countdown")["time_h"] / 24.0).unique().tolist()
    assert days == [first + post / 2 for first in (1, 5) for post in (1, 2, 3)]


@pytest.mark.parametrize(
    ("when", "days", "item"),
    [
        ("every 11 days", 5, {"when": "day 5 00:00"}),
        ("every 11 days", 5, {"when": "day 5 01:00", "kind": "hype", "product": "hero"}),
        ("every 11 days", 5, {"when": "every 2 days 10:00 from day 9"}),
        ("every 11 days", 5, {"when": "daily 10:00", "from_day": 5}),
        ("Mon", 2, {"when": "Wed 10:00"}),
    ],
)
def test_an_item_that_its_phase_cannot_reach_is_refused(when: str, days: int, item: Tree) -> None:
    phases = {"short": {"days": days, "programme": {"late": {**TIP, **item}}}}
    with pytest.raises(ValidationError, match=rf"phases.short.programme.late.when: takes a time within the {days} days of its phase"):
        plan(campaigns={"cycle": {"when": when, "phases": phases}})


REACHED = [("Mon", 3, "Wed 10:00"), ("day 3", 1, "Wed 10:00"), ("every 11 days", 5, "day 4 23:59")]


def test_an_item_may_be_taken_away() -> None:
    phases = {"short": {"days": 5, "programme": {"gone": {**TIP, "when": "daily 10:00", "until_day": 0}}}}
    gone = {**TIP, "when": "day 3 10:00", "until_day": 0}
    assert not any(hours(plan(programme={"gone": gone}, campaigns={"cycle": {"when": "every 11 days", "phases": phases}})).values())


@pytest.mark.parametrize(("when", "days", "item"), REACHED)
def test_an_item_that_some_round_of_its_phase_reaches_is_taken(when: str, days: int, item: str) -> None:
    assert plan(campaigns={"cycle": {"when": when, "phases": {"short": {"days": days, "programme": {"last": {**TIP, "when": item}}}}}})


@pytest.mark.parametrize("item", [{"when": "day 3 10:00", "until_day": 3}, {"when": "day 3 10:00", "from_day": 4}])
def test_an_item_that_never_falls_due_between_its_days_is_refused(item: Tree) -> None:
    with pytest.raises(ValidationError, match="so that it never falls due"):
        plan(programme={"never": {**TIP, **item}})


def test_what_a_phase_does_is_in_the_tables_by_its_full_name() -> None:
    result = run({"horizon_days": 12.0}, campaigns={"cycle": {"when": "day 1", "phases": PHASES}})
    done = result.actions[result.actions["status"] == "done"].groupby("item")["time_h"].unique()
    assert sorted(done["cycle.seeding.talk"]) == [24.0 * day + 12.0 for day in range(1, 6)]
    assert sorted(done["cycle.conversion.sale"]) == [24.0 * day + 20.0 for day in (6, 9)]


@pytest.mark.parametrize(
    ("campaign", "says"),
    [
        ({"when": "every 5 days", "phases": {"long": {"days": 6}}}, "at least as far apart as the 6 days"),
        ({"when": "Mon,Thu", "phases": {"long": {"days": 2}}}, "at least as far apart"),
        ({"when": "every 5 days", "phases": {}}, "at least one phase"),
        ({"when": "every 5 days 10:00", "phases": {"a": {"days": 1}}}, "takes days such as"),
        ({"when": "sometimes", "phases": {"a": {"days": 1}}}, "takes days such as"),
    ],
)
def test_a_campaign_that_makes_no_sense_is_refused(campaign: Tree, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        plan(campaigns={"wrong": campaign})


def test_columns_take_turns_and_the_author_sets_the_credibility() -> None:
    story = {**TIP, "when": "Mon,Wed,Sat 10:00", "rotation": ["tips", "care", "sales"], "author": "expert"}
    result = run({"horizon_days": 14.0}, programme={"story": story})
    columns = sent(result, "story").drop_duplicates("time_h").sort_values("time_h")["column"]
    assert columns.tolist() == ["tips", "care", "sales"] * 2


# ---- journeys -----------------------------------------------------------------------------------------------------------

NEWCOMERS = {"leads": {"door": 6.0}}
WELCOME: Tree = {
    "trigger": "joined",
    "steps": {"hello": {"after": "30min", "do": LETTER}, "later": {"after": "2d", "do": {**LETTER, "by_tag": {}}}},
}


def sent(result: Result, item: str) -> pd.DataFrame:
    """Return the messages of an item."""
    return result.messages[result.messages["item"] == item]


def test_everybody_who_joins_gets_every_step_at_the_first_look_after_its_time() -> None:
    result = run({"horizon_days": 12.0, "population.group_size": 400}, **NEWCOMERS, journeys={"start": {**WELCOME, "look": "1h"}})
    members = result.members
    joined = members[(members["channel"] == "door") & members["joined_h"].notna()]["joined_h"]
    assert len(joined) > 20
    look = np.floor(joined) + 1.0
    for name, after in (("start.hello", 0.5), ("start.later", 48.0)):
        due = np.ceil(look + after)
        expected = due[due < 288.0].value_counts().sort_index()
        found = sent(result, name).groupby("time_h")["delivered"].sum().sort_index()
        assert found.to_dict() == expected.to_dict(), name


def test_nobody_is_under_way_twice_and_who_rests_does_not_set_out() -> None:
    # Whoever has bought sets out for three days; who buys again meanwhile does not.
    needy = {"brand.need.rate_scale_weeks": 0.15, "horizon_days": 14.0}
    journey = {"trigger": "order", "look": "15min", "steps": {"now": {"do": LETTER}, "end": {"after": "3d", "do": LETTER}}}
    result = run(needy, journeys={"after": journey})
    rested = run(needy, journeys={"after": {**journey, "again_after": "4d"}})
    orders = result.orders[~result.orders["kind"].isin(["membership", "deposit"])]
    for found, gap in ((result, 72.0), (rested, 168.0)):
        expected, free = 0, dict.fromkeys(orders["person"], -1.0)
        for person, hour in orders.sort_values("time_h")[["person", "time_h"]].itertuples(index=False):
            look = np.floor(hour * 4 + 1) / 4
            if look >= free[person] and look < 14 * 24.0:
                expected += 1
                free[person] = look + gap
        assert sent(found, "after.now")["delivered"].sum() == pytest.approx(expected, abs=2)
    assert sent(rested, "after.now")["delivered"].sum() < sent(result, "after.now")["delivered"].sum()


def test_who_does_what_ends_a_journey_gets_no_further_step() -> None:
    needy = {"brand.need.rate_scale_weeks": 0.3, "horizon_days": 14.0}
    all_way = run(needy, **NEWCOMERS, journeys={"start": WELCOME})
    until_order = run(needy, **NEWCOMERS, journeys={"start": {**WELCOME, "exits": ["order"]}})
    going, ending = (
        found.actions[found.actions["kind"] == "journey"].groupby("reason")["people"].sum() for found in (all_way, until_order)
    )
    assert going["set out"] == ending["set out"] > 30
    assert "left early" not in going
    assert ending["left early"] > 5
    assert sent(until_order, "start.later")["delivered"].sum() <= ending["finished"] < going["finished"]
    assert ending["finished"] + ending["left early"] <= ending["set out"]


@pytest.mark.parametrize(
    ("trigger", "changes"),
    [
        ("first_order", {"brand.need.rate_scale_weeks": 0.5}),
        ("silent", {}),
        ("left", {"behaviour.leaving.base_per_day": 0.1}),
        ("birthday", {"horizon_days": 60.0}),
        (
            "muted",
            {
                "behaviour.muting.strength_per_day": 5.0,
                "behaviour.fatigue": {"strength": 1.0, "tolerance_median_per_week": 0.3},
            },
        ),
    ],
)
def test_every_trigger_sends_out_those_to_whom_it_happens(trigger: str, changes: dict[str, Any]) -> None:
    journey = {"trigger": trigger, "days": 1.0, "again_after": "100d", "steps": {"now": {"do": LETTER}}}
    tree = null_tree()
    tree["strategy"] = {**strategy_tree(tip={**TIP, "when": "daily 10:00,12:00,18:00"}), "journeys": {"after": journey}}
    result = simulate(build(tree, {"horizon_days": 12.0, **changes}), 3)
    members, end = result.members, 24.0 * build(tree, {"horizon_days": 12.0, **changes}).horizon_days - 1.0
    happened = {
        "first_order": result.orders[result.orders["time_h"] < end]["person"].nunique(),
        "left": int((members["left_h"] < end).sum()),
        "muted": int((members["muted_h"] < end).sum()),
    }
    set_out = result.actions[result.actions["reason"] == "set out"]["people"].sum()
    if trigger in happened:
        assert set_out == happened[trigger] > 0
    else:
        assert 0 < set_out <= len(members)


def test_a_group_that_falls_silent_is_woken() -> None:
    steps = {"packet": {"do": {"kind": "red_packet", "amount_yuan": 5.0, "shares": 5}}}
    quiet = {"behaviour.chat.talkativeness_per_day": 0.0, "horizon_days": 10.0}
    result = run(quiet, journeys={"wake": {"trigger": "group_dying", "days": 3.0, "steps": steps}})
    groups = len(result.groups)
    # Nobody writes: every group has been silent for three days once.
    assert len(sent(result, "wake.packet")) == groups
    assert set(sent(result, "wake.packet")["time_h"]) == {73.0}


@pytest.mark.parametrize(
    ("journey", "says"),
    [
        ({"trigger": "joined", "steps": {}}, "at least one step"),
        ({"trigger": "joined", "steps": {"a": {"do": {**TIP, "when": "daily 10:00"}}}}, "takes no time"),
        ({"trigger": "joined", "steps": {"a": {"do": TIP}}}, "takes a message to people"),
        ({"trigger": "group_dying", "steps": {"a": {"do": LETTER}}}, "something that is done in a group"),
        ({"trigger": "group_dying", "exits": ["order"], "steps": {"a": {"do": TIP}}}, "takes nobody"),
        ({"trigger": "joins", "steps": {"a": {"do": LETTER}}}, "joined"),
        ({"trigger": "joined", "to": "nobody", "steps": {"a": {"do": LETTER}}}, "unknown segment 'nobody'"),
    ],
)
def test_a_journey_that_makes_no_sense_is_refused(journey: Tree, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        plan(journeys={"wrong": journey})


# ---- segments -------------------------------------------------------------------------------------------------------------


def test_a_segment_narrows_an_audience_and_is_narrowed_by_it() -> None:
    needy = {"brand.need.rate_scale_weeks": 0.5, "horizon_days": 7.0}
    letters = {
        "buyers": {**LETTER, "when": "day 6 10:00", "to": "buyers"},
        "once": {**LETTER, "when": "day 6 10:00", "to": {"segment": "buyers", "orders_max": 1}},
        "all": {**LETTER, "when": "day 6 10:00"},
    }
    result = run(needy, programme=letters, segments={"buyers": {"orders_min": 1}})
    orders = result.orders[(result.orders["time_h"] < 6 * 24 + 10)].groupby("person").size()
    delivered = result.messages.groupby("item")["delivered"].sum()
    assert delivered["buyers"] == len(orders) > delivered["once"] == (orders == 1).sum() > 0
    assert delivered["all"] == 100


def test_what_nobody_is_of_reaches_nobody_and_stops_nothing() -> None:
    result = run(programme={"none": {**LETTER, "when": "daily 10:00", "to": {"orders_min": 1000}}})
    assert sent(result, "none").empty


# ---- splits ---------------------------------------------------------------------------------------------------------------

HALVES: Tree = {"splits": {"test": {"treated": 0.3}, "rooms": {"treated": 0.5, "unit": "group"}}}


def test_arms_are_drawn_by_lot_and_everybody_is_of_one() -> None:
    letters = {arm: {**LETTER, "when": "day 0 10:00", "split": f"test.{arm}"} for arm in ("treated", "control")}
    result = run({"population.size": 2000, "horizon_days": 1.0}, programme=letters, **HALVES)
    delivered = result.messages.groupby("item")["delivered"].sum()
    assert delivered.sum() == 2000
    # 4 standard errors of a share of .3 of 2,000.
    assert delivered["treated"] / 2000 == pytest.approx(0.3, abs=4 * np.sqrt(0.3 * 0.7 / 2000))
    table = result.splits.set_index(["split", "arm"])["people"]
    assert table["test"].to_dict() == delivered.to_dict()


def test_lots_are_the_same_under_every_strategy_and_change_nothing_else() -> None:
    tip = {**TIP, "when": "daily 10:00"}
    plain, parted = run(programme={"tip": tip}), run(programme={"tip": tip}, **HALVES)
    np.testing.assert_equal(plain.summary, parted.summary)
    letters = {"note": {**LETTER, "when": "day 0 10:00", "split": "test.treated"}}
    other = run(programme={"tip": tip, **letters}, **HALVES)
    assert other.splits["people"].tolist() == parted.splits["people"].tolist()


def test_groups_are_parted_with_all_their_members() -> None:
    tip = {**TIP, "when": "day 0 10:00", "split": "rooms.treated"}
    result = run({"population.size": 800, "population.group_size": 20, "horizon_days": 1.0}, programme={"tip": tip}, **HALVES)
    treated = sent(result, "tip")["delivered"].sum()
    assert 0 < len(sent(result, "tip")) < len(result.groups)
    table = result.splits.set_index(["split", "arm"])
    assert table.loc[("rooms", "treated"), "people"] == treated


def test_a_treatment_that_sells_shows_in_its_arm_alone() -> None:
    deal = {"kind": "one_to_one", "column": "sales", "product": "entry", "discount": 0.5, "when": "daily 12:00", "cost_yuan": 0.0}
    changes = {"population.size": 1000, "horizon_days": 10.0, "brand.need.rate_scale_weeks": 4.0}
    tree = {"deal": {**deal, "split": "test.treated"}}
    result = run(changes, programme=tree, splits={"test": {"treated": 0.5}})
    arms = result.splits.set_index("arm")
    gap = arms["orders"] / arms["people"]
    assert gap["treated"] > 1.5 * gap["control"] > 0


@pytest.mark.parametrize(
    ("split", "kind", "says"),
    [
        ("test.traeted", LETTER, "unknown arm of a split 'test.traeted'.*did you mean 'test.treated'"),
        ("other.treated", LETTER, "unknown arm of a split"),
        ("test.treated", TIP, "takes a split of groups"),
    ],
)
def test_an_arm_that_is_not_there_is_refused(split: str, kind: Tree, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        plan(programme={"x": {**kind, "when": "daily 10:00", "split": split}}, **HALVES)


# ---- rules ----------------------------------------------------------------------------------------------------------------


def test_caps_of_its_own_keep_messages_back_and_say_so() -> None:
    tips = {f"tip_{hour}": {**TIP, "when": f"daily {hour}:00"} for hour in (10, 12, 14)}
    result = run({"horizon_days": 3.0}, programme=tips, rules={"messages_per_group_day": 2})
    groups = len(result.groups)
    assert len(result.messages) == 2 * 3 * groups
    refused = result.actions[result.actions["status"] == "refused"]
    assert set(refused["reason"]) == {"cap of its own"}
    assert set(refused["item"]) == {"tip_14"}


def test_offers_within_a_week_are_counted_to_the_hour() -> None:
    deal = {"kind": "sales_post", "when": "daily 12:00", "product": "entry"}
    result = run(
        {"horizon_days": 16.0}, programme={"deal": deal, "tip": {**TIP, "when": "daily 10:00"}}, rules={"offers_per_group_week": 2}
    )
    assert sorted(sent(result, "deal")["time_h"].unique() // 24) == [0, 1, 7, 8, 14, 15]
    assert sent(result, "tip")["time_h"].nunique() == 16


def test_letters_to_a_person_within_a_week_are_capped() -> None:
    letters = {name: {**LETTER, "when": "daily 12:00"} for name in ("one", "two")}
    result = run({"horizon_days": 9.0}, programme=letters, rules={"letters_per_person_week": 3})
    by_day = result.messages.groupby(result.messages["time_h"] // 24)["delivered"].sum()
    assert by_day.to_dict() == {0: 200, 1: 100, 7: 200, 8: 100}


def test_a_condition_stops_kinds_in_the_groups_where_it_holds() -> None:
    deal = {"kind": "sales_post", "when": "daily 12:00", "product": "entry"}
    quiet = {"behaviour.chat.talkativeness_per_day": 0.0, "horizon_days": 3.0}
    stop = {"silence": {"week_writers_share": 0.01, "kinds": ["sales_post"]}}
    result = run(quiet, programme={"deal": deal, "tip": {**TIP, "when": "daily 10:00"}}, rules={"stops": stop})
    assert sent(result, "deal").empty
    assert set(result.actions[result.actions["status"] == "refused"]["reason"]) == {"stopped by silence"}
    assert sent(result, "tip")["time_h"].nunique() == 3


@pytest.mark.parametrize(
    ("stop", "says"),
    [
        ({"muted_share": 0.3}, "takes what stops"),
        ({"kinds": ["sales_post"]}, "at least one condition"),
        ({"muted_share": 0.3, "kinds": ["sales_pots"]}, "unknown kind 'sales_pots'.*did you mean 'sales_post'"),
        ({"muted_share": 0.3, "items": ["deal"]}, "unknown item 'deal'"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(stop: Tree, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        plan(rules={"stops": {"x": stop}})


# ---- money and names --------------------------------------------------------------------------------------------------------


def test_a_campaign_has_a_budget_for_all_of_its_items() -> None:
    programme = {name: {**TIP, "when": "daily 10:00", "production_yuan": 30.0} for name in ("a", "b")}
    campaigns = {"costly": {"when": "day 0", "phases": {"one": {"days": 3, "programme": programme}}}}
    result = run({"horizon_days": 3.0}, campaigns=campaigns, budget={"items": {"costly": 100.0}})
    refused = result.actions[result.actions["status"] == "refused"]
    assert set(refused["reason"]) == {"budget of the item"}
    assert result.summary["staff_cost"] % 30.0 == 0.0
    assert len(refused) == 6 - 3


@pytest.mark.parametrize("name", ["a.b", "", "x" * 61, " a", "a=b", "{a}"])
def test_a_name_that_no_key_could_have_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="takes a name of at most 60"):
        plan(programme={name: {**TIP, "when": "daily 10:00"}})


def test_a_campaign_and_an_item_of_one_name_are_refused() -> None:
    with pytest.raises(ValidationError, match="takes a name of its own"):
        plan(programme={"cycle": {**TIP, "when": "daily 10:00"}}, campaigns={"cycle": {"when": "day 1", "phases": PHASES}})
