"""Sentences of the report, for results whose meaning is plain."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.crossing import Crossing
from experiments.figure_data import FigureData
from experiments.reading import CAVEAT, answer, figure_readings

FLIP = Crossing(34.2, 29.0, 41.0, 0.03, 4)
NONE = Crossing(np.nan, np.nan, np.nan, 1.0, 4)


class Data(FigureData):
    """Results made by hand: metrics as lists over replications, by strategy."""

    def __init__(self, metrics: dict[str, dict[str, list[float]]], crossing: Crossing | None = FLIP) -> None:
        self.strategies = list(metrics)
        self.baseline = self.strategies[0]
        self.horizon_days = 90.0
        self.runs = pd.concat(
            [pd.DataFrame({"strategy": name, "replication": range(len(next(iter(own.values())))), **own}) for name, own in metrics.items()],
            ignore_index=True,
        )
        self._crossing = crossing

    def has(self, column: str) -> bool:
        return self._crossing is not None

    def crossing(self, column: str, strategy: str) -> Crossing | None:  # type: ignore[override]
        return self._crossing


def arm(level: float, churn: float, noise: tuple[float, ...] = (-20, 20, -10, 10)) -> dict[str, list[float]]:
    return {
        "gmv": [2 * level + e for e in noise],
        "contribution": [level + e for e in noise],
        "churn_rate": [churn + e / 1e4 for e in noise],
    }


def test_a_clear_lead_a_flip_and_the_churn() -> None:
    data = Data({"kill_pig": arm(1000, 0.3), "fish_raising": arm(3000, 0.1, (-10, 10, 20, -20))})
    assert answer(data) == (
        "After 90 days, fish_raising leads kill_pig on contribution by 2k yuan (95 % interval 1.96k to 2.04k) "
        "and on GMV by 4k yuan (95 % interval 3.96k to 4.04k); "
        "the order flips on day 34 (95 % interval 29 to 41) for contribution and on day 34 (95 % interval 29 to 41) for GMV; "
        "fish_raising loses 10.0 % of its members, kill_pig 30.0 %."
    )


def test_an_interval_with_zero_is_undecided() -> None:
    data = Data({"a": arm(1000, 0.3), "b": arm(1001, 0.3002, (30, -30, 15, -15))}, NONE)
    text = answer(data)
    assert text.startswith("After 90 days, the comparison is undecided: on contribution b is ahead of a by 1 yuan (95 % interval −")
    assert text.count("an interval that includes 0") == 2
    assert "the order on contribution and GMV does not flip within the horizon" in text
    assert text.endswith("b loses 30.0 % of its members, a 30.0 % (a difference whose interval includes 0).")
    assert "leads" not in text


def test_different_leaders_are_named_apart() -> None:
    first, second = arm(1000, 0.3), arm(3000, 0.1)
    first["gmv"] = [value + 9000 for value in first["gmv"]]
    text = answer(Data({"a": first, "b": second}, None))
    assert "b leads a on contribution by 2k yuan" in text
    assert "and a leads b on GMV by 5k yuan" in text
    assert "flip" not in text  # days were not recorded


def test_equal_arms_are_called_equal() -> None:
    text = answer(Data({"a": arm(1000, 0.3), "b": arm(1000, 0.3)}, NONE))
    assert text.startswith("After 90 days, the comparison is undecided: a and b are equal on contribution, and a and b are equal on GMV")


def test_one_replication_decides_nothing() -> None:
    text = answer(Data({"a": arm(1000, 0.3, (0,)), "b": arm(3000, 0.1, (0,))}, Crossing(12.0, np.nan, np.nan, np.nan, 1)))
    assert "in a single replication, which decides nothing" in text
    assert "interval" not in text
    assert "on day 12 for contribution" in text


def test_with_three_arms_the_leader_is_held_against_the_runner_up() -> None:
    text = answer(Data({"a": arm(1000, 0.3), "b": arm(3000, 0.1), "c": arm(2000, 0.2)}))
    assert "b leads c on contribution by 1k yuan" in text
    assert "the order between b and a flips on day 34 (95 % interval 29 to 41) for contribution and on day 34" in text
    assert "b loses 10.0 % of its members, c 20.0 %" in text


def test_one_arm_just_states_results() -> None:
    assert answer(Data({"a": arm(1000, 0.3)})) == (
        "After 90 days, a has contribution 1k yuan (971 to 1.03k), GMV 2k yuan (1.97k to 2.03k) and churn 30.0 % (29.7 % to 30.3 %)."
    )


@pytest.mark.parametrize("replications", [1, 4])
def test_every_sentence_is_one_and_every_figure_has_a_reading(replications: int) -> None:
    noise = (0.0, 20.0, -20.0, 0.0)[:replications]
    data = Data({"a": arm(1000, 0.3, noise), "b": arm(3000, 0.1, noise)})
    assert answer(data).count(". ") == 0
    readings = figure_readings(data)
    assert readings["retention"] == "Share still member 30 days after joining: not recorded."
    assert "a 1k yuan" in readings["cumulative_contribution"]
    assert "b: the order flips for the last time on day 34" in readings["difference_gmv"]
    assert "do not include uncertainty of the model itself" in CAVEAT
