"""What `make bench` writes: RESULTS.md, its charts as SVG, and the figures behind both as JSON.

The sections of a run are kept in results.json; the rest is drawn from it, so a run of some keeps the others.
"""

import math
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any, Literal, NamedTuple

import msgspec

RESULTS, CHARTS, KEPT = "RESULTS.md", "charts", "results.json"

# Grey that is read on white and on dark, and colours that are told apart by those who see fewer of them (Okabe, Ito).
_INK = "#808890"
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#808890")


class Spread(NamedTuple):
    """The middle of several runs, and how far they went apart; the unit is the caller's."""

    median: float
    least: float
    most: float


class Chart(NamedTuple):
    """`series` is name -> points, each (where it stands, how much); `name` is the stem of its file."""

    name: str
    title: str
    unit: str
    series: Mapping[str, Sequence[tuple[str | float, float]]]
    kind: Literal["bars", "lines"]
    log: bool = False


class Section(NamedTuple):
    """One item of the benchmark. `text` is Markdown: what was measured, and how equal results were checked."""

    number: int
    title: str
    text: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    charts: Sequence[Chart] = ()
    aim: str = ""
    met: bool | None = None
    found: str = ""


class Run(NamedTuple):
    """Where and when a section was measured: a line each of machine, versions, date, and load."""

    machine: str
    versions: str
    date: str
    load: str


class Kept(NamedTuple):
    """A section as it is kept between runs."""

    section: Section
    run: Run


def spread(values: Sequence[float]) -> Spread:
    """Of at least one value."""
    return Spread(median(values), min(values), max(values))


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are figures."""
    ruler = ["---", *["--:"] * (len(columns) - 1)]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in (columns, ruler, *rows)
    )


def write(sections: Sequence[Section], folder: Path, run: Run | None = None) -> None:
    """Put the sections among those that are kept in the folder, in the place of those of the same number, and draw
    RESULTS.md and the charts anew. Without a run nothing is said of where they were measured."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {one.section.number: one for one in _read(folder / KEPT)}
    for section in sections:
        kept[section.number] = Kept(section, run or Run("", "", "", ""))
    ordered = [kept[number] for number in sorted(kept)]
    (folder / KEPT).write_bytes(msgspec.json.format(msgspec.json.encode(ordered), indent=1) + b"\n")
    (folder / RESULTS).write_text(_page(ordered))
    _draw_all([chart for one in ordered for chart in one.section.charts], folder / CHARTS)


def _read(path: Path) -> list[Kept]:
    return msgspec.json.decode(path.read_bytes(), type=list[Kept]) if path.exists() else []


# --- Markdown ------------------------------------------------------------------------------------------------------


def _page(kept: Sequence[Kept]) -> str:
    head = [
        "# How fast it is",
        "Written by `make bench`, not by hand. A figure is the median of several runs, with the least and the most "
        "of them in brackets. Equal results were checked before anything was timed.",
    ]
    return "\n\n".join([*head, *(_part(one) for one in kept)]) + "\n"


def _part(one: Kept) -> str:
    section = one.section
    paragraphs = [f"## {section.number}. {section.title}", section.text.strip(), table(section.columns, section.rows)]
    paragraphs += [f"![{chart.title}]({CHARTS}/{chart.name}.svg)" for chart in section.charts]
    if section.aim:
        verdict = {True: "met", False: "**missed**", None: "not judged"}[section.met]
        paragraphs.append(f"Aim: {section.aim}: {verdict}.")
    paragraphs.append(section.found.strip())
    paragraphs.append("<sub>" + "; ".join(filter(None, one.run)) + "</sub>" if any(one.run) else "")
    return "\n\n".join(filter(None, paragraphs))


# --- Charts --------------------------------------------------------------------------------------------------------


def _draw_all(charts: Sequence[Chart], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.svg"):
        old.unlink()
    for chart in charts:
        _draw(chart, folder / f"{chart.name}.svg")


def _draw(chart: Chart, path: Path) -> None:
    # Only the environment of `make bench` has it, and types are checked without.
    matplotlib, figures = import_module("matplotlib"), import_module("matplotlib.figure")
    # The same figures give the same bytes, and text stays text.
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
            # Below, where no bar can be behind it.
            figure.legend(loc="outside lower left", ncols=2, frameon=False, fontsize=8)
        figure.savefig(path, format="svg", transparent=True, metadata={"Date": None, "Creator": None})


def _bars(axes: Any, chart: Chart) -> None:
    """Lying bars: places from top to bottom, in each one bar a series."""
    places = list(dict.fromkeys(str(at) for points in chart.series.values() for at, _ in points))
    thick = 0.8 / len(chart.series)
    most = max(value for points in chart.series.values() for _, value in points)
    for number, (name, points) in enumerate(chart.series.items()):
        at = [places.index(str(place)) + (number + 0.5) * thick - 0.4 for place, _ in points]
        values = [value for _, value in points]
        drawn = axes.barh(at, values, height=thick * 0.9, color=_COLOURS[number % len(_COLOURS)], label=name)
        axes.bar_label(drawn, [_short(value) for value in values], padding=3, fontsize=8, color=_INK)
    axes.set_yticks(range(len(places)), places)
    axes.invert_yaxis()
    axes.set_xlabel(chart.unit)
    if chart.log:
        axes.set_xscale("log")
    axes.set_xlim(right=most * (3 if chart.log else 1.12))


def _lines(axes: Any, chart: Chart) -> None:
    for number, (name, points) in enumerate(chart.series.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        places, values = zip(*points, strict=True)
        axes.plot(places, values, color=colour, marker="o", markersize=3, label=name)
    axes.set_ylabel(chart.unit)
    if chart.log:
        axes.set_yscale("log")
        if all(isinstance(at, int | float) and at > 0 for points in chart.series.values() for at, _ in points):
            axes.set_xscale("log")
    else:
        axes.set_ylim(bottom=0)
    axes.grid(color=_INK, alpha=0.2, linewidth=0.5)


def _short(value: float) -> str:
    """Three digits that count."""
    if value == 0:
        return "0"
    return f"{value:,.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"
