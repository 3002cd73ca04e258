"""Profiles penguins.csv with Python's standard library, for csv-profile's test to compare with.

Quantiles are those of statistics.quantiles with method "inclusive": the smallest value is the 0th percentile, the
largest the 100th, and between two values the quantile is interpolated linearly (type 7 of Hyndman and Fan).
The deviation is that of a sample, statistics.stdev, which divides by n - 1.

Usage: python3 expected.py > expected.json
"""

import csv
import json
import pathlib
import statistics
from collections import Counter

GAPS = {"", "NA"}
PERCENTILES = (5, 25, 50, 75, 95)
TOP = 5


def kind(cell):
    for name, convert in (("integer", int), ("number", float)):
        try:
            convert(cell)
            return name
        except ValueError:
            pass
    return "boolean" if cell.lower() in ("true", "false") else "text"


def column_type(kinds):
    names = {name for name, count in kinds.items() if count}
    if not names:
        return "empty"
    if names == {"integer", "number"}:
        return "number"
    return names.pop() if len(names) == 1 else "text"


def numbers(cells):
    percentiles = statistics.quantiles(cells, n=100, method="inclusive")
    return {
        "count": len(cells),
        "mean": statistics.fmean(cells),
        "standard_deviation": statistics.stdev(cells),
        "quantiles": {
            "exact": True,
            "values": [{"at": p / 100, "value": percentiles[p - 1]} for p in PERCENTILES],
        },
    }


def profile(position, name, column):
    cells = [cell for cell in column if cell not in GAPS]
    kinds = Counter(kind(cell) for cell in cells)
    found = column_type(kinds)
    numeric = [float(cell) for cell in cells if kind(cell) in ("integer", "number")]
    extremes = numeric if found in ("integer", "number") else cells
    counts = Counter(cells)
    top = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:TOP]
    return {
        "column": name,
        "position": position,
        "type": found,
        "rows": len(column),
        "gaps": len(column) - len(cells),
        "kinds": {name: kinds[name] for name in ("integer", "number", "boolean", "text")},
        "distinct": {"count": len(counts), "exact": True},
        "top": [{"value": value, "count": count} for value, count in top],
        "minimum": min(extremes),
        "maximum": max(extremes),
        "numbers": numbers(numeric) if numeric else None,
    }


def main():
    path = pathlib.Path(__file__).with_name("penguins.csv")
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    columns = zip(*rows)
    profiles = [profile(number, name, column) for number, (name, column) in enumerate(zip(header, columns), 1)]
    print(json.dumps(profiles, indent=1))


main()
