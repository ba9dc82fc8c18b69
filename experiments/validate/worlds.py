"""Small worlds with a closed form: nothing works on anybody but what a row of the evidence is about.

They are plain trees; :func:`build` changes single places of a tree, named by dots, and validates it.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["ALIKE_HOURS", "CDNOW_NEED", "NEUTRAL", "Tree", "brand_tree", "build", "changed", "null_tree", "strategy_tree", "unlimited"]

Tree = dict[str, Any]

# BG/NBD of the CDNOW sample, in weeks: Fader, Hardie, Lee 2005, table 2.
CDNOW_NEED = {"rate_shape": 0.2426, "rate_scale_weeks": 4.4135, "lapse_a": 0.7929, "lapse_b": 2.4258}

# Every mechanism at its neutral value: what members see, hear and pay works on nothing.
NEUTRAL: dict[str, Tree] = {
    "fatigue": {"strength": 0.0},
    "trust": {"gain": 0.0, "loss": 0.0},
    "desire": {"gain": 0.0},
    "regret": {"strength": 0.0},
    "prices": {"reference_part": 0.0},
    "chat": {"talkativeness_per_day": 0.0},
    "red_packets": {"trust_per_yuan": 0.0, "talk_dose": 0.0},
    "giving": {"intensity_per_yuan": 0.0, "spontaneous_per_day": 0.0},
    "referral": {"propensity_mean": 0.0},
    "wearout": {"gain": 0.0, "loss": 0.0},
    "ties": {"answer_strength": 0.0, "inviter_strength": 0.0},
    "habit": {"gain": 0.0},
    "shills": {"found_chance": 0.0},
    "winning_back": {"chance": 0.0},
    "coupons": {"last_days": 0.0},
    "poaching": {"chance": 0.0},
    "belonging": {"shelter": 0.0},
    "company": {"shelter": 0.0},
    "benefits": {"shelter": 0.0},
    "freeloading": {"share": 0.0},
    "contagion": {"excess": 0.0},
    "muting": {"strength_per_day": 0.0},
    "leaving": {"base_per_day": 0.0, "doubt_per_day": 0.0, "silence_per_day": 0.0, "irrelevance_dose": 0.0, "pressure_per_day": 0.0},
}

ALIKE_HOURS = [1.0] * 24


def brand_tree() -> Tree:
    """Return a brand with two topics, two products, and frequent needs."""
    return {
        "name": "tested",
        "topics": {"care": 2.0, "deals": 1.0},
        "columns": {
            "tips": {"topics": {"care": 1.0}, "quality": 0.8},
            "sales": {"topics": {"deals": 1.0}, "quality": 0.4},
            "noise": {"topics": {"deals": 1.0}, "quality": 0.0},
            "care": {},
            "expert": {"topics": {"care": 1.0}, "quality": 0.8},
        },
        "products": {
            "soap": {"role": "hero", "list_yuan": 49.9, "cost_yuan": 15.0, "storable": True, "topics": {"care": 1.0}},
            "cake": {"role": "entry", "list_yuan": 19.99, "cost_yuan": 7.77, "share": 2.0, "topics": {"deals": 1.0}},
        },
        "channels": {"door": {"cost_yuan": 3.0}, "kol": {"cost_yuan": 1.5, "join_share": 1.0}},
        "need": {"rate_shape": 1.0, "rate_scale_weeks": 2.0, "lapse_a": 1.0, "lapse_b": 9.0},
    }


def strategy_tree(**programme: Tree) -> Tree:
    """Return a strategy of the given items, without contacts, wages or rewards."""
    return {"name": "tested", "programme": programme, "staff": {"people": 0.0}}


def null_tree(**programme: Tree) -> Tree:
    """Return a world in which every mechanism is neutral."""
    return {
        "horizon_days": 14.0,
        "population": {"size": 100, "group_size": 50},
        "behaviour": copy.deepcopy(NEUTRAL),
        "brand": brand_tree(),
        "strategy": strategy_tree(**programme),
    }


def changed(tree: Tree, changes: dict[str, Any]) -> Tree:
    """Return a copy of a tree with single places changed; places are named by dots, such as ``behaviour.chat.novelty``."""
    result = copy.deepcopy(tree)
    for place, value in changes.items():
        *path, last = place.split(".")
        node = result
        for name in path:
            node = node.setdefault(name, {})
        node[last] = copy.deepcopy(value)
    return result


def build(tree: Tree, changes: dict[str, Any] | None = None) -> Scenario:
    """Return the scenario that a tree with changes means."""
    from sim import Scenario

    return Scenario.model_validate(changed(tree, changes or {}))


def unlimited(scenario: Scenario, most: int) -> Scenario:
    """Return the scenario with one group that has room for so many: without the platform's limit, which no configuration may pass."""
    population = scenario.population.model_copy(update={"group_size": most, "initial_fill": 1.0})
    return scenario.model_copy(update={"population": population})
