"""The presets that come with the package: what they name they change, and every one ends in a report that answers its question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from omegaconf import OmegaConf

from experiments.command import main
from experiments.job import Job, compose_job
from experiments.overrides import parse
from experiments.simulator import Simulator

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "configs" / "experiment"
#: The questions of practitioners that this release answers.
NAMES = (
    *("harvest_vs_nurture", "posting_frequency", "discount_depth", "flash_sale_dependence", "red_packet_rule", "group_size"),
    *("group_type", "gate", "kol_or_koc", "live_linkage", "fission_or_not", "seeding_days", "tag_quality", "staffing"),
    *("rhythm_fixed_or_random", "staged_rollout", "epidemic_shock", "switch_after_harvest", "community_or_none", "equal_spend"),
    "shop_and_community",
)
#: Keys that no scenario has.
OF_THE_JOB = ("defaults", "question", "answer", "arms")


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def preset(name: str) -> dict[str, Any]:
    values = OmegaConf.to_container(OmegaConf.create(text_of(name)))
    assert isinstance(values, dict)
    return {str(key): value for key, value in values.items()}


def leaves(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def composed(*lines: str) -> Job:
    return compose_job("compare", lines, Simulator())


@cache
def arms_of(name: str) -> Job:
    return composed(f"experiment={name}")


def values_of(job: Job) -> list[dict[str, Any]]:
    """Return the values of every arm by key, with those of the job."""
    settings = job.settings.model_dump(mode="json")
    arms = [arm.scenario.model_dump(mode="json") for arm in job.arms]
    for arm in arms:
        arm["history"]["strategy"] = (arm["history"]["strategy"] or {}).get("name")
    return [dict(leaves({**settings, **arm})) for arm in arms]


def agree(there: Any, named: Any) -> bool:
    """Whether a value is the one that was named; durations are kept as hours."""
    return bool(there == named or (isinstance(named, str) and re.fullmatch(r"[\d.]+(min|h|d|w)", named) and isinstance(there, int | float)))


@pytest.fixture(scope="module")
def plain() -> list[dict[str, Any]]:
    """Values without any preset: of the strategy that presets start from, and of the other one."""
    return values_of(composed("strategies=[fish_raising,kill_pig]"))


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_says_what_it_asks_and_what_it_assumes(name: str) -> None:
    head = [line for line in text_of(name).splitlines()[1:] if line.startswith("#")]
    assert text_of(name).startswith("# @package _global_\n# ")
    assert any("Practice: " in line for line in head)
    assert any("Assumed: " in line for line in head)
    values = preset(name)
    assert values["question"].endswith("?")
    assert values["answer"]["metrics"]


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_changes_every_key_that_it_names(name: str, plain: list[dict[str, Any]]) -> None:
    job = arms_of(name)
    arms = values_of(job)
    named = {key: value for key, value in preset(name).items() if key not in OF_THE_JOB}
    assert named
    for key, value in leaves(named):
        # An arm may change the key again, or leave out the item that it belongs to.
        assert any(key in arm and agree(arm[key], value) for arm in arms), f"{key} is nowhere {value!r}"
        assert any(before.get(key) != arm.get(key) for before in plain[:1] for arm in arms), f"{key} is what it was"
    assert job.settings.question == preset(name)["question"]
    assert job.settings.answer is not None
    assert list(preset(name)["arms"]) == job.names
    assert job.names[0] in text_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_override_of_an_arm_matters(name: str) -> None:
    """Each override changes what the arm would have without it, and no two arms are alike."""
    arms = preset(name)["arms"]
    job = arms_of(name)
    scenarios = {arm.name: arm.scenario for arm in job.arms}
    own = list(scenarios.values())
    assert all(one != other for place, one in enumerate(own) for other in own[:place])
    without = {own: composed(f"experiment={name}", "~arms", f"strategies=[{own}]") for own in {s.strategy.name for s in scenarios.values()}}
    for arm, lines in arms.items():
        scenario = scenarios[arm]
        before = values_of(without[scenario.strategy.name])[0]
        after = next(values for other, values in zip(job.arms, values_of(job), strict=True) if other.name == arm)
        overrides, problems = parse(lines)
        assert problems == []
        for override in overrides:
            if override.key == "strategy":
                assert scenario.strategy.name == override.parsed
                continue
            there = [part_of(values, override.key) for values in (before, after)]
            assert there[0] != there[1], f"{arm}: {override.line} changes nothing"


def part_of(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return everything at and below a key."""
    return {name: value for name, value in values.items() if f"{name}.".startswith(f"{key}.")}


SMALL = ("population.size=150", "horizon_days=9", "replications=2", "executor=serial", "progress=off")


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_ends_in_a_report(
    name: str, one_figure: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    past = ("history.days=5",) if "history" in preset(name) else ()
    code = main(["compare", f"experiment={name}", *SMALL, *past, "out=a"])
    told = capsys.readouterr()
    assert code == 0, told.err
    page = Path("a/report.html").read_text(encoding="utf-8")
    body = page[page.index("<body>") :]
    assert preset(name)["question"] in body[: body.index("<h2>Results</h2>")]
    assert '<figure id="answer">' in body
    assert Path("a/figures/answer.png").stat().st_size > 10_000
    assert re.search(r" has the (highest|lowest) ", told.out.splitlines()[-2])


def test_the_page_of_presets_names_every_one_with_its_question() -> None:
    page = (ROOT / "docs" / "reference" / "presets.md").read_text(encoding="utf-8")
    for name in NAMES:
        row = next((line for line in page.splitlines() if line.startswith(f"| `{name}` |")), "")
        assert preset(name)["question"] in row, name
        assert all(f"`{arm}`" in row for arm in preset(name)["arms"]), name
        assert all(f"`{metric}`" in row for metric in preset(name)["answer"]["metrics"]), name
