from __future__ import annotations

import pytest

from experiments.job_composition import compose_job
from experiments.resolved import as_yaml, difference, fingerprint, from_yaml
from tests.experiments.fake_world import FakeSimulator


@pytest.mark.parametrize("command", ["run", "compare"])
def test_the_resolved_configuration_comes_back_whole(simulator: FakeSimulator, command: str) -> None:
    job = compose_job(command, ["behaviour.fatigue.half_life_days=1e-7", "strategy.description='a: \"b\" é 12:30'"], simulator)
    there = from_yaml(as_yaml(job))
    content = job.content()
    assert difference({key: there[key] for key in content}, content) is None
    assert fingerprint({key: there[key] for key in content}) == fingerprint(content)


def test_the_fingerprint_does_not_depend_on_the_order_of_keys() -> None:
    assert fingerprint({"a": 1, "b": {"c": 2, "d": 3}}) == fingerprint({"b": {"d": 3, "c": 2}, "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})


def test_differences_name_the_key_and_both_values() -> None:
    assert difference({"seed": 1}, {"seed": 2}) == "seed is 1 there and 2 here"
    assert difference({"seed": 1, "a": 1}, {"seed": 2, "a": 2}) == "seed is 1 there and 2 here (and 1 more)"
    assert difference({"arms": {"x": {"p": {"q": 1}}}}, {"arms": {"x": {"p": {}}}}) == "p.q (arm x) is 1 there and not set here"
    assert difference({}, {"seed": 2}) == "seed is not set there and 2 here"
