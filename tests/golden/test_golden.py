"""The default strategies still give what they gave when the baseline was last agreed on."""

from __future__ import annotations

import json

import pytest

from tests.golden.baseline import ARMS, BASELINE, compute


@pytest.fixture(scope="module")
def now() -> dict[str, dict[str, float]]:
    return compute()


@pytest.mark.parametrize("arm", ARMS)
def test_metrics_equal_the_baseline(arm: str, now: dict[str, dict[str, float]]) -> None:
    # One part in 10^9 leaves room for the mathematical library of another machine, and for nothing else.
    agreed = json.loads(BASELINE.read_text())[arm]
    assert now[arm] == pytest.approx(agreed, rel=1e-9, abs=1e-9, nan_ok=True), (
        "results moved: if on purpose, run python -m tests.golden.baseline"
    )
