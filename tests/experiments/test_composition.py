from __future__ import annotations

import pytest

from experiments.composition import ConfigTree
from experiments.known_keys import KnownKeys
from experiments.overrides import parse
from tests.experiments.fake_world import FakeScenario, FakeSimulator


@pytest.mark.parametrize(
    "lines",
    [
        ["seed=7", "out=a", "workers=auto", "progress=off", "record=full", "replications=3"],
        ["strategies=[kill_pig,poor]", "horizon_days=1e2", "equal_spend=true", "out=1", "seed=x y"],
        ["experiment=short", "horizon_days=5", "strategies=[poor]", "out='a b'", "replications=null"],
        ["executor=serial", "seed=1", "seed=2", "population.size=3", "out=${seed}", "record=nonsense"],
    ],
)
def test_what_tests_share_is_what_hydra_composes(simulator: FakeSimulator, lines: list[str]) -> None:
    overrides, problems = parse(lines)
    assert not problems
    tree = ConfigTree(simulator.configs(), KnownKeys(FakeScenario.model_json_schema()))
    expected = tree.compose_with_hydra(overrides)  # type: ignore[attr-defined]
    assert tree._compose(overrides) == expected
    assert tree._compose(overrides) == expected
