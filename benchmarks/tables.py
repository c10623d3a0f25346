"""The documents' tables, written from the cards and from benchmarks/results: never by hand.

python -m benchmarks.tables              # rewrites what stands between the marks in README.md and docs/SCALE.md
"""

import json
import sys
from pathlib import Path

from benchmarks import scale
from benchmarks.common import parser
from explorer import results, weights
from explorer.catalogue import KNOWN
from explorer.training.jobs import second_tries

ROOT = Path(__file__).resolve().parents[1]
README, SCALE, RESULTS = ROOT / "README.md", ROOT / "docs" / "SCALE.md", ROOT / "benchmarks" / "results"


def shipped() -> str:
    """One line a shipped model, dataset by dataset: its accuracy as mean ± standard deviation over the seeds there are,
    and below it whether the cable layer's difference is larger than theirs."""
    lines = [
        "| model | dataset | parameters | test accuracy | reported | epochs | seeds |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    cards = weights.cards()
    order = {name: place for place, name in enumerate(KNOWN)}
    found = [row for row in results.rows() if any(name in cards for name in row.names)]
    for row in sorted(found, key=lambda row: (order.get(row.dataset, 99), row.width, row.names)):
        name = next(name for name in row.names if name in cards)
        paper = f"{row.paper[0]:g} % ({row.paper[1]})" if row.paper else ""
        lines.append(
            f"| {name} | {KNOWN[row.dataset].title} | {cards[name].parameters:,} | {row.text} | {paper} | "
            f"{row.epochs} | {len(row.accuracies)} |"
        )
    held_out = dict.fromkeys(f"{KNOWN[row.dataset].title}: {row.tested}." for row in found if "held out" in row.tested)
    said = [
        *held_out,
        *results.verdicts([row for row in found if row.spread is not None]),
        *second_tries(name for row in found for name in row.names),
    ]
    return "\n".join(lines + [""] * bool(said) + [f"- {words}" for words in said])


def measured() -> str:
    """One line a benchmark: its figure, and on what it was measured."""
    lines = ["| command | figure | measured on |", "|---|---|---|"]
    for file in sorted(RESULTS.glob("*.json")):
        record = json.loads(file.read_text(encoding="utf-8"))
        missed = "" if record["ok"] else " **(bound missed)**"
        lines.append(f"| `{record['command']}` | {record['figure']}{missed} | {record['hardware']}, {record['date']} |")
    return "\n".join(lines)


TABLES = {
    "weights": shipped, "benchmarks": measured, "session": scale.session, "growth": scale.growth, "price": scale.price,
    "store": scale.store,
}  # fmt: skip


def written(text: str) -> str:
    """The document with every table that it has made anew."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, mark, rest = text.partition(begin)
        if mark:
            text = f"{before}{begin}\n{table()}\n{end}{rest.partition(end)[2]}"
    return text


def main() -> int:
    parser("tables", __doc__).parse_args()
    for document in (README, SCALE):
        document.write_text(written(document.read_text(encoding="utf-8")), encoding="utf-8")
        print(document.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
