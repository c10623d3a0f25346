"""The documents' tables, written from the cards and from benchmarks/results: never by hand.

python -m benchmarks.tables              # rewrites what stands between the marks in README.md and docs/SCALE.md
"""

import json
import sys
from pathlib import Path

from benchmarks import scale
from explorer import weights
from explorer.catalogue import KNOWN
from explorer.training.reported import reported

ROOT = Path(__file__).resolve().parents[1]
README, SCALE, RESULTS = ROOT / "README.md", ROOT / "docs" / "SCALE.md", ROOT / "benchmarks" / "results"


def shipped() -> str:
    """One line a shipped model, dataset by dataset."""
    lines = [
        "| model | dataset | parameters | test accuracy | reported | epochs | seed |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    cards = weights.cards()
    order = {name: place for place, name in enumerate(KNOWN)}
    for name in sorted(cards, key=lambda name: (order.get(cards[name].dataset, 99), cards[name].width, name)):
        card = cards[name]
        paper = reported(card.recipe)
        lines.append(
            f"| {name} | {KNOWN[card.dataset].title} | {card.parameters:,} | {card.accuracy:.2f} % | "
            f"{f'{paper[0]:g} % ({paper[1]})' if paper else ''} | {card.recipe.get('epochs')} | {card.seed} |"
        )
    return "\n".join(lines)


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
    for document in (README, SCALE):
        document.write_text(written(document.read_text(encoding="utf-8")), encoding="utf-8")
        print(document.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
