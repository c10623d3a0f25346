"""The documents' tables, written from the cards, from benchmarks/results and from the modules: never by hand.

python -m benchmarks.tables              # rewrites what stands between the marks in README.md and three of docs/
"""

import ast
import sys
from pathlib import Path

from benchmarks import scale
from benchmarks.common import parser
from explorer import files, papers
from explorer.classroom import handout, shelf
from explorer.data.catalogue import KNOWN, title
from explorer.networks import weights
from explorer.paths import PAGES
from explorer.render import size
from explorer.results import answer, passages, rows
from explorer.results.reproduce import remarks

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "explorer"
README, RESULTS = ROOT / "README.md", ROOT / "benchmarks" / "results"
SCALE, CLASS, TEXTS = (ROOT / "docs" / f"{name}.md" for name in ("SCALE", "CLASS", "TEXTS"))
APP = "http://localhost:8501"  # where a document finds it


def shipped() -> str:
    """One line a shipped model, dataset by dataset: its accuracy as mean, from three seeds on ± standard deviation,
    and below it whether the cable layer's difference is larger than theirs."""
    lines = [
        "| model | dataset | parameters | size | test accuracy | reported | epochs | seeds |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    cards = weights.cards()
    order = {name: place for place, name in enumerate(KNOWN)}
    found = [row for row in rows.rows() if any(name in cards for name in row.names)]
    for row in sorted(found, key=lambda row: (order.get(row.dataset, 99), row.width, row.names)):
        name = next(name for name in row.names if name in cards)
        paper = f"{row.paper[0]:g} % ({row.paper[1]})" if row.paper else ""
        count = cards[name].parameters
        lines.append(
            f"| {name} | {KNOWN[row.dataset].title} | {count:,} | {size(count)} | {row.text} | {paper} | "
            f"{row.epochs} | {len(row.accuracies)} |"
        )
    held_out = dict.fromkeys(f"{KNOWN[row.dataset].title}: {row.tested}." for row in found if "held out" in row.tested)
    said = [
        *held_out,
        *rows.verdicts([row for row in found if row.spread is not None]),
        *remarks(name for row in found for name in row.names),
    ]
    said += [
        f"{name}: {card.parameters:,} parameters ({size(card.parameters)}), trained on {title(card.dataset)} "
        f"elsewhere and not measured by us; from {card.source}, {card.licence}."
        for name, card in cards.items()
        if card.source
    ]
    return "\n".join(lines + [""] * bool(said) + [f"- {words}" for words in said])


def measured() -> str:
    """One line a benchmark: its figure, and on what it was measured."""
    lines = ["| command | figure | measured on |", "|---|---|---|"]
    for record in rows.measured(RESULTS):
        missed = "" if record["ok"] else " **(bound missed)**"
        lines.append(f"| `{record['command']}` | {record['figure']}{missed} | {record['hardware']}, {record['date']} |")
    return "\n".join(lines)


def study() -> str:
    """What the study says of each of its experiments that has begun."""
    return "\n".join(f"- {one.verdict} {one.robustness}" for one in answer.read(RESULTS / "study.json"))


def layout() -> str:
    """The rooms of explorer/ and the small files at its root, each with the first line of its own text."""
    rooms = sorted(file.parent for file in PACKAGE.rglob("__init__.py") if file.parent != PACKAGE)
    files = sorted(file for file in PACKAGE.glob("*.py") if file.name != "__init__.py")
    rows = [(f"{room.relative_to(PACKAGE)}/".replace("\\", "/"), room / "__init__.py") for room in rooms]
    rows += [(file.name, file) for file in files]
    return "\n".join(["| explorer/ | |", "|---|---|", *(f"| {name} | {_first_line(file)} |" for name, file in rows)])


def _first_line(file: Path) -> str:
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return text.partition("\n\n")[0].replace("\n", " ").rstrip(".:").replace("|", "\\|")


def lesson() -> str:
    """The shipped lesson, step by step, as its teacher reads it."""
    pages = {file.stem.partition("_")[2] for file in PAGES.glob("[0-9]*_*.py")} | {""}
    return "\n".join(handout.plan(one, APP) for one in shelf.shelf(pages, own=None).lessons.values())


def texts() -> str:
    """Every passage of the five texts, text by text."""
    parts = []
    for number, (called, source) in papers.TEXTS.items():
        found = [one for one in passages.passages() if one.text == number]
        parts += [f"## {number}, {called}", "", f"{source}. {passages.counted(found)}.", ""]
        parts += ["| passage | it says | in the app | held by | otherwise |", "|---|---|---|---|---|"]
        parts += [_passage(one) for one in found]
        parts.append("")
    return "\n".join(parts[:-1])


def _passage(one: passages.Passage) -> str:
    links = ", ".join(f"[{words}]({APP}/{address})" for address, words in one.links)
    held = "<br>".join(
        [*(f"tests/{test.replace('::', '.py::')}" for test in one.tests), *map("card {}".format, one.cards)]
    )
    apart = f"{one.apart} `{one.command}`".strip() if one.command else one.apart
    cells = (one.place, one.says, links or "open", held, apart)
    return " | ".join(["", *(cell.replace("|", "/") for cell in cells), ""]).strip()


TABLES = {
    "study": study, "layout": layout, "weights": shipped, "benchmarks": measured,
    "session": scale.session, "growth": scale.growth, "price": scale.price, "store": scale.store, "lesson": lesson,
    "texts": texts,
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
    for document in (README, SCALE, CLASS, TEXTS):
        files.write(document, written(document.read_text(encoding="utf-8")).encode())
        print(document.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
