"""The briefing's charts, drawn by matplotlib without a screen. Each says on itself when the data are synthetic."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from csc_core.briefing.figures import Figure
from csc_core.calendar import in_school_holidays, working_days

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

INK, SOFT, LINE, SECOND, GOAL = "#0d1318", "#55606b", "#1b5e82", "#bc662f", "#a8265f"  # each at least 4.3:1 on white but SECOND (4.2)
SYNTHETIC = "Synthetic data"
DPI = 150


def line(figures: Sequence[Figure], *, synthetic: bool, target: float | None = None) -> bytes:
    """One indicator over months: a line with a dot and a number for each; a month without a figure is a gap."""
    canvas, axes = _canvas(figures, synthetic=synthetic)
    values = [float("nan") if figure.value is None else float(figure.value) for figure in figures]
    axes.plot(range(len(values)), values, color=LINE, linewidth=2, marker="o", markersize=4)
    known = [value for value in values if value == value]  # noqa: PLR0124  NaN alone differs from itself
    low, high = min([*known, *([target] if target is not None else [])]), max([*known, *([target] if target is not None else [])])
    spread = max(high - low, abs(high) * 0.05, 1e-9)
    axes.set_ylim(low - 0.25 * spread, high + 0.35 * spread)
    for place, figure in enumerate(figures):
        if figure.value is not None:
            _label(axes, f"{figure.value:,}", (place, values[place]))
    if target is not None:
        axes.axhline(target, color=GOAL, linestyle="--", linewidth=1.5)
        axes.annotate(f"Target {target:g}%", (0, target), (0, 4), textcoords="offset points", fontsize=8, color=GOAL)
    axes.set_ylabel(
        {"count": "Number", "%": "%", "per 10,000": "Per 10,000 children", "ratio": "Cases per FTE"}[figures[0].asked.unit], fontsize=8
    )
    return _png(canvas)


def bars(figures: Sequence[Figure], parts: Sequence[Figure], names: tuple[str, str], *, synthetic: bool) -> bytes:
    """Two numbers a month side by side, hatched apart, with the month's working days under it."""
    canvas, axes = _canvas(figures, synthetic=synthetic, calendar=True)
    for shift, series, colour, hatch, name in ((-0.2, figures, LINE, "", names[0]), (0.2, parts, "#e7b375", "///", names[1])):
        values = [float(figure.value or 0) for figure in series]
        drawn = axes.bar(
            [place + shift for place in range(len(values))], values, 0.38, color=colour, hatch=hatch, edgecolor=INK, label=name
        )
        axes.bar_label(drawn, [f"{figure.value:,}" if figure.value is not None else "–" for figure in series], fontsize=7, padding=2)
    axes.set_ylabel("Number", fontsize=8)
    axes.legend(fontsize=8, frameon=False, loc="upper center", bbox_to_anchor=(0.5, 1.14), ncols=2)
    return _png(canvas)


def _label(axes: Axes, text: str, point: tuple[float, float]) -> None:
    """A number above its dot, with a halo where the line runs through it."""
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=2.5, foreground="#ffffff")]
    axes.annotate(text, point, (0, 7), textcoords="offset points", ha="center", fontsize=8, color=INK, path_effects=halo)


def _canvas(figures: Sequence[Figure], *, synthetic: bool, calendar: bool = False) -> tuple[Canvas, Axes]:
    from matplotlib.figure import Figure as Canvas

    canvas = Canvas(figsize=(7.2, 3.0 if calendar else 2.6), dpi=DPI, layout="constrained")
    axes = canvas.add_subplot()
    axes.set_xticks(range(len(figures)), [_tick(figure, calendar=calendar) for figure in figures], fontsize=7.5)
    axes.tick_params(axis="y", labelsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color="#dfe3e6", linewidth=0.6)
    axes.set_axisbelow(True)
    if synthetic:
        canvas.text(0.995, 0.985, SYNTHETIC, ha="right", va="top", fontsize=8, color=SOFT, fontweight="bold")
    return canvas, axes


def _tick(figure: Figure, *, calendar: bool) -> str:
    period = figure.period
    cut = f"\nto {period.end.day}" if period.cut else ""
    days = f"\n{working_days(period)}{'*' if in_school_holidays(period) else ''}" if calendar else ""
    return f"{period.end:%b}\n{period.end:%Y}{cut}{days}"


def _png(canvas: Canvas) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    file = BytesIO()
    FigureCanvasAgg(canvas).print_png(file)  # type: ignore[no-untyped-call]  # matplotlib has not typed it
    return file.getvalue()
