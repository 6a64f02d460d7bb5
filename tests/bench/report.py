"""Writes the results of `make bench`: RESULTS.md, its charts as SVG, and the figures behind both as JSON.

results.json keeps the sections of all runs; page and charts are drawn from it. So a run of some items keeps the rest.
"""

import math
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any, Literal, NamedTuple

import msgspec

RESULTS, CHARTS, KEPT = "RESULTS.md", "charts", "results.json"

# A grey that is readable on white and on dark, and colours that colour-blind readers can tell apart (Okabe and Ito).
_INK = "#808890"
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#808890")


class Spread(NamedTuple):
    """Median, minimum and maximum of several runs, in the caller's unit."""

    median: float
    least: float
    most: float


class Chart(NamedTuple):
    """`series` maps names to points (position, value); `name` is the stem of the chart's file."""

    name: str
    title: str
    unit: str
    series: Mapping[str, Sequence[tuple[str | float, float]]]
    kind: Literal["bars", "lines"]
    log: bool = False


class Section(NamedTuple):
    """One item of the benchmark.

    `text` says what is measured and how equal results are ensured, `findings` what came out; both are Markdown.
    """

    number: int
    title: str
    text: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    charts: Sequence[Chart] = ()
    aim: str = ""
    met: bool | None = None
    findings: str = ""


class Run(NamedTuple):
    """Where and when a section was measured, as text."""

    machine: str
    versions: str
    date: str
    load: str


class Kept(NamedTuple):
    """A section as results.json keeps it."""

    section: Section
    run: Run


def spread(values: Sequence[float]) -> Spread:
    """The spread of at least one value."""
    return Spread(median(values), min(values), max(values))


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are right-aligned."""
    ruler = ["---", *["--:"] * (len(columns) - 1)]
    lines = [[cell.replace("|", r"\|") for cell in line] for line in (columns, ruler, *rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(sections: Sequence[Section], folder: Path, run: Run | None = None) -> None:
    """Replace the sections of the same numbers in results.json, and draw RESULTS.md and the charts anew.

    Without a run the page does not say where they were measured.
    """
    folder.mkdir(parents=True, exist_ok=True)
    by_number = {kept.section.number: kept for kept in _read(folder / KEPT)}
    for section in sections:
        by_number[section.number] = Kept(section, run or Run("", "", "", ""))
    ordered = [by_number[number] for number in sorted(by_number)]
    (folder / KEPT).write_bytes(msgspec.json.format(msgspec.json.encode(ordered), indent=1) + b"\n")
    (folder / RESULTS).write_text(_page(ordered))
    _draw_all([chart for kept in ordered for chart in kept.section.charts], folder / CHARTS)


def _read(path: Path) -> list[Kept]:
    return msgspec.json.decode(path.read_bytes(), type=list[Kept]) if path.exists() else []


# --- Markdown ------------------------------------------------------------------------------------------------------


def _page(sections: Sequence[Kept]) -> str:
    head = [
        "# How fast it is",
        "Written by `make bench`; do not edit. A figure is the median of several runs, with minimum and maximum in "
        "brackets. Nothing is timed before all contenders have given equal results.",
    ]
    return "\n\n".join([*head, *(_part(section, run) for section, run in sections)]) + "\n"


def _part(section: Section, run: Run) -> str:
    paragraphs = [f"## {section.number}. {section.title}", section.text.strip(), table(section.columns, section.rows)]
    paragraphs += [f"![{chart.title}]({CHARTS}/{chart.name}.svg)" for chart in section.charts]
    if section.aim:
        verdict = {True: "met", False: "**missed**", None: "not judged"}[section.met]
        paragraphs.append(f"Aim: {section.aim} ({verdict}).")
    paragraphs.append(section.findings.strip())
    paragraphs.append("<sub>" + "; ".join(filter(None, run)) + "</sub>" if any(run) else "")
    return "\n\n".join(filter(None, paragraphs))


# --- Charts --------------------------------------------------------------------------------------------------------


def _draw_all(charts: Sequence[Chart], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.svg"):
        path.unlink()
    for chart in charts:
        _draw(chart, folder / f"{chart.name}.svg")


def _draw(chart: Chart, path: Path) -> None:
    # Only the environment of `make bench` has matplotlib; mypy runs without it.
    matplotlib, figures = import_module("matplotlib"), import_module("matplotlib.figure")
    # Equal figures give equal bytes, and text stays text.
    style = {"svg.hashsalt": chart.name, "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9}
    inks = dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), _INK)
    with matplotlib.rc_context({**style, **inks}):
        count = sum(map(len, chart.series.values()))
        legend = 0.2 * math.ceil(len(chart.series) / 2)
        height = (max(1.6, 0.24 * count + 0.9) if chart.kind == "bars" else 3.2) + legend
        figure = figures.Figure(figsize=(6.4, height), layout="constrained")
        axes = figure.add_subplot()
        (_bars if chart.kind == "bars" else _lines)(axes, chart)
        axes.set_title(chart.title, loc="left", fontsize=10)
        axes.spines[["top", "right"]].set_visible(False)
        if len(chart.series) > 1:
            # Below the axes, where it covers no bar.
            figure.legend(loc="outside lower left", ncols=2, frameon=False, fontsize=8)
        figure.savefig(path, format="svg", transparent=True, metadata={"Date": None, "Creator": None})


def _bars(axes: Any, chart: Chart) -> None:
    """Horizontal bars: positions from top to bottom, each with one bar per series."""
    labels = list(dict.fromkeys(str(position) for points in chart.series.values() for position, _ in points))
    thickness = 0.8 / len(chart.series)
    maximum = max(value for points in chart.series.values() for _, value in points)
    for number, (name, points) in enumerate(chart.series.items()):
        heights = [labels.index(str(position)) + (number + 0.5) * thickness - 0.4 for position, _ in points]
        values = [value for _, value in points]
        colour = _COLOURS[number % len(_COLOURS)]
        bars = axes.barh(heights, values, height=thickness * 0.9, color=colour, label=name)
        axes.bar_label(bars, [_short(value) for value in values], padding=3, fontsize=8, color=_INK)
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    axes.set_xlabel(chart.unit)
    if chart.log:
        axes.set_xscale("log")
    axes.set_xlim(right=maximum * (3 if chart.log else 1.12))


def _lines(axes: Any, chart: Chart) -> None:
    for number, (name, points) in enumerate(chart.series.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        positions, values = zip(*points, strict=True)
        axes.plot(positions, values, color=colour, marker="o", markersize=3, label=name)
    axes.set_ylabel(chart.unit)
    if chart.log:
        axes.set_yscale("log")
        everywhere = [position for points in chart.series.values() for position, _ in points]
        if all(isinstance(position, int | float) and position > 0 for position in everywhere):
            axes.set_xscale("log")
    else:
        axes.set_ylim(bottom=0)
    axes.grid(color=_INK, alpha=0.2, linewidth=0.5)


def _short(value: float) -> str:
    """Three significant digits."""
    if value == 0:
        return "0"
    return f"{value:,.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"
