"""The map in words, as a figure, and on the page."""

from __future__ import annotations

import re
import shutil
import warnings
from collections.abc import Callable, Sequence
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from experiments.figures.flip_map import flip_map
from experiments.figures.style import house_style
from experiments.flip_map.reading import FLIP_CAVEAT, reading
from experiments.flip_map.results import FlipResults
from experiments.looks import looks
from experiments.report import rebuild
from tests.experiments.conftest import SMALL, Fishpond

#: Of a cell and horizon: leader, and whether that is decided.
Lead = tuple[str, bool]
OURS = ("kill_pig", "fish_raising")


def results(
    lead: Callable[[float, float, int], Lead],
    firsts: Sequence[float] = (3.5, 7, 14),
    seconds: Sequence[float] = (0.5, 1, 2),
    days: Sequence[int] = (30, 90),
    strategies: Sequence[str] = OURS,
) -> tuple[FlipResults, pd.DataFrame]:
    """Make a map by hand."""
    shown = {"units": ["days", ""], "values": [firsts, seconds], "horizons": days, "metric": "contribution"}
    keys = ["behaviour.buying.advance_days", "behaviour.trust.buying_weight"]
    found = FlipResults(Path("nowhere"), {"strategies": strategies, "flip_map": {"keys": keys}, "shown": shown})
    rows = []
    for first, second, day in product(firsts, seconds, days):
        leader, sure = lead(first, second, day)
        gap = 0.0 if not leader else -123_456.0 if leader == strategies[0] else 123_456.0
        half = 0.5 * abs(gap) if sure else 2 * abs(gap)
        turned = (20.0, 15.0, 25.0, 0.1) if leader == "fish_raising" else (np.nan, np.nan, np.nan, 1.0)
        rows.append((first, second, day, leader, gap, gap - half, gap + half, 0.5, *turned, 6))
    columns = ["first", "second", "horizon_days", "leader", "difference", "low", "high", "probability"]
    return found, pd.DataFrame(rows, columns=[*columns, "crossing_day", "crossing_low", "crossing_high", "share_never", "replications"])


def opening(text: str) -> str:
    return text.split(": ", 1)[1]


OVER = "Over 9 pairs of values of behaviour.buying.advance_days (3.5 to 14 days) and behaviour.trust.buying_weight (0.5 to 2): "


@pytest.mark.parametrize(
    ("lead", "sentence"),
    [
        (
            lambda first, second, day: ("kill_pig", True),
            "by day 30 kill_pig leads on contribution in all (all decided: the interval excludes 0); "
            "by day 90 kill_pig in all (all decided). "
            "Wherever the lead is decided, kill_pig has it: this map shows no decided flip. "
            "Within a cell the order does not turn over time, by day 90.",
        ),
        (
            lambda first, second, day: ("fish_raising" if day == 90 and first < 14 else "kill_pig", second < 2),
            "by day 30 kill_pig leads on contribution in all (6 decided: the interval excludes 0); by day 90 kill_pig in 3 (2 decided) and "
            "fish_raising in 6 (4 decided). The decided leader changes with behaviour.buying.advance_days and the horizon. "
            "Within a cell the order turns over time in 6 of 9, for the last time on day 20.",
        ),
        (
            lambda first, second, day: ("fish_raising" if second > 1 else "kill_pig", True),
            "by day 30 kill_pig leads on contribution in 6 (all decided: the interval excludes 0) and fish_raising in 3 (all decided); "
            "by day 90 kill_pig in 6 (all decided) and fish_raising in 3 (all decided). "
            "The decided leader changes with behaviour.trust.buying_weight. "
            "Within a cell the order turns over time in 3 of 9, for the last time on day 20.",
        ),
        (
            lambda first, second, day: ("", False) if first == 7 else ("kill_pig", False),
            "by day 30 kill_pig leads on contribution in 6 (none decided: the interval excludes 0) and nobody in 3; "
            "by day 90 kill_pig in 6 (none decided) and nobody in 3. No lead is decided anywhere on this map. "
            "Within a cell the order does not turn over time, by day 90.",
        ),
    ],
)
def test_the_map_in_words(lead: Callable[[float, float, int], Lead], sentence: str) -> None:
    assert reading(*results(lead)) == OVER + sentence


def test_a_flip_that_needs_both_parameters_is_not_put_down_to_one() -> None:
    def diagonal(first: float, second: float, day: int) -> Lead:
        return ("kill_pig" if first == 3.5 else "fish_raising"), (first, second) in ((3.5, 0.5), (14, 2))

    words = reading(*results(diagonal, days=(90,)))
    assert "The decided leader differs between cells (kill_pig and fish_raising), though along neither axis alone." in words


def test_words_take_no_side() -> None:
    """Exchange the strategies, and the words are exchanged."""

    def lead(first: float, second: float, day: int) -> Lead:
        return OURS[int(first > 7)], second < 2

    def other(first: float, second: float, day: int) -> Lead:
        leader, sure = lead(first, second, day)
        return OURS[1 - OURS.index(leader)], sure

    one, two = (reading(*results(which, strategies=names)) for which, names in ((lead, OURS), (other, OURS[::-1])))
    swapped = one.replace("kill_pig", "X").replace("fish_raising", "kill_pig").replace("X", "fish_raising")
    assert swapped.split("Within")[0] == two.split("Within")[0]


def drawn(found: FlipResults, table: pd.DataFrame) -> Figure:
    with house_style(), warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = flip_map(found, table)
        FigureCanvasAgg(figure).draw()
    return figure


@pytest.mark.parametrize(
    ("firsts", "seconds", "days", "strategies"),
    [
        ((3.5, 7, 14), (0.5, 1, 2), (60, 120, 180), OURS),
        ((1, 2, 3, 4, 5), (0.1, 0.2, 0.5, 1, 2), (30, 90), (*OURS, "no_community", "")),
        ((7,), (0.5, 1), (180,), OURS),
        ((1, 2), (1,), (7, 30, 90, 180), (*OURS, "a_strategy_with_a_long_name")),
    ],
)
def test_the_figure_is_legible(firsts: Sequence[float], seconds: Sequence[float], days: Sequence[int], strategies: Sequence[str]) -> None:
    def lead(first: float, second: float, day: int) -> Lead:
        name = strategies[(int(first) + (day > 30)) % len(strategies)]
        return name, second > 0.6 and name != ""

    figure = drawn(*results(lead, firsts, seconds, days, strategies=[name for name in strategies if name]))
    assert [axes.get_title(loc="left") for axes in figure.axes] == [f"by day {day}" for day in days]
    for axes in figure.axes:
        assert axes.get_xlabel().replace("\n", "") == "behaviour.buying.advance_days(days)"
        assert len(axes.texts) == 2 * len(firsts) * len(seconds)
    assert figure.axes[0].get_ylabel().replace("\n", "") == "behaviour.trust.buying_weight"
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    boxes = [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in texts]
    for (one, left), (other, right) in combinations(boxes, 2):
        assert not left.padded(-1).overlaps(right.padded(-1)), f"{one!r} lies on {other!r}"
    for text, box in boxes:
        assert box.x0 >= -1, text
        assert box.x1 <= figure.bbox.x1 + 1, text


def test_colour_says_who_leads_and_strength_whether_it_is_decided() -> None:
    figure = drawn(*results(lambda first, second, day: ("", False) if first == 7 else (OURS[int(first > 7)], second > 1), days=(90,)))
    (axes,) = figure.axes
    colours = {name: look.colour.lower() for name, look in looks(OURS).items()}
    cells = {(round(patch.get_x() + 0.5), round(patch.get_y() + 0.5)): patch for patch in axes.patches if isinstance(patch, Rectangle)}
    assert len(cells) == 9
    for x, name in ((0, "kill_pig"), (2, "fish_raising")):
        sure, open_ = cells[x, 2], cells[x, 0]
        assert (to_hex(sure.get_facecolor()), sure.get_hatch()) == (colours[name], None)
        assert open_.get_hatch()
        assert min(open_.get_facecolor()[:3]) > 0.7
    assert len({to_hex(cells[x, 0].get_facecolor()) for x in (0, 1, 2)}) == 3
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        *("kill_pig leads", "fish_raising leads", "nobody leads", "undecided: the interval includes 0")
    ]
    assert figure.legends[0].get_title().get_text().startswith("fish_raising − kill_pig: difference in contribution by that day (yuan)")
    assert "−123k" in [text.get_text() for text in axes.texts]


MAP = ("flip_map.keys=[behaviour.trust_start,market.pool]", "flip_map.values=[[0.2,0.4],[100,200]]", "flip_map.replications=2")


def test_the_page_has_a_section_of_the_map(fishpond: Fishpond, one_figure: None) -> None:
    answer = fishpond("compare", *SMALL, *MAP, "report.page=true", "out=a")
    assert answer.code == 0
    sentence = answer.out.splitlines()[1]
    page = Path("a/report.html").read_text(encoding="utf-8")
    section = page[page.index("<h2>Which leads where</h2>") :]
    section = section[: section.index("</section>")]
    assert sentence.startswith("Over 4 pairs of values of behaviour.trust_start (0.2 to 0.4) and market.pool (100 to 200): by day 3 ")
    assert sentence.replace(" %", "\u00a0%") in section
    assert FLIP_CAVEAT.replace(" %", "\u00a0%") in section
    assert "do not include uncertainty of the model itself" in section
    assert "Replications in a cell: 2." in section
    assert section.count("<svg") == 1
    names = re.findall(r'\bid="([^"]+)"', page)
    assert len(names) == len(set(names))
    files = {kind: Path(f"a/figures/flip_map.{kind}").read_bytes() for kind in ("png", "svg")}
    shutil.rmtree("a/figures")
    Path("a/flip_map.csv").unlink()
    assert rebuild("a").read_text(encoding="utf-8") == page
    assert {kind: Path(f"a/figures/flip_map.{kind}").read_bytes() for kind in files} == files
    # Without its runs, there is no map on the page.
    shutil.rmtree("a/flip_map")
    assert "Which leads where" not in rebuild("a").read_text(encoding="utf-8")
