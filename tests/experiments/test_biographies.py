"""`run trace=...`: who is followed, what is written, and that the results stay as they are."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.text import Text

from experiments.biographies.life import CAUSES, Life, lives_of
from experiments.biographies.whom import MOST_RANDOM, chosen_members
from experiments.biographies.words import ending, in_numbers, who
from experiments.errors import UserError
from experiments.figures.biography import timeline
from experiments.figures.style import house_style
from experiments.job_composition import compose_job
from tests.experiments.conftest import SMALL, Fishpond
from tests.experiments.fake_world import FAULT, FakeSimulator, biographies_of
from tests.experiments.test_figures import beyond

SOME = ("0000000100000007", "000000010000000a")
NOBODY = "00000001000000ff"
FORMS = f"it takes a list of keys of members, or 'N random' with N from 1 to {MOST_RANDOM}"
DIGITS = "in the list; it takes keys in quotes, with all their 16 digits, such as '0000000100000007'"
LIKE = "in the list; it takes keys as in members.parquet, 16 hexadecimal digits: 0000000100000007"


# ---- whom ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "trace"),
    [
        ("[0000000100000007]", ("0000000100000007",)),
        ("['0000000100000007',0000000100000010]", ("0000000100000007", "0000000100000010")),
        ("[00000001000000e7,00000001000000E7]", ("00000001000000e7",)),  # neither a float nor another key
        ("[1234567800000007]", ("1234567800000007",)),
        ("['12345e6700000000']", ("12345e6700000000",)),
        ("5 random", 5),
        ("'100 random'", 100),
        ("null", None),
    ],
)
def test_keys_are_taken_as_they_were_typed(simulator: FakeSimulator, text: str, trace: object) -> None:
    assert compose_job("run", [f"trace={text}"], simulator).settings.trace == trace


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("5", f"got 5; {FORMS}"),
        ("five", f"got 'five'; {FORMS}"),
        ("5random", f"got '5random'; {FORMS}"),
        ("0 random", f"got '0 random'; {FORMS}"),
        ("101 random", f"got '101 random'; {FORMS}"),
        ("0000000100000007", f"got '0000000100000007'; {FORMS}"),
        ("[]", f"got an empty list; {FORMS}"),
        ("{a: 1}", f"got {{'a': 1}}; {FORMS}"),
        ("true", f"got True; {FORMS}"),
        ("[100000007]", f"got the number 100000007 {DIGITS}"),
        ("[1e7]", f"got the number 10000000.0 {DIGITS}"),
        ("[12345e6700000000]", f"got the number inf {DIGITS}"),
        ("['100000007']", f"got '100000007' {LIKE}"),
        ("[000000010000000g]", f"got '000000010000000g' {LIKE}"),
        ("[true]", f"got True {LIKE}"),
    ],
)
def test_wrong_values_get_one_line(simulator: FakeSimulator, text: str, line: str) -> None:
    with pytest.raises(UserError) as caught:
        compose_job("run", [f"trace={text}"], simulator)
    assert caught.value.lines == (f"trace: {line}",)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("typed", ["0000000100000007", "00000001000000e7"])
def test_a_file_is_told_to_quote_what_it_reads_as_a_number(fishpond: Fishpond, typed: str) -> None:
    preset = Path("conf/experiment/followed.yaml")
    preset.parent.mkdir(parents=True)
    preset.write_text(f"# @package _global_\ntrace: [{typed}]\n", encoding="utf-8")
    answer = fishpond("run", *SMALL, "experiment=followed")
    assert answer.code == 2
    (line,) = answer.errors
    assert line.startswith("trace: got the number ")
    preset.write_text(f"# @package _global_\ntrace: ['{typed}']\n", encoding="utf-8")
    shown = fishpond("run", *SMALL, "experiment=followed", "--show-config")
    assert yaml.safe_load(shown.out)["trace"] == [typed]


def test_a_number_is_never_taken_for_a_key() -> None:
    with pytest.raises(ValueError, match="got the number 16777223"):
        chosen_members([0o100000007])


def test_whom_to_follow_is_no_part_of_what_is_tried(fishpond: Fishpond, simulator: FakeSimulator) -> None:
    plain, traced = (compose_job("run", lines, simulator) for lines in ([], ["trace=5 random"]))
    assert plain.content() == traced.content()
    assert "trace: 5 random\n" in fishpond("run", "trace=5 random", "--show-config").out
    assert "trace" not in fishpond("run", "--show-config").out


# ---- what is written ----------------------------------------------------------------------------------------------------


def files(folder: str) -> dict[str, bytes]:
    """Everything in a folder but the biographies and the manifest, which holds seconds."""
    there = (path for path in Path(folder).rglob("*") if path.is_file() and "biograph" not in path.name and path.name != "manifest.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in there}


def test_tracing_adds_files_and_changes_none(fishpond: Fishpond, one_figure: None) -> None:
    job = ("run", *SMALL, "report.page=true")
    assert fishpond(*job, "out=plain").code == 0
    answer = fishpond(*job, "out=traced", f"trace=[{','.join(SOME)}]")
    assert (answer.code, answer.err) == (0, "")
    assert files("traced") == files("plain")
    new = {path.name for path in Path("traced").rglob("*")} - {path.name for path in Path("plain").rglob("*")}
    figures = {f"biography_{key}.{kind}" for key in SOME for kind in ("png", "svg")}
    assert new == {"biographies.csv", "biographies.parquet", *figures}
    without_seconds = [json.loads(Path(out, "manifest.json").read_text(encoding="utf-8")) for out in ("plain", "traced")]
    for manifest in without_seconds:
        del manifest["timing"]
        for run in manifest["runs"]:
            del run["simulate_seconds"]
    assert without_seconds[0] == without_seconds[1]
    sentence, named, place = answer.out.splitlines()
    assert sentence.startswith("After 10 days, fish_raising")
    assert named == (
        "2 biographies: traced/biographies.csv and biographies.parquet, "
        "figures/biography_KEY.png with KEY 0000000100000007, 000000010000000a"
    )
    assert place == "traced/report.html"
    image = imread("traced/figures/biography_0000000100000007.png")
    assert image.shape[1] > 1000
    assert image[..., :3].std() > 0.1


def test_the_tables_hold_every_event(fishpond: Fishpond) -> None:
    assert fishpond("run", *SMALL, "out=a", "trace=3 random").code == 0
    table = pd.read_parquet("a/biographies.parquet")
    expected = biographies_of(3, 30, 10)
    assert list(table.columns) == ["strategy", "replication", *expected.columns]
    assert (table["strategy"] == "fish_raising").all()
    assert (table["replication"] == 0).all()
    pd.testing.assert_frame_equal(table[list(expected.columns)], expected, check_dtype=False)
    sheet = pd.read_csv("a/biographies.csv", dtype={"key": str})
    pd.testing.assert_frame_equal(sheet, table, check_dtype=False)
    assert not list(Path("a").rglob("*.tmp"))
    assert not Path("a/figures").exists()  # report.page=false asks for no figures


def test_a_folder_continues_whoever_is_followed(fishpond: Fishpond, one_figure: None) -> None:
    job = ("run", *SMALL, "report.page=true", "out=a")
    assert fishpond(*job).code == 0
    before = files("a")
    again = fishpond(*job, f"trace=[{SOME[0]}]")
    assert again.code == 0
    assert "nothing to simulate: all 3 runs are in a" in again.err
    assert "1 biography: a/biographies.csv" in again.out
    assert fishpond(*job, f"trace=[{SOME[1]}]").code == 0
    assert [path.name for path in sorted(Path("a/figures").glob("biography_*.png"))] == [f"biography_{SOME[1]}.png"]
    assert set(pd.read_parquet("a/biographies.parquet")["key"]) == {SOME[1]}
    assert fishpond(*job, "replications=4").code == 0
    assert Path("a/biographies.csv").is_file()
    assert fishpond(*job, "replications=3").code == 0
    assert files("a").keys() == before.keys()


def test_a_key_of_nobody_is_told_after_the_rest_was_written(fishpond: Fishpond) -> None:
    answer = fishpond("run", *SMALL, "out=a", f"trace=[{SOME[0]},{NOBODY}]")
    assert answer.code == 2
    assert answer.errors == [f"trace: nobody with key {NOBODY} came in replication 0; it takes keys of members.parquet of that replication"]
    assert "1 biography: " in answer.out
    assert set(pd.read_parquet("a/biographies.parquet")["key"]) == {SOME[0]}
    nobody = fishpond("run", *SMALL, "out=a", f"trace=[{NOBODY},00000001000000fe]")
    assert nobody.code == 2
    assert nobody.errors[0].startswith(f"trace: nobody with keys {NOBODY}, 00000001000000fe came")
    assert "biographies of nobody: " in nobody.out
    assert len(pd.read_parquet("a/biographies.parquet")) == 0


def test_without_the_run_there_is_nothing_to_follow(fishpond: Fishpond, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FAULT, "raise:fish_raising:0")
    answer = fishpond("run", *SMALL, "out=a", "trace=2 random")
    assert answer.code == 1
    assert "no biographies: replication 0, in which members are followed, failed" in answer.err
    assert not Path("a/biographies.csv").exists()


def test_what_cannot_be_written_is_told_plainly(fishpond: Fishpond) -> None:
    assert fishpond("run", *SMALL, "out=a").code == 0
    Path("a/biographies.csv").mkdir()
    answer = fishpond("run", *SMALL, "out=a", "trace=2 random")
    assert answer.code == 1
    assert answer.errors[0].startswith("out: cannot write to a: ")


# ---- the figure and its words -------------------------------------------------------------------------------------------


@pytest.fixture
def life() -> Life:
    rows = biographies_of(1, 5, 10).assign(strategy="kill_pig")
    members = pd.DataFrame({"key": ["0000000100000000"], "channel": ["founding"], "tolerance_per_week": [5.0]})
    (found,) = lives_of(rows, members, {"horizon_days": 10.0, "behaviour": {"fatigue": {"fast_weight": 0.25}}})
    return found


def test_a_life_is_read_off_its_rows(life: Life) -> None:
    assert {kind: (days.tolist(), yuan.tolist()) for kind in ("need", "offer", "limited") for days, yuan in [life.bought(kind)]} == {
        "need": ([4.0], [100.0]),
        "offer": ([2.0, 6.0], [100.0, 100.0]),
        "limited": ([], []),
    }
    assert (life.joined_day, life.muted_day, life.left_day, life.cause) == (0.0, 4.0, 6.0, "pressure")
    assert life.lapses.tolist() == [3.0]
    assert life.returns.tolist() == []
    # The budget is what was spent and what is left of it; at the exit nothing is left.
    assert sum(own[-1] for own in life.spent.values()) == pytest.approx(1.0)
    assert {cause: share for cause, share in life.exit_shares().items() if share} == pytest.approx({"pressure": 0.5, "distrust": 0.5})


def test_a_life_in_words(life: Life) -> None:
    assert who(life) == "Member 0000000100000000, there from day 0"
    assert in_numbers(life).replace("\u00a0", " ") == (
        "kill_pig, 10 days: 9 sessions, 18 messages read and 4 written, 3 red packets of 1.5 yuan in all, 2 invitations, "
        "3 orders for 300 yuan (1 from need, 2 at an offer)."
    )
    assert ending(life).replace("\u00a0", " ") == (
        "Muted the group on day 4. Left on day 6, counted as pressure (too many irritating messages); it took pressure 50 %, distrust 50 %."
    )


def never_a_member(life: Life) -> Life:
    rows = life.rows.copy()
    for name in ("member", "member_before", "muted", "muted_before"):
        rows[name] = False
    for name in ("leave_clock", "invitations", "invitations_before", *(f"leaving_spent_{cause}" for cause in CAUSES)):
        rows[name] = 0
    return Life(life.strategy, rows, {"channel": "parcel_card", "tolerance_per_week": 500.0}, 10.0)


def drawn(life: Life) -> Figure:
    with house_style():
        figure = timeline(life)
        FigureCanvasAgg(figure).draw()
    return figure


@pytest.mark.parametrize("change", [lambda life: life, never_a_member])
def test_no_text_of_the_figure_lies_on_another(life: Life, change) -> None:
    figure = drawn(change(life))
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    renderer = canvas.get_renderer()
    hidden = [label for axes in figure.axes[:-1] for label in axes.get_xticklabels()]
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    texts = [text for text in texts if text not in hidden and text not in beyond(figure)]
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts]
    for (one, left), (other, right) in combinations(boxes, 2):
        assert not left.padded(-1).overlaps(right.padded(-1)), f"{one!r} lies on {other!r}"
    for text, box in boxes:
        assert box.x0 >= -1, text
        assert box.x1 <= figure.bbox.x1 + 1, text


def test_the_figure_shows_what_the_rows_say(life: Life) -> None:
    events, irritation, bonds, leaving = drawn(life).axes
    labels = [label.get_text() for label in events.get_yticklabels()]
    marks = {
        labels[int(found.get_offsets()[0][1])]: found.get_offsets()[:, 0].tolist()
        for found in events.collections[2:]
        if len(found.get_offsets())
    }
    assert marks["left"] == [6.0]
    assert marks["muted"] == [4.0]
    assert marks["bought at an offer"] == [2.0, 6.0]
    assert "pressure: too many irritating messages" in [text.get_text() for text in events.texts]
    felt = next(line for line in irritation.lines if line.get_label() == "felt (both)")
    np.testing.assert_allclose(felt.get_ydata(), [0.325 * day for day in range(10)])
    assert [line.get_label() for line in bonds.lines] == ["trust", "desire", "belonging", "habit (strongest)"]
    assert leaving.get_ylim()[1] > 100
    assert leaving.get_xlabel() == "days from the start"


def test_a_tolerance_far_above_is_named_in_the_key(life: Life) -> None:
    _, irritation, _, leaving = drawn(never_a_member(life)).axes
    assert irritation.get_ylim()[1] < 100
    assert any("tolerance 500" in str(line.get_label()) for line in irritation.lines)
    assert [text.get_text() for text in leaving.texts] == ["never a member"]
