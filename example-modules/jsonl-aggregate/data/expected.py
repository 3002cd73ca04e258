"""Says what jsonl-aggregate must say about penguins.jsonl, with nothing but Python's standard library."""

import json
import sys
from pathlib import Path

groups = {}
for line in Path(__file__).with_name("penguins.jsonl").read_text().splitlines():
    row = json.loads(line)
    groups.setdefault((row["species"], row["sex"]), []).append(row)


def numbers(rows, field):
    values = [row[field] for row in rows if row[field] is not None]
    if not values:
        return {"count": 0, "sum": 0, "mean": 0, "min": 0, "max": 0}
    total = 0.0
    for value in values:
        total += value
    return {"count": len(values), "sum": total, "mean": total / len(values), "min": min(values), "max": max(values)}


def order(item):
    return json.dumps(item[0], separators=(",", ":"))


json.dump(
    [
        {
            "group": {"species": species, "sex": sex},
            "lines": len(rows),
            "values": {field: numbers(rows, field) for field in ["body_mass_g", "bill_length_mm"]},
        }
        for (species, sex), rows in sorted(groups.items(), key=order)
    ],
    sys.stdout,
    indent=1,
)
print()
