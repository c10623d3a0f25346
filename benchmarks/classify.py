"""Server time of the Classify page's first view: all seven ResNets of width 16 on one image, after the first.

    python -m benchmarks.classify

The networks alone, each with the time of its own, and the whole page with "All" chosen as Streamlit's own test runner
executes it; each run with another image, the best of several runs (what else the machine does only adds). Where fewer
than seven are shipped, the missing ones have initial weights, made in memory for the timing only, and say so. The
bound: the seven networks, and the whole page with those that are shipped, in under 250 ms.
"""

import logging
import sys
import time
from pathlib import Path

import torch
from streamlit.testing.v1 import AppTest

from benchmarks.common import exit_code, measurement, report
from explorer import subjects
from explorer.classify.predict import predict
from explorer.data.samples import samples
from explorer.networks import weights
from explorer.networks.subject import Subject
from explorer.papers import COUNTS
from explorer.ui.classify import source
from explorer.ui.shared import caches

ROOT = Path(__file__).resolve().parents[1]
SEVEN = [name for name in COUNTS if name == "original" or name.startswith("cabeq")]
RUNS, BOUND = 12, 250  # images, milliseconds


def seven() -> list[tuple[str, Subject]]:
    """(where its weights come from, the network)."""
    cards = {
        card.model: name for name, card in weights.cards().items() if (card.dataset, card.width) == ("cifar10", 16)
    }
    return [
        ("shipped", subjects.pretrained(cards[model]))
        if model in cards
        else ("initial weights, for the timing only", subjects.untrained(model, 16, 0))
        for model in SEVEN
    ]


def asked(found: list[tuple[str, Subject]]) -> list[source.Asked]:
    return [source.Asked(subject.key, subject, subject.key, subject.key) for _, subject in found]


def best(work) -> float:
    """Milliseconds of the quickest run after the first; `work` gets an image."""
    taken = []
    for sample in samples("cifar10")[: RUNS + 1]:
        begin = time.perf_counter()
        work(sample)
        taken.append(1000 * (time.perf_counter() - begin))
    return min(taken[1:])


def page() -> float:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
    app.query_params["which"] = "All"
    app.switch_page("pages/4_Classify.py")
    app.run()

    def another(sample) -> None:
        app.query_params["image"] = f"cifar10-{sample.index}"
        app.run()
        if app.exception or app.error:
            raise RuntimeError("the page failed")

    return best(another)


def main() -> int:
    options = measurement("classify", __doc__).parse_args()
    logging.disable(logging.WARNING)  # Streamlit's words on running without a browser
    threads, found = torch.get_num_threads(), seven()
    caches.share_cores()  # as every page does
    every = asked(found)
    rows = []
    for model, (origin, subject) in zip(SEVEN, found, strict=True):
        alone = best(lambda sample, subject=subject: predict(subject, sample.image))
        rows.append({"what": f"{model}, alone", "weights": origin, "ms": round(alone, 1)})
    together = best(lambda one: source.answers(every, one.image, "crop"))
    used = f"all seven, {torch.get_num_threads()} of {threads} threads"
    rows.append({"what": used, "weights": "", "ms": round(together, 1)})
    shown = min(source.MOST, sum(card.dataset == "cifar10" for card in weights.cards().values()))
    whole = page()
    rows.append({"what": f"whole page with {shown} networks", "weights": "shipped", "ms": round(whole, 1)})
    text = f"{together:.0f} ms for seven networks on one image, {whole:.0f} ms for the whole page with {shown}"
    return report("classify", rows, f"{text} (bound: {BOUND})", max(together, whole) < BOUND, record=options.record)


if __name__ == "__main__":
    sys.exit(exit_code(main))
