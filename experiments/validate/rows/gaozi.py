"""Row 23: what the skincare seller with questionnaire, tags and a cycle of 5 + 6 days reports of its customers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from experiments.validate.programmes import programme
from experiments.validate.row import Check, Found, Lines, Measures, Row, Size, Unit, between

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["ROW"]

_STRATEGY = "gaozi"
_DAYS = {"quick": 33, "full": 44}
_REPLICATIONS = {"quick": 2, "full": 12}
#: What the strategy's file names as reported, with the bounds of the evidence.
_REPORTED = (
    ("first_conversion", "joiners who bought within 1 day (first contact)", 0.08, 0.16),
    ("after_the_cycle", "joiners who bought within 11 days (the cycle)", 0.35, 0.55),
    ("related_products", "buyers who bought another product within 7 days", 0.25, 0.45),
    ("week_of_a_buyer", "yuan of a buyer in 7 days, first purchase included", 400.0, 600.0),
    ("exits", "members of the first 30 days who left in them", 0.0, 0.05),
    ("exits_of_joiners", "joiners who left within 30 days", 0.0, 0.05),
)
_AGAIN, _SPENT = "buyers who bought anything again within 7 days", "yuan of who bought again, in those repeat purchases"
_WEEK_DAYS = 7.0


def _reported(scenario: Scenario, seed: int, replication: int, threads: int) -> Measures:
    from experiments.reported.measures import MEASURES
    from experiments.reported.people import bought_again, gmv_of_repeats
    from experiments.reported.run import run_of
    from sim import simulate

    run = run_of(simulate(scenario, seed=seed, replication=replication, threads=threads), scenario)
    asked = {name: scenario.strategy.reported[name] for name, *_ in _REPORTED}
    told = {name: MEASURES[own.measure].of(run, own.within_days or 0.0) for name, own in asked.items()}
    return {**told, "again": bought_again(run, _WEEK_DAYS), "spent": gmv_of_repeats(run, _WEEK_DAYS)}


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    scenario = programme(_STRATEGY, behaviour=behaviour, horizon_days=_DAYS[size])
    return [Unit(_STRATEGY, partial(_reported, scenario), _REPLICATIONS[size])]


def _judge(found: Found) -> list[Check]:
    checks = [between(told, low, high, found.mean(_STRATEGY, name)) for name, told, low, high in _REPORTED]
    checks.insert(3, between(_AGAIN, 0.25, 0.45, found.mean(_STRATEGY, "again")))
    checks.insert(5, between(_SPENT, 400.0, 600.0, found.mean(_STRATEGY, "spent")))
    return checks


ROW = Row(
    number=23,
    use="band",
    title="Playbook gaozi",
    target="First-contact conversion 8 to 16 %; 35 to 55 % after the cycle of 11 days; 25 to 45 % buy again within 7 days, and spend "
    "400 to 600 yuan in that time; exits a month below 5 % (told as very low; the number is ours).",
    source="practitioner (grade D)",
    means="The playbook as shipped, measured as its report is (joiners and buyers who can be watched so long). Two readings where the "
    "account leaves two: another product, or anything; 7 days of every buyer, or what those who bought again paid for their repeat "
    "purchases within the 7 days from the first. Exits a month: of those who were members at some time of a month, newcomers among them, "
    "the share who left in it (churn_rate of 30 days); and of the joiners of the first days, the share who left within 30 days.",
    units=_units,
    judge=_judge,
)
