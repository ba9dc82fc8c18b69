from __future__ import annotations

import pytest

from experiments.metrics import KEY_METRICS, METRICS, metric_of
from experiments.numbers import count, share, show, yuan

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (-0.001, "0"), (0.5, "0.5"), (9.999, "10"), (12.34, "12.3"), (950, "950"), (999.6, "1k"), (1000, "1k"), (12_345, "12.3k"),
        (-2500, "−2.5k"), (1_234_567, "1.23M"), (999_960, "1M"), (2.5e9, "2.5G"), (100, "100"), (NAN, "–"),
    ],
)  # fmt: skip
def test_yuan(value: float, text: str) -> None:
    assert yuan(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.1234, "12.3 %"), (-0.5, "−50.0 %"), (-0.0001, "0.0 %"), (1, "100.0 %"), (NAN, "–")])
def test_share(value: float, text: str) -> None:
    assert share(value) == text


@pytest.mark.parametrize(("value", "text"), [(3, "3"), (3.44, "3.4"), (1234.5, "1,234"), (-2.5, "−2.5"), (NAN, "–")])
def test_count(value: float, text: str) -> None:
    assert count(value) == text


def test_show_takes_the_unit_of_the_metric() -> None:
    values = [show(1234.5, metric_of(name)) for name in ("gmv", "orders", "payback_days", "mean_fatigue")]
    assert values == ["1.23k", "1,234", "1,234", "1.23e+03"]
    assert show(0.25, metric_of("churn_rate")) == "25.0 %"
    assert show(NAN, metric_of("k_factor")) == "–"


def test_metrics_are_defined_once() -> None:
    names = [metric.name for metric in METRICS]
    assert len(set(names)) == len(names)
    assert set(KEY_METRICS) <= set(names)
    assert all(metric.definition.endswith(".") for metric in METRICS)
    assert metric_of("new_metric") == ("new_metric", "New metric", "", 0, "")


def test_directions_follow_the_definitions() -> None:
    down = {metric.name for metric in METRICS if metric.better < 0}
    assert {"churn_rate", "lapse_rate", "payback_days", "discount_cost", "staff_cost"} <= down
    assert all(
        name.endswith("_cost") for name in down - {"churn_rate", "lapse_rate", "payback_days", "refused_actions", "blocks", "unfollows"}
    )
    assert {metric.name for metric in METRICS if metric.better == 0} == {
        *("joins", "leaves", "pruned", "mutes", "promo_share", "mean_fatigue", "mean_trust", "mean_reference_price", "interaction_rate"),
        *("groups_value", "groups_lukewarm", "groups_dead", "groups_junk", "sessions", "member_packets", "member_packets_yuan"),
        *("tagged_share", "tag_accuracy", "shop_gmv"),
        *("questions", "questions_answered", "mean_wait_minutes", "slow_answers"),
    }
