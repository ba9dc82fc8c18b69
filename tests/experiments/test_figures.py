from __future__ import annotations

from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from experiments.figures import FIGURES, FigureData, draw_figures, people
from experiments.figures.structure import exit_shares
from experiments.figures.style import house_style
from experiments.loaded import Loaded
from experiments.looks import looks


@pytest.fixture(scope="module")
def data(comparison: Path) -> FigureData:
    return FigureData(Loaded(comparison))


@pytest.fixture(scope="module")
def drawn(reported: Path) -> Path:
    return reported / "figures"


def figure_of(data: FigureData, name: str) -> Figure:
    with house_style():
        figure = FIGURES[name](data)
        assert figure is not None
        FigureCanvasAgg(figure).draw()
    return figure


def beyond(figure: Figure) -> list[Text]:
    """Labels of ticks beyond the ends of the axes: matplotlib keeps them, but does not draw them."""
    labels = []
    for axes in figure.axes:
        for axis, limits in ((axes.xaxis, sorted(axes.get_xlim())), (axes.yaxis, sorted(axes.get_ylim()))):
            labels += [tick.label1 for tick in axis.get_major_ticks() if not limits[0] <= tick.get_loc() <= limits[1]]
    return labels


def test_every_figure_is_there_as_png_and_svg(drawn: Path) -> None:
    calendars = ("calendar_kill_pig", "calendar_fish_raising")
    assert {path.name for path in drawn.iterdir()} == {f"{name}.{kind}" for name in (*FIGURES, *calendars) for kind in ("png", "svg")}


def test_the_same_results_give_the_same_bytes(drawn: Path, data: FigureData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subset = {name: FIGURES[name] for name in ("difference_gmv", "exits_by_cause")}
    monkeypatch.setattr("experiments.figures.FIGURES", subset)
    draw_figures(data, tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (drawn / path.name).read_bytes(), path.name
        assert b"<dc:date>" not in path.read_bytes()


@pytest.mark.parametrize("name", FIGURES)
def test_axes_say_what_they_show_and_no_text_lies_on_another(data: FigureData, name: str) -> None:
    figure = figure_of(data, name)
    for axes in figure.axes:
        assert axes.get_xlabel()
        assert axes.get_ylabel() or name in ("exits_by_cause", "group_vitality")  # there, the names of strategies
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    renderer = canvas.get_renderer()
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip() and text not in beyond(figure)]
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts]
    inside = [(text, box) for text, box in boxes if box.width and figure.bbox.overlaps(box)]
    for (one, left), (other, right) in combinations(inside, 2):
        assert not left.padded(-1).overlaps(right.padded(-1)), f"{one!r} lies on {other!r}"
    for text, box in inside:
        assert box.x0 >= -1, text
        assert box.x1 <= figure.bbox.x1 + 1, text


def test_strategies_differ_in_colour_and_in_line_style() -> None:
    styles = looks([f"strategy {number}" for number in range(7)])
    assert len({look["color"] for look in styles.values()}) == 7
    assert len({str(look["linestyle"]) for look in styles.values()}) == 7


def test_the_settings_of_the_caller_stay(data: FigureData) -> None:
    with mpl.rc_context({"font.size": 33}):
        figure_of(data, "retention")
        assert mpl.rcParams["font.size"] == 33


def test_curves_begin_and_end_where_the_tables_say(data: FigureData) -> None:
    (axes,) = figure_of(data, "cumulative_gmv").axes
    for line, name in zip(axes.lines, data.strategies, strict=True):
        assert line.get_ydata()[0] == 0
        assert line.get_ydata()[-1] == pytest.approx(data.runs.loc[data.runs["strategy"] == name, "gmv"].mean())


def test_exits_are_shared_among_causes_and_sum_to_churn(data: FigureData) -> None:
    shares = exit_shares(data)
    assert list(shares.index) == ["kill_pig", "fish_raising"]  # nobody is a member in the third
    churn = data.runs.groupby("strategy")["churn_rate"].mean()
    for name, share in shares.sum(axis=1).items():
        assert share == pytest.approx(churn[name])


def test_figures_without_data_are_left_out_and_old_ones_removed(data: FigureData, tmp_path: Path) -> None:
    (tmp_path / "retention.svg").touch()
    empty = FigureData(data._loaded)
    empty.daily = data.daily.iloc[:0]
    empty.members = data.members.iloc[:0]
    assert draw_figures(empty, tmp_path) == ["group_vitality"]
    assert not (tmp_path / "retention.svg").exists()
    assert people.retention(empty) is None
