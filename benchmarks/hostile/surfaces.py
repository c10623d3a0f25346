"""Every door through which a stranger's bytes come in: for each, how to knock and a stream of bad visitors.

A surface is a function that is given an empty folder and yields (what it is, a call). The call may return or raise
ExplorerError; anything else that comes out is a fault.
"""

import io
import json
import os
import pickle
import random
import zipfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.hostile.texts import NASTY, TEXTS, mutations, texts, values
from benchmarks.hostile.uploads import LARGE, headers, small
from explorer.errors import ExplorerError

Knocks = Iterator[tuple[str, Callable[[], object]]]
PATHS = [
    "../../etc/passwd", "/etc/passwd", "..", ".", "", "/", "~", "~root", "\0", "a\0b", "a" * 300, "a" * 10**6, "con",
    "C:\\Windows", "\\\\host\\share", "file:///etc/passwd", "http://127.0.0.1/", "%2e%2e%2f", "..%c0%af", "*", "\u202e",
    "$(touch hacked)", "; touch hacked", "| touch hacked", "`touch hacked`", "/dev/zero", "/proc/self/mem",
    "20261121-083012-ab12/../..", "20261121-083012-ab12\n", "\ud800", "'; DROP TABLE runs;--", "<b>", "-rf", "--help",
]  # fmt: skip
BAD: tuple[Any, ...] = (*NASTY, *PATHS)


class Exploit:
    """What a pickle that reached an unsafe loader would do."""

    def __reduce__(self):
        return os.system, ("touch hacked",)


def uploads(_folder: Path) -> Knocks:
    from explorer.data.images import decode

    for what, data in headers():
        yield what, lambda data=data: decode(data)
    for what, data in islice(small(), 3000):
        yield what, lambda data=data: decode(data)


def expensive_uploads(_folder: Path) -> Knocks:
    from explorer.data.images import decode

    for what, make in LARGE.items():
        data = make()
        yield what, lambda data=data: decode(data)


def recipes(_folder: Path) -> Knocks:
    from explorer.training.recipe.recipe import Recipe, preset

    for name in ("quick", "paper"):
        for what, text in islice(texts(preset(name).to_dict()), 1500):
            yield what, lambda text=text: Recipe.from_json(text)
    for bad in (*PATHS, *TEXTS):
        yield f"preset {bad!r:.40}", lambda bad=bad: preset(bad)


def stacks(_folder: Path) -> Knocks:
    from explorer.networks import stack

    def use(text):
        rows = stack.parse(text)
        rows.plan()
        return rows.code(), rows.link()

    for preset in stack.PRESETS.values():
        for what, text in islice(texts(json.loads(preset.json())), 400):
            yield what, lambda text=text: use(text)
    for what, letters in islice(mutations(preset.link().encode()), 500):
        yield f"link {what}", lambda letters=letters: stack.from_link(letters.decode("latin-1"))
    for text in (*TEXTS, *PATHS):
        yield f"link {text[:20]!r}", lambda text=text: stack.from_link(text)


def weights(folder: Path) -> Knocks:
    from explorer.networks import stack, zoo
    from explorer.networks import weights as store
    from explorer.networks.card import Card

    digits = {"dataset": "optdigits", "classes": tuple("0123456789"), "size": 8, "channels": 1, "mean": (0.3,)}
    rest = {"std": (0.4,), "recipe": {}, "accuracy": 90.0, "split": {}, "seed": 0, "hardware": "", "versions": {}}
    card = Card(model="digits-cnn", width=64, **digits, **rest)
    store.save(zoo.build("digits-cnn", channels=1, size=8), card, folder, "net")
    tensors, plain = (folder / "net.safetensors").read_bytes(), (folder / "net.json").read_text()

    def load(name: str, data: bytes | None = None, text: str | bytes | None = None):
        if data is not None:
            (folder / "bad.safetensors").write_bytes(data)
        if text is not None:
            content = text if isinstance(text, bytes) else text.encode(errors="surrogatepass")
            (folder / "bad.json").write_bytes(content)
        store.cards(folder)
        return store.load(name, folder)

    import hashlib

    for what, data in islice(mutations(tensors), 900):  # with a card that says the hash is right
        right = json.dumps(json.loads(plain) | {"sha256": hashlib.sha256(data).hexdigest()})
        yield f"weights {what}", lambda data=data, right=right: load("bad", data, right)
    yield "weights that are a pickle", lambda: load("bad", pickle.dumps(Exploit()), plain)
    yield "a header of 2^63 bytes", lambda: load("bad", b"\xff" * 8 + b"{}", plain)
    for what, text in islice(texts(json.loads(plain)), 1500):
        yield f"card {what}", lambda text=text: load("bad", tensors, text)
    rows = json.loads(stack.PRESETS[next(iter(stack.PRESETS))].json())
    for what, value in islice(values(json.loads(plain) | {"model": "stack", "stack": rows}, 1), 500):
        yield f"stack card {what}", lambda value=value: load("bad", tensors, json.dumps(value))
    for name in PATHS:
        yield f"name {name[:30]!r}", lambda name=name: load(name)


def checkpoints(folder: Path) -> Knocks:
    import torch

    from explorer.training.work import checkpoint, metrics

    state = {key: {} for key in checkpoint.KEYS} | {"model": {"w": torch.ones(50)}, "fingerprint": "f", "epoch": 1}
    checkpoint.save(folder, state)
    good = (folder / checkpoint.LAST).read_bytes()

    def load(data: bytes):
        (folder / checkpoint.LAST).write_bytes(data)
        _, note = checkpoint.load(folder, "f")
        if note:  # told to whoever reads the run's log; the checkpoint before it is taken
            raise ExplorerError(note)

    for what, data in islice(mutations(good), 600):
        yield what, lambda data=data: load(data)
    yield "a pickle", lambda: load(pickle.dumps(Exploit()))
    yield "an archive with a pickle", lambda: load(archive({"x/data.pkl": pickle.dumps(Exploit()), "x/version": b"3"}))
    yield "an archive with a path out", lambda: load(archive({"../../hacked": b"x", "x/data.pkl": b"\x80\x02}."}))
    bomb = archive({"x/data.pkl": bytes(5 * 10**8)})
    yield "an archive that unpacks to 500 MB", lambda: load(bomb)

    def read(name: str, text: str | bytes):
        content = text if isinstance(text, bytes) else text.encode(errors="surrogatepass")
        (folder / name).write_bytes(content + b"\n")
        return metrics.read(folder), metrics.read_progress(folder)

    for what, text in islice(texts({"epoch": 1, "loss": 0.5, "cable": [{"phi": 1.0}]}), 500):
        for name in (metrics.FILE, metrics.PROGRESS):
            yield f"{name} {what}", lambda name=name, text=text: read(name, text)


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def runs(folder: Path) -> Knocks:
    from explorer.training.recipe.recipe import preset
    from explorer.training.store.runs import Store

    store = Store(folder / "runs")
    run = store.create(preset("quick"))
    for bad in (*PATHS, *NASTY, *TEXTS[:10]):
        for call in (store.get, store.stop, store.resume, store.delete):
            yield f"{call.__name__} {bad!r:.40}", lambda call=call, bad=bad: call(bad)
        yield f"rename to {bad!r:.40}", lambda bad=bad: store.rename(run.id, bad)
        yield f"note {bad!r:.40}", lambda bad=bad: store.annotate(run.id, bad)
        yield f"create {bad!r:.40}", lambda bad=bad: store.create(preset("quick"), name=bad, note=bad, owner="me")


def lists(folder: Path) -> Knocks:
    from benchmarks.hostile.lists import FILES, ROWS, uses
    from explorer.training.recipe.recipe import preset
    from explorer.training.store.runs import Store

    def use(store: Store, run_id: str):
        """All of it; what was said first is said at the end."""
        said = []
        for one in uses(store, run_id):
            try:
                one()
            except ExplorerError as problem:
                said.append(problem)
        if said:
            raise said[0]

    def made(place: int | str) -> tuple[Store, str]:
        store = Store(folder / "runs" / str(place))
        store.create(preset("quick"))
        return store, store.create(preset("quick"), name="ours", sweep="grid").id

    for what, damage in (ROWS | FILES).items():
        store, run_id = made(what)
        damage(store.file, run_id)
        yield what, lambda store=store, run_id=run_id: use(store, run_id)
    store, run_id = made("mutations")
    for what, data in islice(mutations(store.file.read_bytes()), 300):

        def put(data=data):
            store.file.write_bytes(data)
            use(store, run_id)

        yield f"runs.sqlite {what}", put


def datasets(folder: Path) -> Knocks:
    from PIL import Image

    from explorer.data import dataset, folders, known, pattern, samples

    assert folders  # imported before the first knock, which is timed
    known.unreachable = lambda _address: "there is no network in this test"
    os.environ["EXPLORER_FOLDERS"] = str(folder)
    (folder / "set").mkdir()
    for path in PATHS:
        yield f"folder:{path[:30]!r}", lambda path=path: dataset(f"folder:{path}", "train", folder / "data")
    for bad in BAD:
        yield f"dataset {bad!r:.40}", lambda bad=bad: dataset(bad, "train", folder / "data")
        yield f"split {bad!r:.40}", lambda bad=bad: dataset("optdigits", bad, folder / "data")
        yield f"samples {bad!r:.40}", lambda bad=bad: samples(bad)
        yield f"pattern {bad!r:.40}", lambda bad=bad: pattern(bad)
        for key in ("size", "waves", "seed"):
            yield f"pattern {key} {bad!r:.40}", lambda key=key, bad=bad: pattern("cosine", **{key: bad})
    caches = folder / "data" / ".cache"
    caches.mkdir(parents=True)
    for number in range(4):
        (folder / "set" / f"class{number % 2}").mkdir(exist_ok=True)
        Image.new("L", (4, 4), number).save(folder / "set" / f"class{number % 2}" / f"{number}.png")
    dataset("folder:set", "train", folder / "data")
    (cache,) = caches.iterdir()
    good = cache.read_bytes()

    def load(data: bytes):
        cache.write_bytes(data)
        again = dataset("folder:set", "train", folder / "data")
        assert len(again) == 2, "a damaged cache was believed"

    for what, data in islice(mutations(good), 300):
        yield f"cache {what}", lambda data=data: load(data)
    objects = io.BytesIO()
    np.savez(objects, images=np.array([Exploit()], dtype=object), labels=np.zeros(2), skipped=0)
    yield "cache with a pickle", lambda: load(objects.getvalue())


def parameters(_folder: Path) -> Knocks:
    import torch

    from explorer.data.images import fit, network_input
    from explorer.data.samples import samples
    from explorer.diffusion.cable import Cable
    from explorer.inside.homeward import Homeward, read_way
    from explorer.networks import zoo

    way = Homeward(zoo.build("digits-cnn", seed=0).eval(), torch.rand(1, 1, 8, 8))
    field, image = torch.rand(3, 8, 8), samples("cifar10")[0].image
    chance = random.Random(0)

    def whole(cable: dict, steps: Any):
        made = Cable(**cable)
        return made.stability(), made.kernel(), made.jump(field, steps), made.exact(field, steps)

    sound = {"alpha": 1.0, "tau": 0.1, "h_x": 1.0, "h_y": 2.0, "boundary": "periodic"}
    for what, cable in islice(values(sound), 1000):
        if isinstance(cable, dict) and {"alpha", "tau"} <= set(cable) <= set(sound):
            steps = chance.choice((1, 1000, *NASTY))
            yield f"cable {what}, steps {steps!r:.20}", lambda cable=cable, steps=steps: whole(cable, steps)
    for what, options in islice(values({"classes": 10, "channels": 3, "size": 32, "width": 8}), 200):
        if isinstance(options, dict) and set(options) <= {"classes", "channels", "size", "width"}:
            yield f"model {what}", lambda options=options: zoo.build("cabeq-rn-1", **options)
    for bad in BAD:
        yield f"model {bad!r:.40}", lambda bad=bad: zoo.build(bad)
        for begun in ("", "conv,", "conv,0,0,0,", "head,0,0,0,3,"):
            yield f"way {begun}{bad!r:.40}", lambda text=f"{begun}{bad}": read_way(way, text)
        yield f"size {bad!r:.40}", lambda bad=bad: fit(image, bad)
        yield f"mode {bad!r:.40}", lambda bad=bad: fit(image, 8, bad)
        yield f"channels {bad!r:.40}", lambda bad=bad: network_input(image, bad, 8, (0.5,), (0.5,))


def urls(folder: Path) -> Knocks:
    os.environ["EXPLORER_RUNS"] = str(folder / "runs")
    from benchmarks.hostile.urls import urls
    from explorer.training.dispatch import trial
    from explorer.training.recipe.recipe import preset
    from explorer.training.store.runs import Store

    trial.ask = lambda _root, _recipe: trial.Trial(0.001, (3823, 1797), "nothing: no process is started in this test")
    store = Store(folder / "runs")
    run = store.create(preset("quick"))
    store.stop(run.id)
    yield from urls(run.id)


SURFACES = {
    each.__name__: each
    for each in (
        *(uploads, expensive_uploads, recipes, stacks, weights, checkpoints),
        *(runs, lists, datasets, parameters, urls),
    )
}
