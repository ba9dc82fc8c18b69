"""Figures as files: PNG and SVG, in the house style; the same results give the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from matplotlib import rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from experiments.figures.style import house_style

__all__ = ["Make", "drawn"]

Make = Callable[[], Figure | None]


def drawn(folder: Path, name: str, make: Make) -> bool:
    """Draw a figure into files of a name.

    Parameters
    ----------
    folder
        Where the files go; it is made.
    name
        Of the files, without suffix.
    make
        Makes the figure; None where there is nothing to draw.

    Returns
    -------
    bool
        Whether there was anything to draw. Else files of that name are removed: a figure of an earlier state must not stand beside
        present ones.
    """
    with house_style():
        figure = make()
        if figure is None:
            for suffix in ("svg", "png"):
                (folder / f"{name}.{suffix}").unlink(missing_ok=True)
            return False
        folder.mkdir(parents=True, exist_ok=True)
        _save(figure, folder, name)
    return True


def _save(figure: Figure, folder: Path, name: str) -> None:
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # the layout is found once, not again for each file
    # Printed by the canvases themselves: savefig draws each file twice, to look for a layout that is found.
    FigureCanvasSVG(figure).print_svg(folder / f"{name}.svg", metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
    figure.set_dpi(rcParams["savefig.dpi"])
    FigureCanvasAgg(figure).print_png(folder / f"{name}.png", metadata={"Software": None})  # type: ignore[no-untyped-call]
