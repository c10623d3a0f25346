"""The named datasets: as torchvision lays them out, as folders of pictures, embedded, or not to be had."""

import functools
import gzip
import hashlib
import http.server
import pickle
import socket
import struct
import threading
import urllib.error
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
import torchvision.datasets as tv
from PIL import Image

from explorer.data import catalogue, dataset, download, known
from explorer.data.catalogue import CLASSES, KNOWN, STATISTICS, names
from explorer.data.decoding import statistics
from explorer.errors import ExplorerError

RAW = {"mnist": "MNIST", "kmnist": "KMNIST", "fashion-mnist": "FashionMNIST"}


def digits(count, seed=0):
    chance = np.random.default_rng(seed)
    return chance.integers(0, 256, (count, 28, 28), np.uint8), chance.integers(0, 10, count, np.uint8)


def write_raw(root, name):
    """The four files of an MNIST, as torchvision keeps them."""
    folder = root / RAW[name] / "raw"
    folder.mkdir(parents=True)
    for prefix, count in (("train", 7), ("t10k", 3)):
        images, labels = digits(count, count)
        head = struct.pack(">IIII", 0x803, count, 28, 28)
        (folder / f"{prefix}-images-idx3-ubyte").write_bytes(head + images.tobytes())
        (folder / f"{prefix}-labels-idx1-ubyte").write_bytes(struct.pack(">II", 0x801, count) + labels.tobytes())
    return folder


def write_pictures(root, name, split, classes, each, side):
    """Numbered across the classes, one after the other, as the unpacked datasets are."""
    chance, pixels = np.random.default_rng(1), {}
    for number in range(each * len(classes)):
        folder = root / name / split / classes[number % len(classes)]
        folder.mkdir(parents=True, exist_ok=True)
        pixels[number] = chance.integers(0, 256, (side, side, 3), np.uint8)
        Image.fromarray(pixels[number]).save(folder / f"{number:05d}.png")
    return pixels


@pytest.fixture
def offline(monkeypatch):
    def refuse(*_, **__):
        raise urllib.error.URLError("no route")

    monkeypatch.setattr("urllib.request.urlopen", refuse)


def test_the_catalogue_is_complete():
    assert names() == ["cifar10", "cifar100", "stl10", "mnist", "kmnist", "fashion-mnist", "optdigits"]
    for name, about in KNOWN.items():
        assert len(set(about.classes)) == (100 if name == "cifar100" else 10)
        assert len(about.mean) == len(about.std) == about.channels
    assert STATISTICS["cifar10"] == ((0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010))
    assert STATISTICS["stl10"] == ((0.44671097, 0.4398105, 0.4066468), (0.2603405, 0.25657743, 0.27126738))
    assert list(CLASSES["cifar100"]) == sorted(CLASSES["cifar100"])  # the official order is that of the alphabet


def test_the_classes_of_imagenet_are_torchvisions():
    from torchvision.models import EfficientNet_B0_Weights

    assert CLASSES["imagenet"] == tuple(EfficientNet_B0_Weights.IMAGENET1K_V1.meta["categories"])
    assert len(set(CLASSES["imagenet"])) == 1000 and catalogue.title("imagenet") == "ImageNet"


def test_what_networks_from_elsewhere_were_trained_on_is_no_dataset(tmp_path):
    assert not catalogue.ELSEWHERE.keys() & KNOWN.keys() and "imagenet" not in names()
    with pytest.raises(ExplorerError, match="'imagenet' is not known"):
        dataset("imagenet", "train", tmp_path)


def test_the_embedded_digits():
    train, test = dataset("optdigits", "train"), dataset("optdigits", "test")
    assert train.images.shape == (3823, 1, 8, 8) and test.images.shape == (1797, 1, 8, 8)
    assert train.images.dtype == torch.uint8 and train.labels.dtype == torch.int64
    assert set(train.images.unique().tolist()) == {round(count * 255 / 16) for count in range(17)}
    assert train.labels.bincount(minlength=10).min() > 370
    mean, std = statistics(train.images.numpy())
    np.testing.assert_allclose([*mean, *std], [*train.mean, *train.std], atol=5e-5)
    # nearest neighbour is known to recognise 98.00% of these test images: labels and pixels belong together
    distances = torch.cdist(test.images.flatten(1).float(), train.images.flatten(1).float())
    assert (train.labels[distances.argmin(1)] == test.labels).float().mean() > 0.975


@pytest.mark.parametrize("name", RAW)
def test_raw_files_as_torchvision_keeps_them(name, tmp_path):
    write_raw(tmp_path, name)
    for split, count in (("train", 7), ("test", 3)):
        images, labels = digits(count, count)
        data = dataset(name, split, tmp_path)
        np.testing.assert_array_equal(data.images[:, 0], images)
        np.testing.assert_array_equal(data.labels, labels)
        assert "official" in data.source and (data.mean, data.std) == STATISTICS[name]


@pytest.mark.parametrize("damage", ["cut", "labels", "missing", "noise"])
def test_damaged_raw_files(damage, tmp_path, offline):
    folder = write_raw(tmp_path, "mnist")
    images, labels = folder / "train-images-idx3-ubyte", folder / "train-labels-idx1-ubyte"
    if damage == "cut":
        images.write_bytes(images.read_bytes()[:-100])
    elif damage == "labels":
        labels.write_bytes(labels.read_bytes()[:-1] + b"\x63")
    elif damage == "noise":
        images.write_bytes(b"not an idx file")
    else:
        labels.unlink()
    with pytest.raises(ExplorerError, match=r"MNIST.raw cannot be read .*delete that folder"):
        dataset("mnist", "train", tmp_path)


def test_pictures_in_class_folders_come_in_the_order_of_their_numbers(tmp_path):
    classes = CLASSES["cifar10"]
    pixels = write_pictures(tmp_path, "cifar10", "train", classes, 3, 32)
    data = dataset("cifar10", "train", tmp_path)
    np.testing.assert_array_equal(data.images.permute(0, 2, 3, 1), np.stack(list(pixels.values())))
    assert data.labels.tolist() == list(range(10)) * 3
    assert data.classes == classes and data.skipped == 0 and "30 training images" in data.source


def test_held_out_stl10_is_said_to_be_so(tmp_path):
    write_pictures(tmp_path, "stl10", "test", CLASSES["stl10"], 1, 96)
    source = dataset("stl10", "test", tmp_path).source
    assert "10 of STL-10's 5,000 labelled training images, held out" in source and "not the official" in source


def test_grey_pictures_have_one_channel_and_unreadable_files_are_counted(tmp_path):
    write_pictures(tmp_path, "mnist", "test", CLASSES["mnist"], 2, 28)
    (tmp_path / "mnist" / "test" / "3" / "00099.png").write_bytes(b"no picture")
    data = dataset("mnist", "test", tmp_path)
    assert data.images.shape == (20, 1, 28, 28) and data.skipped == 1


def test_strange_class_folders(tmp_path):
    write_pictures(tmp_path, "cifar10", "train", ["cat", "unicorn"], 1, 32)
    with pytest.raises(ExplorerError, match="unicorn"):
        dataset("cifar10", "train", tmp_path)


def test_torchvision_s_own_cifar_is_checked_before_it_is_opened(tmp_path, monkeypatch, offline):
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    images = np.random.default_rng(0).integers(0, 256, (4, 3072), np.uint8)
    contents = {"test_batch": {"data": images, "labels": [3, 1, 4, 1]}, "batches.meta": {"label_names": ["x"] * 10}}
    sums = {}
    for name, content in contents.items():
        (folder / name).write_bytes(pickle.dumps(content))
        sums[name] = hashlib.md5((folder / name).read_bytes()).hexdigest()
    monkeypatch.setattr(tv.CIFAR10, "train_list", [])
    monkeypatch.setattr(tv.CIFAR10, "test_list", [["test_batch", sums["test_batch"]]])
    monkeypatch.setattr(tv.CIFAR10, "meta", {**tv.CIFAR10.meta, "md5": sums["batches.meta"]})
    data = dataset("cifar10", "test", tmp_path)
    np.testing.assert_array_equal(data.images.flatten(1), images)
    assert data.labels.tolist() == [3, 1, 4, 1]
    (folder / "test_batch").write_bytes(b"cos\nsystem\n(S'touch hacked'\ntR.")
    with pytest.raises(ExplorerError, match="cannot be read"):
        dataset("cifar10", "test", tmp_path)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        super().do_GET()

    def log_message(self, *_):
        pass


@pytest.fixture
def serve(tmp_path):
    """A web server on a folder: (folder, address, the paths that were fetched)."""
    folder = tmp_path / "server"
    folder.mkdir()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}/", server.asked
    server.shutdown()
    thread.join()
    server.server_close()


def offer(tmp_path, monkeypatch, serve):
    """Four small files on the server, in place of KMNIST's."""
    (folder, address, _), resources = serve, []
    for path in sorted(write_raw(tmp_path, "kmnist").iterdir()):
        packed = folder / f"{path.name}.gz"
        packed.write_bytes(gzip.compress(path.read_bytes()))
        resources.append((packed.name, hashlib.md5(packed.read_bytes()).hexdigest()))
    monkeypatch.setattr(tv.KMNIST, "mirrors", [address])
    monkeypatch.setattr(tv.KMNIST, "resources", resources)


def test_a_first_use_downloads_and_the_next_does_not(tmp_path, monkeypatch, serve):
    """torchvision's own download, unpacking and checking."""
    offer(tmp_path, monkeypatch, serve)
    np.testing.assert_array_equal(dataset("kmnist", "test", tmp_path / "data").images[:, 0], digits(3, 3)[0])
    monkeypatch.setattr(known, "unreachable", lambda _: pytest.fail("asked twice"))
    assert len(dataset("kmnist", "train", tmp_path / "data")) == 7


def test_two_first_uses_at_once_fetch_no_more_than_one(tmp_path, monkeypatch, serve):
    offer(tmp_path, monkeypatch, serve)
    dataset("kmnist", "train", tmp_path / "alone")
    alone = sorted(serve[2])
    serve[2].clear()
    together = threading.Barrier(2)
    monkeypatch.setattr(known, "unreachable", lambda _: together.wait() and "")  # both have found nothing there
    with ThreadPoolExecutor(2) as people:
        train, test = people.map(lambda split: dataset("kmnist", split, tmp_path / "data"), ("train", "test"))
    assert (len(train), len(test)) == (7, 3)
    assert sorted(serve[2]) == alone


def test_a_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(known, "unreachable", lambda _: "")
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(ExplorerError, match="let the app write there"):
        dataset("kmnist", "test", tmp_path / "data")


def test_an_interrupted_download_is_taken_up_again(tmp_path, monkeypatch, serve):
    (folder, address, _), resources = serve, []
    raw = write_raw(tmp_path, "mnist")
    for path in sorted(raw.iterdir()):
        (folder / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        resources.append((f"{path.name}.gz", hashlib.md5((folder / f"{path.name}.gz").read_bytes()).hexdigest()))
    (raw / "t10k-labels-idx1-ubyte").unlink()
    (raw / "train-images-idx3-ubyte.gz").write_bytes((folder / "train-images-idx3-ubyte.gz").read_bytes()[:50])
    monkeypatch.setattr(tv.MNIST, "mirrors", [address])
    monkeypatch.setattr(tv.MNIST, "resources", resources)
    np.testing.assert_array_equal(dataset("mnist", "test", tmp_path).labels, digits(3, 3)[1])


def test_a_wrong_checksum_is_not_used(tmp_path, monkeypatch, serve):
    folder, address, _ = serve
    (folder / "t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(b"something else"))
    monkeypatch.setattr(tv.KMNIST, "mirrors", [address])
    monkeypatch.setattr(tv.KMNIST, "resources", [("t10k-images-idx3-ubyte.gz", "0" * 32)])
    with pytest.raises(ExplorerError, match="cannot be read"):
        dataset("kmnist", "test", tmp_path / "data")


@pytest.mark.parametrize("name", ["cifar10", "cifar100", "stl10", "mnist", "kmnist", "fashion-mnist"])
def test_without_a_network_it_is_said_what_to_do(name, tmp_path, offline):
    with pytest.raises(ExplorerError, match=f"{name}.*no route.*{name}/train/CLASS.*optdigits"):
        dataset(name, "train", tmp_path)
    assert not any(tmp_path.iterdir())


def test_the_folders_are_torchvisions_own():
    for name, about in catalogue.KNOWN.items():
        if not about.embedded:
            assert about.folder == getattr(known.loader(name), "base_folder", f"{about.loader}/raw")


def test_at_hand_is_what_can_be_read_without_a_download(tmp_path):
    assert catalogue.at_hand("optdigits", "train", tmp_path)
    others = [name for name in catalogue.KNOWN if name != "optdigits"]
    assert not any(catalogue.at_hand(name, "train", tmp_path) for name in others)
    (tmp_path / "MNIST" / "raw").mkdir(parents=True)
    (tmp_path / "cifar10" / "train").mkdir(parents=True)
    assert [name for name in others if catalogue.at_hand(name, "train", tmp_path)] == ["cifar10", "mnist"]
    assert not catalogue.at_hand("cifar10", "test", tmp_path)


def test_a_silent_server_is_not_waited_for(tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(download, "PATIENCE", 0.05)
        monkeypatch.setattr(tv.CIFAR100, "url", f"http://127.0.0.1:{silent.getsockname()[1]}/")
        with pytest.raises(ExplorerError, match=r"no answer|timed out"):
            dataset("cifar100", "train", tmp_path)


@pytest.mark.parametrize(
    ("name", "near"), [("cifar-10", "cifar10"), ("Fashion_MNIST", "fashion-mnist"), ("digits", "optdigits")]
)
def test_an_unknown_name_says_the_nearest(name, near):
    with pytest.raises(ExplorerError, match=f"did you mean {near}"):
        dataset(name, "train")


@pytest.mark.parametrize("name", [None, 3, "../../etc", "x" * 10**6, ""])
def test_names_that_are_none(name):
    with pytest.raises(ExplorerError, match="is not known") as error:
        dataset(name, "train")
    assert len(str(error.value)) < 400


def test_an_unknown_split():
    with pytest.raises(ExplorerError, match="'train' or 'test'"):
        dataset("optdigits", "valid")
