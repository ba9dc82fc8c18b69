"""Composition of jobs: what is right, and above all what is wrong."""

# ruff: noqa: E501 -- error lines are quoted whole

from __future__ import annotations

from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra

from experiments.errors import UserError
from experiments.job import Job
from experiments.job_composition import compose_job
from tests.experiments.fake_world import FakeSimulator


@pytest.fixture
def composed(simulator: FakeSimulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    def call(command: str, *lines: str) -> Job:
        return compose_job(command, lines, simulator)

    return call


@pytest.fixture
def wrong(composed):
    def call(command: str, *lines: str) -> list[str]:
        with pytest.raises(UserError) as caught:
            composed(command, *lines)
        assert caught.value.exit_code == 2
        assert all("\n" not in line for line in caught.value.lines)
        return list(caught.value.lines)

    return call


WRONG = [
    # unknown keys, with the nearest valid one
    ("run", "population.siez=3", "population.siez: no such key; did you mean population.size?"),
    ("run", "sede=3", "sede: no such key; did you mean seed?"),
    ("run", "strategy.programme.member_dya.discount=.3", "strategy.programme.member_dya.discount: no such key; did you mean strategy.programme.member_day.discount?"),
    ("run", "half_life_days=3", "half_life_days: no such key; did you mean behaviour.fatigue.half_life_days?"),
    ("run", "seed.x=3", "seed.x: no such key; seed is a single value"),
    ("run", "+population.sise=3", "population.sise: no such key; did you mean population.size?"),
    ("run", "+foo=3", "foo: no such key"),
    ("run", "foo/bar=3", "foo/bar: no such key; at the top there are answer, arms, behaviour, best, brand, clock, dir, equal_spend, executor, export, flip_map, history and 24 more"),
    ("run", "hydra.run.dir=x", "hydra.run.dir: no such key; of Hydra's own keys only hydra.searchpath can be set"),
    # unknown names of files
    ("run", "strategy=fish_rising", "strategy: got 'fish_rising'; it takes fish_raising, kill_pig, no_community, poor; did you mean fish_raising?"),
    ("run", "brand=beuty", "brand: got 'beuty'; it takes apparel, beauty; did you mean beauty?"),
    ("run", "executor=dsk", "executor: got 'dsk'; it takes dask, local, serial; did you mean dask?"),
    ("run", "experiment=shrt", "experiment: got 'shrt'; it takes cheap, short; did you mean short?"),
    ("run", "strategy=null", "strategy: got null; it takes fish_raising, kill_pig, no_community, poor"),
    ("run", "strategy=a,b", "strategy: got a,b; it takes one value (a list is written [a,b], a text 'a,b')"),
    ("compare", "strategies=[kill_pig,fish]", "strategies: got 'fish'; it takes fish_raising, kill_pig, no_community, poor; did you mean fish_raising?"),
    # wrong types and bounds
    ("run", "seed=abc", "seed: got 'abc'; it should be a valid integer, unable to parse string as an integer"),
    ("run", "seed=true", "seed: got True; it takes a whole number"),
    ("run", "seed=4294967296", "seed: got 4294967296; it should be less than 4294967296"),
    ("run", "seed=-1", "seed: got -1; it should be greater than or equal to 0"),
    ("run", "seed=null", "seed: got None; it should be a valid integer"),
    ("run", "replications=0", "replications: got 0; it should be greater than or equal to 1"),
    ("run", "replications=1.5", "replications: got 1.5; it should be a valid integer, got a number with a fractional part"),
    ("run", "workers=some", "workers: got 'some'; it takes auto or a whole number of at least 1"),
    ("run", "workers=0", "workers: got 0; it takes auto or a whole number of at least 1"),
    ("run", "record=dayly", "record: got 'dayly'; it takes summary, daily, full; did you mean daily?"),
    ("run", "progress=on", "progress: got 'on'; it takes auto, off"),
    ("run", "out=[a]", "out: got ['a']; it takes a folder"),
    ("run", "population.size=many", "population.size: got 'many'; it should be a valid integer, unable to parse string as an integer"),
    ("run", "population=[a]", "population: got 'a'; there is no such file in population/"),
    ("run", "behaviour.trust_start=1.2", "behaviour.trust_start: got 1.2; it should be less than or equal to 1"),
    ("run", "horizon_days=0", "horizon_days: got 0; it should be greater than 0"),
    ("run", "strategy.programme.tips.kind=pst", "strategy.programme.tips.kind: got 'pst'; it takes post, sale; did you mean post?"),
    ("run", "+strategy.programme.x.when=daily", "strategy.programme.x.kind: missing; it must be given"),
    ("run", "+strategy.programme.x.kind=sale", "strategy.programme.x.when: missing; it must be given"),
    # not numbers
    ("run", "horizon_days=nan", "horizon_days: got nan; it should be a finite number"),
    ("run", "horizon_days=.nan", "horizon_days: got '.nan'; it should be a valid number, unable to parse string as a number"),
    ("run", "market.pool=inf", "market.pool: got inf; it should be a finite number"),
    ("run", "seed=nan", "seed: got nan; it should be a finite number"),
    # lists of strategies
    ("compare", "strategies=[]", "strategies: got an empty list; it takes one name or more, the first is the baseline"),
    ("compare", "strategies=[kill_pig,kill_pig]", "strategies: got kill_pig more than once; it takes each strategy once"),
    ("compare", "strategies=kill_pig", "strategies: got 'kill_pig'; it takes a list, for example strategies=[kill_pig,fish_raising]"),
    ("compare", "strategies=[1,kill_pig]", "strategies: got 1 in the list; it takes names of strategies"),
    # keys of another command
    ("compare", "strategy=kill_pig", "strategy: not a key of compare; compare takes strategies=[BASELINE,NAME,...]"),
    ("compare", "trace=[0000000100000007]", "trace: not a key of compare; it is a key of run"),
    ("parameters", "trace=5 random", "trace: not a key of parameters; it is a key of run"),
    ("run", "strategies=[kill_pig]", "strategies: not a key of run; run takes strategy=NAME"),
    ("run", "dir=x", "dir: not a key of run; it is a key of report"),
    # the map
    ("run", "flip_map=default", "flip_map: not a key of run; it is a key of compare"),
    ("run", "flip_map.metric=gmv", "flip_map.metric: not a key of run; it is a key of compare"),
    ("compare", "flip_map=true", "flip_map: got true; it takes default, none"),
    ("compare", "flip_map.kys=[a,b]", "flip_map.kys: no such key; did you mean flip_map.keys?"),
    ("compare", "flip_map.keys=brand.price", "flip_map.keys: got 'brand.price'; it takes two keys with numbers, for example [behaviour.buying.advance_days,behaviour.trust.buying_weight]"),
    ("compare", "flip_map.keys=[brand.price]", "flip_map.keys: got ['brand.price']; it takes two keys with numbers, for example [behaviour.buying.advance_days,behaviour.trust.buying_weight]"),
    ("compare", "flip_map.keys=[brand.price,brand.price]", "flip_map.keys: got brand.price twice; it takes two keys with numbers, for example [behaviour.buying.advance_days,behaviour.trust.buying_weight]"),
    ("compare", "flip_map.keys=[brand.prcie,market.pool]", "flip_map.keys: brand.prcie: no such key; did you mean brand.price?"),
    ("compare", "flip_map.keys=[price,market.pool]", "flip_map.keys: price: no such key; did you mean brand.price?"),
    ("compare", "flip_map.keys=[market.pool,brand.name]", "flip_map.keys: brand.name: it is 'beauty' (strategy kill_pig); it takes keys with numbers"),
    ("compare", "flip_map.keys=[market.pool,strategy.community]", "flip_map.keys: strategy.community: it is True (strategy kill_pig); it takes keys with numbers"),
    ("compare", "flip_map.keys=[market.pool,population]", "flip_map.keys: population: it is a group of keys (strategy kill_pig); it takes keys with numbers"),
    ("compare", "flip_map.keys=[market.pool,strategy.programme.flash_sale.discount]", "flip_map.keys: strategy.programme.flash_sale.discount: fish_raising has no such key; it takes keys that every strategy has"),
    ("compare", "flip_map.keys=[market.pool,horizon_days]", "flip_map.keys: got horizon_days; the days at which the map is read are flip_map.horizons"),
    ("compare", "flip_map.metric=gmv", "flip_map.keys: missing, and metric is given; it takes two keys with numbers, for example [behaviour.buying.advance_days,behaviour.trust.buying_weight], or flip_map=default"),
    ("compare", "flip_map.replications=0", "flip_map.replications: got 0; it should be greater than or equal to 1"),
    ("compare", "flip_map.replications=true", "flip_map.replications: got True; it takes a whole number"),
    ("compare", "flip_map.metric=ltv", "flip_map.metric: got 'ltv'; it takes contribution, gmv"),
    ("compare", "flip_map.horizons=30", "flip_map.horizons: got 30; it takes a list of whole days, for example [30,90,180]"),
    ("compare", "flip_map.horizons=[1.5]", "flip_map.horizons: got [1.5]; it takes a list of whole days, for example [30,90,180]"),
    ("compare", "flip_map.horizons=[0,30]", "flip_map.horizons: got [0, 30]; it takes a list of whole days, for example [30,90,180]"),
    ("compare", "flip_map.horizons=[30,30]", "flip_map.horizons: got 30 more than once; it takes each number once"),
    ("compare", "flip_map.values=[1,2]", "flip_map.values: got [1, 2]; it takes two lists of numbers, one for each key, for example [[3,7,14],[0.5,1,2]]"),
    ("compare", "flip_map.values=[[1,2],[]]", "flip_map.values: got [[1, 2], []]; it takes two lists of numbers, one for each key, for example [[3,7,14],[0.5,1,2]]"),
    ("compare", "flip_map.values=[[1,nan],[2]]", "flip_map.values: got [[1, nan], [2]]; it takes two lists of numbers, one for each key, for example [[3,7,14],[0.5,1,2]]"),
    ("compare", "flip_map.values=[[1,2],[3,3]]", "flip_map.values: got 3 more than once; it takes each number once"),
    # changes of one arm
    ("compare", "only.kill_pg.pressure=3", "only.kill_pg: no such arm; there are kill_pig, fish_raising; did you mean only.kill_pig?"),
    ("compare", "only.kill_pig.presure=3", "only.kill_pig.presure: no such key; did you mean only.kill_pig.pressure?"),
    ("compare", "only.kill_pig=3", "only.kill_pig: the path is missing; it takes only.kill_pig.PATH=VALUE"),
    ("compare", "only.kill_pig.pressure=-1", "strategy.pressure: got -1; it should be greater than or equal to 0 (strategy kill_pig)"),
    ("compare", "strategy.pressure=-1", "strategy.pressure: got -1; it should be greater than or equal to 0"),
    # grammar
    ("run", "seed", "seed: not understood; write key=value, +key=value or ~key; a value with special characters goes into quotes: \"key='a=b'\""),
    ("run", "out=a=b", "out=a=b: not understood; write key=value, +key=value or ~key; a value with special characters goes into quotes: \"key='a=b'\""),
    ("run", "seed=choice(1,2)", "seed: got choice(1,2); it takes one value (a list is written [a,b], a text 'a,b')"),
    ("run", "+seed=3", "+seed: the key is there already; write seed=3 without +"),
    ("run", "~strategy.programme.tops", "~strategy.programme.tops: there is nothing to remove"),
    ("run", "seed=${sede}", "seed: got ${sede}; interpolation key 'sede' not found"),
    ("run", "hydra.searchpath=[nowhere]", "hydra.searchpath: got nowhere; there is no such folder"),
    ("run", "hydra.searchpath=nowhere", "hydra.searchpath: got nowhere; it takes a list of folders"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "override", "line"), WRONG, ids=[case[1] for case in WRONG])
def test_wrong_input_is_told_in_one_line(wrong, command: str, override: str, line: str) -> None:
    assert wrong(command, override) == [line]


PRICED = "flip_map.keys=[brand.price,behaviour.trust_start]"


@pytest.mark.parametrize(
    ("overrides", "lines"),
    [
        ((PRICED, "flip_map.horizons=[30,91]"), ["flip_map.horizons: got 91; it takes days of the comparison, 1 to 90"]),
        ((PRICED, "strategies=[kill_pig]"), ["flip_map: there is one strategy only, kill_pig; it takes a comparison of two or more"]),
        (
            (PRICED, "flip_map.values=[[1,2],[0,1.2]]"),
            ["flip_map.values: behaviour.trust_start: got 1.2; it should be less than or equal to 1"],
        ),
        (
            (PRICED, "flip_map.values=[[-1,0],[0.5,1.2]]"),
            [
                "flip_map.values: brand.price: got -1.0; it should be greater than 0",
                "flip_map.values: behaviour.trust_start: got 1.2; it should be less than or equal to 1",
                "flip_map.values: brand.price: got 0.0; it should be greater than 0",
            ],
        ),
        (
            ("flip_map.keys=[population.size,brand.price]", "flip_map.values=[[1.5],[1]]"),
            ["flip_map.values: population.size: got 1.5; it should be a valid integer, got a number with a fractional part"],
        ),
        (
            (PRICED, "behaviour.trust_start=0"),
            ["flip_map.values: missing; behaviour.trust_start is 0 here, around which there is nothing to try: give two lists"],
        ),
    ],
)
def test_what_is_wrong_with_a_map_is_told_in_one_line_each(wrong, overrides: tuple[str, ...], lines: list[str]) -> None:
    assert wrong("compare", *overrides) == lines


def test_the_largest_seed(composed) -> None:
    assert composed("run", f"seed={2**32 - 1}").settings.seed == 2**32 - 1


def test_all_errors_are_told_at_once(wrong) -> None:
    lines = wrong("compare", "seed=x", "population.siez=3", "horizon_days=-1", "a[", "only.fish_raising.pressure=-2", "workers=x")
    assert sorted(line.split(":")[0] for line in lines) == ["a[", "horizon_days", "population.siez", "seed", "strategy.pressure", "workers"]


def test_nothing_is_said_about_keys_below_a_wrong_name(wrong) -> None:
    lines = wrong("run", "strategy=luogic", "strategy.programme.daily_voice.when=x", "seed=-1")
    assert [line.split(":")[0] for line in lines] == ["strategy", "seed"]


def test_defaults(composed) -> None:
    run, compare = composed("run"), composed("compare")
    assert (run.names, run.replications) == (["fish_raising"], 1)
    assert (compare.names, compare.replications) == (["kill_pig", "fish_raising"], 20)
    assert composed("run", "replications=4").replications == 4


def test_full_override_grammar(composed) -> None:
    job = composed(
        "run", "strategy=kill_pig", "brand=apparel", "~strategy.programme.spam", "+strategy.programme.new={kind: post, when: 'Mon 10:00'}",
        "++strategy.programme.new.topics=[a,b]", "strategy.budget={total_yuan: 7}", "brand.price=${horizon_days}",
    )  # fmt: skip
    scenario = job.arms[0].scenario
    assert list(scenario.strategy.programme) == ["flash_sale", "new"]
    assert scenario.strategy.programme["new"].topics == ("a", "b")
    assert (scenario.strategy.budget.total_yuan, scenario.strategy.budget.red_packets_yuan) == (7, 400)
    assert scenario.brand.price == 90


def test_a_key_that_files_leave_at_its_default_needs_no_plus(composed) -> None:
    scenario = (
        composed("run", "behaviour.trust_start=.25", "clock.tick_minutes=2", "strategy.programme.member_day.stock=5").arms[0].scenario
    )
    assert (scenario.behaviour.trust_start, scenario.strategy.programme["member_day"].stock) == (0.25, 5)


def test_a_preset_changes_what_it_names_and_the_command_line_wins(composed) -> None:
    assert composed("run", "experiment=short").arms[0].scenario.horizon_days == 20
    assert composed("compare", "experiment=short").names == ["fish_raising", "kill_pig"]
    assert composed("run", "experiment=short", "horizon_days=5").arms[0].scenario.horizon_days == 5
    arms = {arm.name: arm.scenario for arm in composed("compare", "experiment=cheap").arms}
    assert arms["kill_pig"].brand.name == "apparel"
    assert arms["fish_raising"].strategy.programme["member_day"].discount == 0.3


def test_only_changes_one_arm(composed) -> None:
    job = composed("compare", "only.kill_pig.programme.flash_sale.discount=.6", "~only.kill_pig.programme.spam", "strategy.pressure=1")
    kill_pig, fish_raising = (arm.scenario.strategy for arm in job.arms)
    assert list(kill_pig.programme) == ["flash_sale"]
    assert kill_pig.programme["flash_sale"].discount == 0.6
    assert (kill_pig.pressure, fish_raising.pressure) == (1, 1)
    assert list(fish_raising.programme) == ["member_day", "tips"]


def test_equal_spend_scales_budgets_to_the_baseline(composed) -> None:
    job = composed("compare", "equal_spend=true", "+only.fish_raising.budget.items.tips=50")
    kill_pig, fish_raising = (arm.scenario.strategy.budget for arm in job.arms)
    assert (kill_pig.total_yuan, kill_pig.red_packets_yuan) == (1000, 400)
    assert (fish_raising.total_yuan, fish_raising.red_packets_yuan, fish_raising.items) == (1000, 200, {"tips": 100})


def test_equal_spend_takes_a_baseline_with_a_total(composed, wrong) -> None:
    assert wrong("compare", "equal_spend=true", "strategies=[poor,kill_pig]") == [
        "equal_spend: the baseline poor has no strategy.budget.total_yuan; it takes a baseline with one"
    ]
    poor = composed("compare", "equal_spend=true", "strategies=[kill_pig,poor]").arms[1].scenario.strategy.budget
    assert (poor.total_yuan, poor.red_packets_yuan) == (1000, 10)


MINE = "name: mine\npressure: 0.7\n"


def own_strategy(folder: Path, name: str = "mine", text: str = MINE) -> None:
    (folder / "strategy").mkdir(parents=True)
    (folder / "strategy" / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_own_files_in_conf(composed, tmp_path: Path) -> None:
    own_strategy(tmp_path / "conf")
    (tmp_path / "conf/experiment").mkdir()
    (tmp_path / "conf/experiment/month.yaml").write_text("# @package _global_\nhorizon_days: 30\n", encoding="utf-8")
    (tmp_path / "conf/config.yaml").write_text("of: another project\n", encoding="utf-8")
    job = composed("compare", "strategies=[mine,kill_pig]", "experiment=month")
    assert job.names == ["mine", "kill_pig"]
    assert job.arms[0].scenario.strategy.pressure == 0.7
    assert job.arms[0].scenario.horizon_days == 30


@pytest.mark.parametrize("form", ["hydra.searchpath=['file://{}']", "hydra.searchpath=['{}']", "hydra.searchpath=[elsewhere]"])
def test_search_path(composed, tmp_path: Path, form: str) -> None:
    own_strategy(tmp_path / "elsewhere")
    job = composed("run", "strategy=mine", form.format(tmp_path / "elsewhere"))
    assert job.names == ["mine"]


def test_own_file_with_the_name_of_ours_is_refused(wrong, composed, tmp_path: Path) -> None:
    own_strategy(tmp_path / "conf", "kill_pig", "name: kill_pig\npressure: 9\n")
    (line,) = wrong("run", "strategy=kill_pig")
    assert line.endswith("has the name of a file of fishpond's own; rename it")
    assert composed("run").names == ["fish_raising"]  # only what is chosen matters


def test_own_file_must_bear_its_name(wrong, tmp_path: Path) -> None:
    own_strategy(tmp_path / "conf", "mine", "name: kill_pig\n")
    assert wrong("run", "strategy=mine") == ["strategy.name: got 'kill_pig'; it takes the name of its file, 'mine'"]


def test_broken_own_file_is_named(wrong, tmp_path: Path) -> None:
    own_strategy(tmp_path / "conf", "mine", "name: [a\nx: 3\n")
    (line,) = wrong("run", "strategy=mine")
    assert "mine.yaml" in line
    assert "not valid YAML" in line


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"defaults: [kill_pgi]\nname: mine\n", "got 'mine', whose defaults name 'kill_pgi'; there is no such file in strategy/; did you mean kill_pig?"),
        (b"defaults: kill_pig\nname: mine\n", "got mine; the defaults in that file take a list: [fish_raising, _self_]"),
        ("name: mine\ndescription: 养鱼\n".encode("gb18030"), "got mine; the file is not in UTF-8, in which it must be saved"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_own_file_is_told(wrong, tmp_path: Path, content: bytes, line: str) -> None:
    own_strategy(tmp_path / "conf", "mine", "")
    (tmp_path / "conf" / "strategy" / "mine.yaml").write_bytes(content)
    assert wrong("run", "strategy=mine") == [f"strategy: {line}"]


def test_where_own_files_go_is_told_with_a_name_like_no_other(wrong) -> None:
    (line,) = wrong("run", "strategy=zzz")
    assert line.endswith("; a file of your own is conf/strategy/zzz.yaml in the folder in which you work")


def test_a_hydra_that_is_open_stays_as_it_was(composed, tree: Path) -> None:
    with initialize_config_dir(str(tree), version_base="1.3"):
        outer = GlobalHydra.instance().hydra
        composed("run")
        assert GlobalHydra.instance().hydra is outer
        assert compose("config", overrides=["strategy=poor"]).strategy.name == "poor"
    composed("run", "seed=2")  # other lines, so that Hydra is opened again
    assert not GlobalHydra.instance().is_initialized()


def test_content_is_what_is_tried_and_nothing_of_the_machine(composed) -> None:
    base = composed("compare").content()
    assert composed("compare", "workers=7", "out=x", "executor=serial", "progress=off", "replications=3").content() == base
    for change in ("seed=2", "record=full", "strategies=[fish_raising,kill_pig]", "horizon_days=80", "only.kill_pig.pressure=3"):
        assert composed("compare", change).content() != base
