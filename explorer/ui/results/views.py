"""The tables and curves of the Results page, each with the card or the command it comes from."""

from contextlib import suppress

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from explorer import papers
from explorer.data import catalogue
from explorer.errors import ExplorerError
from explorer.figures import results as figures
from explorer.networks import zoo
from explorer.paths import CHECKOUT, published
from explorer.render import signed, size
from explorer.results import methods, rows, tables
from explorer.results.methods import Method
from explorer.results.reproduce import jobs, remarks
from explorer.results.rows import ResultRow
from explorer.results.tables import PaperRow, Section
from explorer.ui.classify.source import evaluations, results_file
from explorer.ui.shared import caches
from explorer.ui.shared.layout import empty, left_out, plain

CHART = {"displayModeBar": False}
COMMAND = "python -m benchmarks.reproduce"
MOST_NAMED = 3  # commands that a sentence names


@st.cache_data(show_spinner=False, ttl=30)
def _sections() -> dict[Section, list[PaperRow]]:
    return tables.sections((*rows.FOLDERS, published()))


@st.cache_data(show_spinner=False)
def _counts() -> list[tables.Count]:
    return tables.counts()


def title(section: Section) -> str:
    name = plain(catalogue.title(section.dataset))
    return f"{name}, cable networks" if section.cable else name


def accuracies() -> None:
    where = "" if CHECKOUT else " in a checkout of the repository"
    st.caption(
        f"The name of a card is the name of its recipe:{where} `{COMMAND} NAME` trains one that is open, and with "
        "`--again` one that is there once more, to compare. Accuracy is taken once, after the last epoch, with the "
        "weights as shipped; ± is the standard deviation over three seeds or more. Green: as good as the paper, or "
        "better, on the same images."
    )
    for place, (section, lines) in enumerate(_sections().items()):
        key = f"table_{section.key.replace('-', '_')}"
        words = f"**{title(section)}**: {_best(lines)}"
        with st.expander(words, expanded=place == 0, key=key, on_change="rerun", bind="query-params"):
            _table(section, lines)
    st.caption("  \n".join(f"**{called}** ({number}): {text}" for number, (called, text) in papers.TEXTS.items()))


def _best(lines: list[PaperRow]) -> str:
    """What a folded table says of itself."""
    done = [row for line in lines for row in line.rows]
    trained = sum(bool(line.rows) for line in lines)
    most = f", the best {max(row.mean for row in done):.2f} %" if done else ""
    return f"{trained} of {len(lines)} networks trained{most}"


def _table(section: Section, lines: list[PaperRow]) -> None:
    done = [row for line in lines for row in line.rows]
    source = f"{section.paper}, {section.table}" if section.paper else "no paper"
    source += ", all of width 64" * section.cable
    tested = "; ".join(dict.fromkeys(row.tested for row in done))
    st.caption(f"{source}{f' · ours: {plain(tested)}' if tested else ''}")
    shown = [one for line in lines for one in _rows(line)]
    if section.dataset == methods.DATASET:
        shown += _others()
    st.table(pd.DataFrame(shown).set_index("network"))
    _chart(section, lines)
    if said := rows.verdicts(done) + remarks(name for row in done for name in row.names):
        st.caption("\n".join(f"- {plain(words)}" for words in said))
    if section == tables.SECTIONS[0] and (left := tables.left_to_a_gpu()):
        st.caption(
            f"Width 64 by the paper's own recipe, and for longer by ours, three seeds each, wants a GPU: "
            f"`{COMMAND} --gpu` makes the {left} runs that are missing."
        )


def _rows(line: PaperRow) -> list[dict]:
    """One for every recipe that was trained; one that says how to fill it where none was."""
    found = []
    for row in line.rows:
        difference = row.mean - row.paper[0] if row.paper else None
        same = "held out" not in row.tested  # the images that the paper tested on
        good = same and difference is not None and difference >= 0
        ours = f"{row.text}, {methods.interval(row.mean)}" if line.dataset == methods.DATASET else row.text
        found.append(
            {
                "network": line.words,
                "paper, %": line.paper or "none",
                "ours, %": f":green[{ours}]" if good else ours,
                "difference": "" if difference is None else signed(difference) + ", other images" * (not same),
                "seeds": str(len(row.accuracies)),
                "epochs": str(row.epochs),
                "card": _cards(row) + (f"; open: `{' '.join(line.open)}`" if line.open else ""),
            }
        )
    if not found:
        found.append(
            {
                "network": line.words,
                "paper, %": line.paper or "none",
                "ours, %": ":gray[open]",
                "difference": "",
                "seeds": "0",
                "epochs": "",
                "card": f"`{COMMAND} {' '.join(line.open)}`",
            }
        )
    return found


def _cards(row: ResultRow) -> str:
    again = f" (of the same seed: {', '.join(row.again)})" if row.again else ""
    return ", ".join(row.names) + again


def _others() -> list[dict]:
    """The methods that the paper sets beside its network, as it prints them and as they were measured here."""
    found: dict[str, Method] = {}
    try:
        found = methods.read()
    except ExplorerError as error:
        left_out([error])
    return [_other(name, papers.DIGITS.get(name), found.get(name)) for name in {**papers.DIGITS, **found}]


def _other(name: str, paper: tuple[float, str] | None, ours: Method | None) -> dict:
    return {
        "network": plain(name),
        "paper, %": f"{paper[0]:g}, 95 % interval {paper[1]}" if paper else "none",
        "ours, %": ours.text if ours else "",
        "difference": signed(ours.mean - paper[0]) if ours and paper else "",
        "seeds": str(len(ours.right)) if ours else "",
        "epochs": "",
        "card": f"`{methods.COMMAND}`: {plain(ours.chosen)}" if ours else "not run here",
    }


def _chart(section: Section, lines: list[PaperRow]) -> None:
    marks = []
    for line in lines:
        for row in line.rows:
            paper = None
            with suppress(ValueError):  # a range has no one place
                paper = float(line.paper)
            name = line.name if len(line.rows) == 1 else f"{line.name}, {row.epochs} epochs"
            marks.append((name, paper, row.mean, row.spread))
    if len(marks) > 1:
        words = "; ".join(f"{name}: {mean:.2f} %, paper {paper or 'none'}" for name, paper, mean, _ in marks)
        st.plotly_chart(figures.beside(marks, section.key), key=f"beside.{section.key}", config=CHART, alt=words)


def parameters() -> None:
    lines = [
        {
            "network": zoo.titled(count.model, count.model),
            "the paper": f"{count.paper:,}",
            "ours": f"{count.ours:,}",
            "size": size(count.ours),
            "": ":green[✓ equal]" if count.equal else ":red[✗ different]",
        }
        for count in _counts()
    ]
    st.table(pd.DataFrame(lines).set_index("network"))
    st.caption(
        "At full width, counted from networks built now. The cable paper's tables 2 and 4 give the counts, not "
        "where they sit; the one block found that has exactly that many is described in "
        "explorer/networks/resnets.py. `pytest tests/results/test_tables.py` checks them."
    )


def curves() -> None:
    every = _sections()
    keys = {section.key: section for section in every}
    chosen = st.segmented_control(
        "Curves of",
        list(keys),
        default=next(iter(keys)),
        required=True,
        key="curves",
        bind="query-params",
        format_func=lambda key: title(keys[key]),
    )
    section = keys[chosen]
    found, missing = {}, []
    for line in every[section]:
        missing += [name for name in line.open if "-seed" not in name]  # of further seeds only the card is kept
        for row in line.rows:
            results, problems = evaluations(row.names)
            found |= {name: (_kind(row), result.curves) for name, result in results.items()}
            left_out(problems)
    if found:
        tested = dict.fromkeys(row.tested for line in every[section] for row in line.rows)
        _curves(section, found, "; ".join(tested))
    if missing:
        more = f", and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
        named = " ".join(missing[:MOST_NAMED])
        empty(f"Still open: `{COMMAND} {named}` adds {'these' if len(missing) > 1 else 'this'}{more}.")


def _kind(row: ResultRow) -> str:
    """What networks have in common that share a band: `cabeq-sd` of one width and length, or seeds of one network."""
    name = row.model.rpartition("-")[0] if row.model.startswith("cabeq-") else row.model
    return f"{name}, width {row.width}, {row.epochs} epochs"


def _curves(section: Section, found: dict[str, tuple[str, dict]], tested: str) -> None:
    each = st.toggle("Each network by itself", key="each", bind="query-params") if len(found) > 1 else True
    digits = section.dataset == "optdigits"  # of these the paper shows the training loss
    second = ("train_loss", "training loss") if digits else ("test_loss", "test loss")
    for column, (quantity, words) in zip(
        st.columns(2, gap="medium"), [("test_accuracy", "test accuracy, %"), second], strict=True
    ):
        column.plotly_chart(
            _drawn(found, quantity, words, each),
            key=f"curves.{quantity}",
            config=CHART,
            alt=f"{words} by epoch, {', '.join(found)}",
        )
    paper = f"The same as {section.figure} of the {section.paper}, from our own runs; " if section.figure else ""
    band = "" if each else "A line is the mean of its networks, a band reaches from the lowest to the highest of them. "
    cards = caches.cards()
    held = ", ".join(plain(name) for name in found if name in cards and cards[name].recipe.get("holdout"))
    aside = f" But {held}: on training images set aside, since the test images were looked at once." if held else ""
    st.caption(f"{band}{paper}tested on {plain(tested)}.{aside}")
    with st.expander("Where they come from", icon=":material/source:"):
        st.markdown("\n".join(f"- {results_file(name).parent.name}/{name}.eval.npz" for name in found))
        if ours := [name for name in found if name in jobs()]:
            st.markdown(f"`{COMMAND} {' '.join(ours)} --again` trains {'them' if len(ours) > 1 else 'it'} once more.")


def _drawn(found: dict[str, tuple[str, dict]], quantity: str, words: str, each: bool) -> go.Figure:
    if each:
        return figures.curves({name: (one["epoch"], one[quantity]) for name, (_, one) in found.items()}, words)
    kinds: dict[str, list[dict]] = {}
    for kind, one in found.values():
        kinds.setdefault(kind, []).append(one)
    named = {f"{kind} ({len(ones)})" if len(ones) > 1 else kind: ones for kind, ones in kinds.items()}
    return figures.bands(
        {name: (ones[0]["epoch"], [one[quantity] for one in ones]) for name, ones in named.items()}, words
    )


def benchmarks() -> None:
    records = rows.measured()
    if not records:
        empty(
            "Nothing has been measured here: run a command of benchmarks/, for instance python -m benchmarks.diffusion."
        )
        return
    for record in records:
        mark = ":green[✓]" if record["ok"] else ":red[✗ bound missed]"
        st.markdown(f"##### `{record['command']}`  \n{record['figure']} {mark}")
        versions = ", ".join(f"{name} {number}" for name, number in record.get("versions", {}).items())
        st.caption(f"{record['hardware']} · {record.get('date', '')} · {versions}")
        with st.expander("All rows"):
            st.dataframe(pd.DataFrame(record["rows"]), hide_index=True, width="stretch")
