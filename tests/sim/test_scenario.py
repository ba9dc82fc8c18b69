"""What a scenario refuses, and that the kernel gets what it says."""

from __future__ import annotations

import contextlib
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.encode import PARAMETERS, parameter_record
from sim.randomness import run_key
from sim.scenario import Behaviour, Scenario
from tests.sim.worlds import build, null_tree, nurturing_tree

POST = {"kind": "sales_post", "when": "Wed 20:00", "product": "hero"}


def errors(changes: dict[str, Any]) -> list[str]:
    """Return the errors of the nurturing world with changes, as "place: message", after checking that there are any."""
    with pytest.raises(ValidationError) as caught:
        build(nurturing_tree(), changes)
    return [".".join(str(part) for part in error["loc"]) + ": " + error["msg"] for error in caught.value.errors()]


def test_the_worlds_of_the_tests_are_scenarios() -> None:
    for scenario in (build(null_tree()), build(nurturing_tree()), Scenario.minute()):
        assert Scenario.model_validate(scenario.model_dump()) == scenario


@pytest.mark.parametrize(
    ("place", "value", "word"),
    [
        # no such key
        ("horizon", 3.0, "Extra inputs"),
        ("population.sise", 3, "Extra inputs"),
        ("behaviour.fatigue.strenght", 1.0, "Extra inputs"),
        ("behaviour.boredom", {}, "Extra inputs"),
        ("brand.products.soap.price", 3.0, "Extra inputs"),
        ("strategy.programme.deal.depth", 0.3, "Extra inputs"),
        ("strategy.budget.total", 0.3, "Extra inputs"),
        # wrong type
        ("horizon_days", "long", "valid number"),
        ("horizon_days", [3], "valid number"),
        ("horizon_days", None, "valid number"),
        ("population.size", 2.5, "valid integer"),
        ("population", 5, "valid dictionary"),
        ("strategy.programme.deal.when", 5, "valid string"),
        ("strategy.programme.deal.kind", "sales", "sales_post"),
        ("strategy.leads.door", "many", "valid number"),
        ("brand.products.soap.role", "villain", "entry"),
        ("strategy.programme.deal.delivery", "pigeon", "staff"),
        # out of bounds
        ("horizon_days", 0.0, "greater than or equal to 0.01"),
        ("population.size", 0, "greater than or equal to 1"),
        ("population.group_size", 501, "less than or equal to 500"),
        ("behaviour.trust.start", 1.01, "less than or equal to 1"),
        ("behaviour.chat.talkativeness_per_day", -0.1, "greater than or equal to 0"),
        ("brand.products.soap.list_yuan", 0.0, "greater than or equal to 0.01"),
        ("brand.need.lapse_a", 0.0, "greater than or equal to"),
        ("clock.tick_minutes", 0, "greater than or equal to 1"),
        ("strategy.programme.packet.amount_yuan", 200.01, "less than or equal to 200"),
        ("strategy.programme.flash.stock", -1, "greater than or equal to 0"),
        ("strategy.budget.total_yuan", -1.0, "greater than or equal to 0"),
        ("strategy.budget.month_yuan", -0.01, "greater than or equal to 0"),
        ("strategy.budget.items", {"packet": -5.0}, "greater than or equal to 0"),
        ("strategy.leads.door", -1.0, "greater than or equal to 0"),
        ("strategy.leads.door", 100_001.0, "less than or equal to 100000"),
        ("strategy.programme.deal.discount", 0.96, "less than or equal to 0.95"),
        ("market.hour_weights", [0.0] * 24, "not all 0"),
        ("market.hour_weights", [1.0] * 23, "at least 24"),
        ("market.start_date", "2026-01-06", "Tuesday"),
        ("market.festivals", {"odd": "13-40"}, "MM-DD"),
        # not a number
        ("horizon_days", math.nan, "finite"),
        ("horizon_days", math.inf, "finite"),
        ("behaviour.prices.elasticity", math.nan, "finite"),
        ("strategy.budget.total_yuan", math.inf, "finite"),
        ("strategy.leads.door", math.nan, ""),
        ("brand.topics.care", math.inf, ""),
        ("brand.columns.tips.topics.care", math.nan, ""),
        ("strategy.budget.items", {"packet": math.nan}, ""),
        # names that do not exist
        ("strategy.leads", {"dor": 1.0}, "did you mean 'door'"),
        ("strategy.programme.deal.product", "heroo", "did you mean 'hero'"),
        ("strategy.programme.deal.product", "premium", "unknown product 'premium'"),
        ("strategy.programme.tip.column", "tip", "did you mean 'tips'"),
        ("strategy.programme.guest.channel", "kols", "did you mean 'kol'"),
        ("strategy.programme.deal.when", "festival double_11 20:00", "unknown festival 'double_11'"),
        ("strategy.budget.items", {"pakcet": 5.0}, "unknown item, campaign, journey or channel 'pakcet'"),
        ("brand.columns.tips.topics", {"caring": 1.0}, "unknown topic 'caring'"),
        ("brand.products.soap.topics", {"caring": 1.0}, "unknown topic 'caring'"),
        # contradictions
        ("strategy.discount_ceiling", 0.15, "strategy.discount_ceiling = 0.15"),
        ("strategy.programme.packet.shares", 501, "less than or equal to 500"),
        ("strategy.programme.packet", {"kind": "red_packet", "when": "daily 10:00", "amount_yuan": 0.05, "shares": 6}, "one share a fen"),
        ("strategy.programme.deal.when", "Wendsday 20:00", "no time expression"),
        ("strategy.programme.flash.window", "2 months", "takes a duration"),
        ("strategy.programme.flash.window", "0h", "greater than 0"),
        ("brand.products", {}, "at least one product"),
        ("brand.topics", {}, "1 to 8 topics"),
        ("brand.columns.tips.topics.care", -1.0, "greater than or equal to 0"),
        ("brand.topics.care", 0.0, "greater than 0"),
        ("market.hour_weights", [-1.0] + [1.0] * 23, "greater than or equal to 0"),
        ("strategy.name", "", "at least 1 character"),
    ],
)
def test_a_wrong_value_is_refused(place: str, value: object, word: str) -> None:
    assert any(word in message for message in errors({place: value}))


def test_all_errors_are_reported_at_once() -> None:
    found = errors(
        {"horizon_days": -1, "population.sise": 3, "behaviour.trust.start": 2.0, "brand.need.lapse_b": None, "strategy.leads.door": "x"}
    )
    places = {message.split(":")[0] for message in found}
    assert places == {"horizon_days", "population.sise", "behaviour.trust.start", "brand.need.lapse_b", "strategy.leads.door"}


def test_all_wrong_names_are_reported_at_once() -> None:
    (found,) = errors({"strategy.leads": {"dor": 1.0}, "strategy.programme.deal.product": "x", "strategy.programme.tip.column": "y"})
    for place in ("strategy.leads.dor", "strategy.programme.deal.product", "strategy.programme.tip.column"):
        assert place in found


def test_a_wrong_name_is_told_at_the_field_that_holds_it_with_the_brand() -> None:
    letter = {"kind": "one_to_one", "when": "daily 10:00", "column": "tips", "by_tag": {"care": "nope", "caring": "tips"}}
    live = {"kind": "live_session", "when": "day 1 10:00", "column": "tips", "shown": ["hero", "car"]}
    items = {"strategy.programme.tip.rotation": ["tips", "tisp"], "strategy.programme.letter": letter, "strategy.programme.live": live}
    (found,) = errors(items)
    wrong = ("tip.rotation: unknown column 'tisp'", "letter.by_tag: unknown column 'nope'", "letter.by_tag: unknown topic 'caring'")
    for line in (*wrong, "live.shown: unknown product 'car'"):
        assert f"strategy.programme.{line}" in found
    assert found.count(f"(brand {nurturing_tree()['brand']['name']})") == 4


@pytest.mark.parametrize("place", ["", "population", "behaviour.chat", "brand", "strategy.programme.deal"])
def test_a_scenario_is_frozen(place: str) -> None:
    node: Any = build(nurturing_tree())
    for name in filter(None, place.split(".")):
        node = node[name] if isinstance(node, dict) else getattr(node, name)
    field = next(iter(type(node).model_fields))
    with pytest.raises(ValidationError, match="frozen"):
        setattr(node, field, getattr(node, field))


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
places = st.sampled_from(
    ["population", "clock", "strategy.programme.deal", "strategy.budget", "brand.products.soap", "brand.need", "market", "strategy.leads"]
)


@settings(max_examples=200)
@given(places, json_values)
def test_junk_gives_validation_errors_only(place: str, value: object) -> None:
    with contextlib.suppress(ValidationError):
        build(nurturing_tree(), {place: value})


# ---- what the kernel gets ---------------------------------------------------------------------------------------------


def test_every_parameter_of_behaviour_reaches_the_kernel() -> None:
    scenario = build(nurturing_tree())
    record = parameter_record(scenario, run_key(1, 2))[0]
    assert record["run"]["key"] == (1 << 32) | 2
    for group in Behaviour.model_fields:
        for name, value in getattr(scenario.behaviour, group).model_dump().items():
            assert record[group][name] == value, (group, name)
    assert set(Behaviour.model_fields) < set(PARAMETERS.names or ())
    for name, value in scenario.brand.need.model_dump().items():
        assert np.isclose(record["need"][name], value)
