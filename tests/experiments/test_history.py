"""The history of a comparison as it is written on the command line."""

from __future__ import annotations

import pytest

from experiments.errors import UserError
from experiments.job_composition import compose_job
from experiments.simulator import Simulator
from tests.experiments.conftest import STRATEGIES

HISTORY = ("history.strategy=kill_pig", "history.days=365")


def composed(*lines: str, command: str = "compare"):
    return compose_job(command, lines, Simulator())


def refused(*lines: str, command: str = "compare") -> str:
    with pytest.raises(UserError) as caught:
        composed(*lines, command=command)
    return "\n".join(caught.value.lines)


def test_every_arm_has_the_strategy_that_the_history_names() -> None:
    job = composed("strategies=[kill_pig,fish_raising]", *HISTORY)
    baseline, other = (arm.scenario for arm in job.arms)
    assert baseline.history == other.history
    assert baseline.history.days == 365
    assert baseline.history.strategy == baseline.strategy
    assert other.strategy.name == "fish_raising"


def test_without_a_history_there_is_none() -> None:
    assert composed().arms[0].scenario.history.strategy is None


def test_changes_of_the_strategy_leave_the_history_alone_and_the_other_way_round() -> None:
    (arm,) = composed("strategy=kill_pig", *HISTORY, "strategy.staff.people=7", "history.strategy.staff.people=3", command="run").arms
    assert arm.scenario.strategy.staff.people == 7
    assert arm.scenario.history.strategy is not None
    assert arm.scenario.history.strategy.staff.people == 3


def test_no_community_can_be_a_history() -> None:
    (arm,) = composed("history.strategy=no_community", "history.days=7", command="run").arms
    assert arm.scenario.history.strategy is not None
    assert not arm.scenario.history.strategy.community


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (
            ("history.strategy=kil_pig", "history.days=3"),
            f"history.strategy: got 'kil_pig'; it takes {STRATEGIES}; did you mean kill_pig?",
        ),
        (("history.days=3",), "history.strategy: takes the strategy that ran for the 3 days before day 0, got none"),
        (("history.strategy=3", "history.days=3"), "history.strategy: got 3; it takes the name of a strategy"),
        ((*HISTORY, "history.day=3"), "history.day: no such key; did you mean history.days?"),
        (
            (*HISTORY, "history.strategy.staff.peple=3"),
            "history.strategy.staff.peple: no such key; did you mean history.strategy.staff.people?",
        ),
        (("history.strategy.staff.people=3",), "history.strategy.staff.people: no such key; history.strategy is null"),
    ],
    ids=str,
)
def test_mistakes_get_one_line(lines: tuple[str, ...], problem: str) -> None:
    assert refused(*lines) == problem
    assert refused(*lines, command="run") == problem


def test_names_that_the_brand_lacks_are_named_with_the_history() -> None:
    problem = refused(*HISTORY, "+history.strategy.leads.parcel=1", command="run")
    assert problem.startswith("history.strategy.leads.parcel: unknown channel 'parcel'")
