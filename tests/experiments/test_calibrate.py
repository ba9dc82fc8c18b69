"""`calibrate data=FOLDER`: the fit against published figures and known truths, and the command with the simulator."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from experiments import load
from experiments.brand_data.reading import read_folder
from experiments.calibrate import bg_nbd
from experiments.calibrate.bg_nbd import NAMES, Likelihood, Need
from experiments.calibrate.brand_file import brand_values
from experiments.calibrate.histories import Histories, histories_of
from experiments.calibrate.posterior import sample
from experiments.calibrate.spend import FittedProduct, Spend, expected_units, spend_of
from experiments.command import main
from experiments.metrics import METRICS
from sim.brand.catalogue import Brand
from tests.experiments.conftest import Answer, Fishpond

#: Fader, Hardie, Lee 2005, table 2.
PUBLISHED = Need(0.2426, 4.4135, 0.7929, 2.4258)


# ---- the fit --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample_histories(cdnow: Path) -> Histories:
    columns = ["master", "member", "time", "units", "amount"]
    orders = pd.read_csv(cdnow.with_name("CDNOW_sample.txt"), sep=r"\s+", names=columns)
    orders["time"] = pd.to_datetime(orders["time"].astype(str), format="%Y%m%d")
    return histories_of(orders.assign(amount=orders["amount"] * 100), 39, by_day=True)


def test_histories_are_the_published_ones(sample_histories: Histories, cdnow: Path) -> None:
    data, published = sample_histories, pd.read_csv(cdnow.with_name("cdnow_customers_summary.csv"))
    assert (data.size, data.weeks, data.start) == (2357, 78, "1997-01-01")
    np.testing.assert_array_equal(data.repeats(0, 39), published["frequency"])
    np.testing.assert_allclose(data.recency_weeks(), published["recency"], atol=0.005)
    np.testing.assert_allclose(data.observed_weeks(39), published["T"], atol=0.005)


def test_fit_and_expectations_are_the_published_ones(sample_histories: Histories) -> None:
    data = sample_histories
    need = bg_nbd.fit(Likelihood(data.repeats(0, 39), data.recency_weeks(), data.observed_weeks(39)))
    np.testing.assert_allclose(need.logs, PUBLISHED.logs, atol=2e-4)
    counts = bg_nbd.expected_counts(PUBLISHED, data.observed_weeks(39))
    np.testing.assert_allclose(counts, (1407, 459, 193, 102, 60, 39, 26, 72), atol=1.5)
    week_39, week_78 = (bg_nbd.expected_repeats(need, data.observed_weeks(week)).sum() for week in (39, 78))
    actual = [data.repeats(0, 39).sum(), data.repeats(39, 78).sum()]
    assert actual == [2457, 1882]
    assert week_78 / sum(actual) - 1 == pytest.approx(-0.041, abs=0.001)
    assert (week_78 - week_39) / actual[1] - 1 == pytest.approx(-0.114, abs=0.001)


def test_expectation_given_a_history_is_the_published_one() -> None:
    # The first customer of the sample: Fader, Hardie, Lee, Implementing the BG/NBD model in Excel (2005).
    found = bg_nbd.expected_given(PUBLISHED, np.array([2]), np.array([30.43]), np.array([38.86]), 39.0)
    assert found.item() == pytest.approx(1.226, abs=0.001)


def drawn_orders(need: Need, customers: int, weeks: int, seed: int) -> pd.DataFrame:
    """Draw BG/NBD customers who come in the first quarter of the weeks, with the moments of their purchases."""
    random = np.random.default_rng(seed)
    rates = random.gamma(need.rate_shape, 1 / need.rate_scale_weeks, customers)
    lapses = random.beta(need.lapse_a, need.lapse_b, customers)
    rows = []
    for person, (rate, lapse, first) in enumerate(zip(rates, lapses, random.uniform(0, weeks / 4, customers), strict=True)):
        week = first
        while week < weeks:
            rows.append((f"u{person}", pd.Timestamp("2025-01-01") + pd.Timedelta(weeks=week)))
            if week > first and random.random() < lapse:
                break
            week += random.exponential(1 / rate)
    return pd.DataFrame(rows, columns=["member", "time"])


def test_fit_finds_the_truth_of_other_customers() -> None:
    truth = Need(1.2, 6.0, 1.5, 8.0)
    orders = drawn_orders(truth, 6000, 60, seed=3).assign(amount=100.0)
    data = histories_of(orders, None, by_day=False)
    assert (data.weeks, data.fit_weeks) == (60, 30)
    need = bg_nbd.fit(Likelihood(data.repeats(0, 30), data.recency_weeks(), data.observed_weeks(30)))
    assert need.rate_shape == pytest.approx(truth.rate_shape, rel=0.1)
    assert need.rate_shape / need.rate_scale_weeks == pytest.approx(0.2, rel=0.05)
    # Where lapsing is rare a and b are hardly known apart; what they mean together is.
    expected = bg_nbd.expected_repeats(need, data.observed_weeks(60)).sum()
    assert expected == pytest.approx(data.repeats(0, 60).sum(), rel=0.03)
    assert bg_nbd.expected_repeats(truth, data.observed_weeks(60)).sum() == pytest.approx(data.repeats(0, 60).sum(), rel=0.03)


def test_draws_are_those_of_a_known_posterior() -> None:
    # Waits of a Poisson process with a gamma prior of its rate: the posterior is gamma. On the log scale the density gains a factor x.
    shape, rate = 8.0, 2.0
    drawn = sample(lambda logs: (shape * logs - rate * np.exp(logs))[:, 0], np.array([1.0]), np.array([1.0]), seed=1)
    values = np.exp(drawn.flat[:, 0])
    worth = drawn.effective().item()
    assert worth > 300
    assert drawn.r_hat().item() < 1.03
    assert values.mean() == pytest.approx(shape / rate, abs=4 * np.sqrt(shape) / rate / np.sqrt(worth))
    assert values.std() == pytest.approx(np.sqrt(shape) / rate, rel=4 * np.sqrt(0.9 / worth))


def test_draws_follow_a_narrow_ridge() -> None:
    covariance = np.array([[1.0, 0.95], [0.95, 1.0]]) * 0.04
    inverse = np.linalg.inv(covariance)
    drawn = sample(lambda points: -0.5 * np.einsum("ni,ij,nj->n", points, inverse, points), np.zeros(2), np.array([1.0, 0.05]), seed=2)
    assert (drawn.r_hat() < 1.05).all()
    np.testing.assert_allclose(np.cov(drawn.flat.T), covariance, atol=0.012)
    assert 0.15 < drawn.accepted < 0.6


@pytest.mark.parametrize("counted", [True, False], ids=["with units", "amounts alone"])
def test_orders_cost_on_average_what_they_did(counted: bool) -> None:
    random = np.random.default_rng(5)
    people = np.repeat(np.arange(800), 6)
    means = 2.5 * random.gamma(4.0, 1 / 4.0, 800)[people]
    amounts = means * random.gamma(6.0, 1 / 6.0, len(people))
    units = np.maximum(1, np.floor(amounts + random.random(len(people))))
    price = random.choice([10.0, 30.0], len(people))
    orders = pd.DataFrame(
        {
            "member": [f"u{person}" for person in people],
            "amount": units * price * 100,
            "discount": np.nan,
            "refund": np.where(random.random(len(people)) < 0.1, 100.0, np.nan),
            "product": np.where(price == 10, "soap", "serum"),
            "units": units if counted else np.nan,
        }
    )
    found = spend_of(orders, 6.0)
    assert [(product.name, product.role) for product in found.products] == [("soap", "entry"), ("serum", "hero")]
    mean = sum(product.price * product.share for product in found.products) * expected_units(found.units_mean, found.units_shape, 6.0)
    assert mean == pytest.approx((units * price).mean(), rel=0.02)
    assert found.return_rate == pytest.approx(0.1, abs=0.02)
    if counted:
        assert [product.price for product in found.products] == pytest.approx([10.0, 30.0], rel=0.02)
        assert found.units_shape == pytest.approx(4.0, rel=0.3)


@pytest.mark.parametrize(("many", "needs"), [(3, 3), (8, 8), (12, 8)])
def test_a_brand_of_many_products_has_as_many_needs_as_the_model_takes(many: int, needs: int) -> None:
    products = tuple(FittedProduct(f"good {n}", "hero", 10.0, share=(1.0 + n) / 100) for n in range(many))
    like = load("strategy=kill_pig").model_dump()["brand"]
    brand = Brand.model_validate(brand_values(like, PUBLISHED, Spend(products, 1.3, 4.0, None, True), "mine"))
    assert len(brand.categories()) == needs
    together = [name for name, product in brand.products.items() if product.category]
    assert together == ([f"good_{n}" for n in range(many - needs + 1)] if many > needs else [])


# ---- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a brand: orders of 400 customers, one row that is wrong, 100 members of a group, and what they wrote."""
    place = tmp_path_factory.mktemp("brand")
    orders = drawn_orders(Need(0.8, 4.0, 0.8, 4.0), 400, 40, seed=8)
    random = np.random.default_rng(9)
    orders["amount"] = random.choice([19.9, 45.0, 120.0], len(orders))
    text = orders.assign(time=orders["time"].dt.strftime("%Y-%m-%d %H:%M:%S")).to_csv(index=False, lineterminator="\n")
    (place / "orders.csv").write_text(f"{text}u1,2025-13-01,5\n", encoding="utf-8")
    first = pd.Timestamp("2025-01-01")
    stays = random.exponential(200.0, 100)
    joined = [first + pd.Timedelta(days=int(day)) for day in random.choice([0, 20, 40], 100)]
    left = [when + pd.Timedelta(days=int(stay)) if stay < 150 else pd.NaT for when, stay in zip(joined, stays, strict=True)]
    members = pd.DataFrame({"member": [f"u{number}" for number in range(100)], "joined": joined, "left": left, "channel": "parcel_card"})
    members.assign(inviter=["u0" if number in (60, 70) else "" for number in range(100)]).to_csv(place / "members.csv", index=False)
    days = [str((first + pd.Timedelta(days=day)).date()) for day in range(60)]
    pd.DataFrame({"day": days, "group": "g", "messages": 5}).to_csv(place / "messages.csv", index=False)
    return place


@pytest.fixture(scope="module")
def done(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the command was carried out."""
    place = tmp_path_factory.mktemp("fit")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        words = ["name=mine", "fit_weeks=20", "bad_rows=skip", "replications=6", "executor=serial", "progress=off", "out=fit"]
        assert main(["calibrate", f"data={folder}", *words]) == 0
    return place


def test_simulated_purchases_are_those_of_the_formula(done: Path) -> None:
    holdout = pd.read_csv(done / "fit/holdout.csv", index_col="measure")
    for measure in ("repeat purchases, weeks 1-20", "repeat purchases, weeks 21-40"):
        row = holdout.loc[measure]
        assert abs(row["simulated"] - row["bg_nbd"]) < 5 * row["standard_error"]  # t with 5 degrees of freedom: two tests at .4 %
        assert row["low"] < row["actual"] < row["high"]
        assert row["bg_nbd_error"] == pytest.approx(row["bg_nbd"] / row["actual"] - 1)
    histogram, tracking = (pd.read_csv(done / f"fit/{name}.csv") for name in ("histogram", "tracking"))
    for column in ("actual", "bg_nbd", "simulated"):
        assert histogram[column].sum() == pytest.approx(histogram["actual"].sum())
        assert (np.diff(tracking[column]) >= 0).all()
        assert tracking[column].iloc[20] == pytest.approx(holdout.loc["repeat purchases, weeks 1-20", column])


def test_the_brand_can_be_used(done: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(done)
    assert Path("conf/brand/mine.yaml").read_text(encoding="utf-8") == Path("fit/brand.yaml").read_text(encoding="utf-8")
    scenario = load("brand=mine", "strategy=kill_pig", "population.size=20")
    fitted = pd.read_csv("fit/parameters.csv", index_col="parameter")
    for name in NAMES:
        assert getattr(scenario.brand.need, name) == pytest.approx(fitted.loc[name, "maximum_likelihood"], rel=1e-5)
        assert fitted.loc[name, "low"] < fitted.loc[name, "median"] < fitted.loc[name, "high"]
    assert [product.role for product in scenario.brand.products.values()] == ["entry", "hero", "premium"]
    draws = pd.read_parquet("fit/posterior.parquet")
    assert draws[list(NAMES)].mean().to_numpy() == pytest.approx(fitted["mean"].to_numpy())
    assert len(draws) == draws[["chain", "draw"]].drop_duplicates().shape[0] > 1000


def test_the_page_says_what_was_done(done: Path) -> None:
    page = (done / "fit/report.html").read_text(encoding="utf-8")
    assert "the simulator predicts" in page
    assert "Shown, but not fitted to: members.csv (100 rows), messages.csv (60 rows)." in page
    assert "with the strategy fish_raising" in page
    assert page.count("<figure id=") == 8
    assert json.loads((done / "fit/calibration.json").read_text(encoding="utf-8"))["asked"]["fit_weeks"] == 20
    assert not [metric.name for metric in METRICS if f"<dt>{metric.label}</dt>" in page]


def test_the_community_is_shown_beside_a_simulated_one(done: Path) -> None:
    table = pd.read_csv(done / "fit/community.csv")
    # Nobody is named in messages.csv, so who writes is not shown.
    assert set(table["measure"]) == {"retention", "invited", "messages"}
    assert set(table["channel"]) == {"all", "parcel_card"}
    # Simulated people come by a channel at its mean rate, so late weeks may have too few of them; founders are there throughout.
    assert table["simulated"][table["channel"] == "all"].notna().all()
    kept = table[(table["measure"] == "retention") & (table["channel"] == "all")].set_index("week")
    assert kept.loc[0, ["actual", "simulated"]].tolist() == [1, 1]
    assert kept.loc[8, "actual"] == pytest.approx(np.exp(-56 / 200), abs=4 * 0.043)  # four standard errors
    assert (kept[["actual", "simulated"]].diff().dropna() <= 0.02).all(axis=None)
    assert table["high"][table["measure"] == "retention"].max() <= 1


def call(capsys: pytest.CaptureFixture[str], *words: str) -> Answer:
    code = main(["calibrate", *words])
    captured = capsys.readouterr()
    return Answer(code, captured.out, captured.err)


def test_bad_rows_end_the_command(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = call(capsys, f"data={folder}", "out=fit")
    row = len((folder / "orders.csv").read_text(encoding="utf-8").splitlines())
    assert answer.code == 2
    assert answer.errors == [
        f"orders.csv, row {row}, time: got '2025-13-01'; it takes a day, 2026-03-01, or a time, 2026-03-01 20:15:00",
        f"data: wrong rows: 1; {Path('fit/bad_rows.csv')} has all of them, bad_rows=skip leaves them out",
    ]
    assert pd.read_csv("fit/bad_rows.csv")["row"].tolist() == [row]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ((), "data: missing; calibrate takes the folder of a brand's data, data=FOLDER, or target=published"),
        (("target=publish",), "target: got 'publish'; it takes published; did you mean published?"),
        (("data=d", "fit_week=3"), "fit_week: not a key of calibrate; it takes {keys}; did you mean fit_weeks?"),
        (("data=d", "name=null"), "name: got 'null'; it takes letters a to z, digits, _ and -, a letter first, 80 characters at most"),
        (("data=d", "name=beauty"), "name: got 'beauty', a brand of fishpond's own; it takes another name"),
        (("data=few", "fit_weeks=9"), "fit_weeks: got 9; weeks of orders there are: 1; it takes as many at most"),
        (
            ("data=few",),
            "data: weeks 1 to 1 have 1 customers with 1 repeat purchases; a fit takes 50 customers and 20 repeat purchases at least",
        ),
        (("data=groups",), "data: groups has no orders.csv; calibrate fits need and spend to orders"),
        (("data=few", "out=few"), "out: few holds files that are no fit of fishpond; take a new folder"),
    ],
)
def test_wrong_words_get_one_line(
    words: tuple[str, ...], line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, file, text in (
        ("few", "orders", "member,time,amount\nu,2026-01-01,5\nu,2026-01-07,5\n"),
        ("groups", "messages", "day,group,messages\n2026-01-01,g,3\n"),
    ):
        Path(name).mkdir()
        Path(name, f"{file}.csv").write_text(text, encoding="utf-8")
    answer = call(capsys, *words)
    keys = "data, name, like, strategy, out, fit_weeks, purchase, bad_rows, currency, replications, seed, workers, executor, progress"
    assert (answer.code, answer.errors) == (2, [line.format(keys=keys)])


def test_nothing_is_done_when_the_configuration_is_asked_for(fishpond: Fishpond) -> None:
    answer = fishpond("calibrate", "data=nowhere", "fit_weeks=10", "--show-config")
    assert answer.code == 0
    assert yaml.safe_load(answer.out)["fit_weeks"] == 10
    assert not Path("outputs").exists()


def test_a_brand_that_is_there_is_not_overwritten(
    folder: Path, done: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(done)
    answer = call(capsys, f"data={folder}", "name=mine")
    assert answer.errors == ["name: got 'mine', and conf/brand/mine.yaml is there already; it takes another name (no file is overwritten)"]
    assert read_folder(folder).bad.shape[0] == 1
