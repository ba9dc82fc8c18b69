"""Files are composed once, values are put into a copy: what comes out is what Hydra makes of all of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from omegaconf import OmegaConf

from experiments import chosen_files
from experiments.composition import ConfigTree
from experiments.job_composition import compose_job
from experiments.known_keys import KnownKeys
from experiments.overrides import parse
from experiments.simulator import Simulator
from tests.experiments.fake_world import FakeSimulator

FOLDER = Simulator().configs()


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Count what Hydra is asked for, which remembers nothing at first."""
    found: list[list[str]] = []

    def watched(name: str, overrides: list[str], **others: Any) -> Any:
        found.append(overrides)
        return compose(name, overrides=overrides, **others)

    monkeypatch.setattr(chosen_files, "compose", watched)
    chosen_files._composed.cache_clear()
    return found


def by_hydra(*lines: str) -> Any:
    GlobalHydra.instance().clear()
    with initialize_config_dir(config_dir=str(FOLDER), job_name="test", version_base="1.3"):
        return OmegaConf.to_container(compose("config", overrides=list(lines)), resolve=True)


def by_us(*lines: str, folder: Path = FOLDER) -> Any:
    overrides, problems = parse(lines)
    found = ConfigTree(folder, KnownKeys({})).compose(overrides)
    assert not [*problems, *found.problems]
    return found.values


@pytest.mark.parametrize(
    "lines",
    [
        ("population.size=7", "seed=3"),
        ("brand=coffee", "population.size=7", "strategy=gaozi"),
        ("brand.products.serum.list_yuan=12.5", "++brand.products.serum.storable=true"),
        ("strategy.programme.member_day={discount: 0.3}",),
        ("strategy.programme={}",),
        ("strategies=[gaozi,'kill_pig']", 'question="Is 1=1?"'),
        ("horizon_days=null", "record=none", "out='a b'"),
        ("++behaviour.trust.start=1e-3", "++behaviour.made_up.of={a: [1,2], b: null}"),
        ("experiment=group_size", "horizon_days=5"),
        ("seed=1", "seed=2"),
        ("+strategy.programme.mine={kind: sales_post}", "~strategy.programme.member_day", "seed=2"),
    ],
)
def test_it_is_what_hydra_makes_of_all_at_once(lines: tuple[str, ...]) -> None:
    assert by_us(*lines) == by_hydra(*lines)


def test_files_are_composed_once(attempts: list[list[str]]) -> None:
    assert [by_us("brand=coffee", f"population.size={size}", f"seed={size}")["seed"] for size in (5, 6)] == [5, 6]
    assert by_us("brand=coffee")["population"]["size"] not in (5, 6), "nobody's values are kept"
    assert attempts == [["brand=coffee"]]


def test_a_key_that_files_leave_at_its_default_is_not_tried_in_vain(
    attempts: list[list[str]], simulator: FakeSimulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scenario = compose_job("run", ["behaviour.trust_start=.27"], simulator).arms[0].scenario
    assert (scenario.behaviour.trust_start, attempts) == (0.27, [[]])


def test_a_file_that_has_changed_is_read_again(tmp_path: Path, attempts: list[list[str]]) -> None:
    (tmp_path / "config.yaml").write_text("defaults: [_self_]\nsize: 1\n")
    assert by_us(folder=tmp_path) == {"size": 1}
    (tmp_path / "config.yaml").write_text("defaults: [_self_]\nsize: 22\n")
    assert by_us(folder=tmp_path) == {"size": 22}
    written = (tmp_path / "config.yaml").stat()
    (tmp_path / "config.yaml").write_text("defaults: [_self_]\nsize: 33\n")
    os.utime(tmp_path / "config.yaml", ns=(written.st_atime_ns, written.st_mtime_ns + 1))
    assert by_us(folder=tmp_path) == {"size": 33}
    assert len(attempts) == 3


def test_so_is_one_of_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "conf" / "brand" / "mine.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("name: mine\n")
    assert by_us("brand=mine")["brand"] == {"name": "mine"}
    own.write_text("name: mine\nof: us\n")
    assert by_us("brand=mine")["brand"] == {"name": "mine", "of": "us"}
