"""Trained weights on disk: NAME.safetensors (float16) and beside it NAME.json, the card that says what they are.

    save(model, card, "pretrained", name="cabeq-rn-2-w16-cifar10")
    model, card = load("cabeq-rn-2-w16-cifar10")        # evaluation mode, float32, gradients off
    cards()                                             # {name: Card} of what is shipped and readable
    known()                                             # of published runs as well

A file from a stranger can be wrong but cannot run: JSON and safetensors hold only values, the network is rebuilt
from the card by our own code, and every name, shape, type, size and the hash must agree before a number is used.
"""

import hashlib
import json
import logging
import re
from dataclasses import replace
from pathlib import Path

import safetensors
import safetensors.torch
import torch
from torch import nn

from explorer import files, paths
from explorer.errors import ExplorerError, is_text
from explorer.networks import described, zoo
from explorer.networks.card import Card
from explorer.paths import PRETRAINED

__all__ = ["Card", "cards", "home", "known", "load", "network", "read_card", "save"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_LONGEST_CARD = 1024 * 1024
_TYPES = (torch.float16, torch.float32)
_COUNTER = "num_batches_tracked"  # of BatchNorm; means nothing once training is over
log = logging.getLogger(__name__)


def network(card: Card, device: str = "cpu") -> nn.Sequential:
    """The untrained network that a card describes."""
    shape = (card.channels, card.size, card.size)
    rows = card.stack if card.model == "stack" else None
    with torch.device(device):
        return described.network(card.model, rows, len(card.classes), shape, card.width)


def save(model: nn.Module, card: Card, folder: str | Path = PRETRAINED, name: str | None = None) -> Card:
    """Write both files, each complete or not at all; returns the card with the hash and the count filled in."""
    name, folder = _checked(name or card.name), Path(folder)
    content, card = packed(model, card, name)
    folder.mkdir(parents=True, exist_ok=True)
    files.write(folder / f"{name}.safetensors", content)
    files.write(folder / f"{name}.json", card.json().encode())
    return card


def packed(model: nn.Module, card: Card, name: str) -> tuple[bytes, Card]:
    """The weights as bytes, and the card of these bytes; whatever `load` would refuse is refused here."""
    tensors = {key: _small(key, value) for key, value in model.state_dict().items() if not key.endswith(_COUNTER)}
    content = safetensors.torch.save(tensors)
    card = replace(card, sha256=hashlib.sha256(content).hexdigest(), parameters=zoo.parameters(model))
    _agree(tensors, network(card, "meta"), name)
    if not is_text(card.json()):
        raise ExplorerError(f"the card of {name} holds a text that is not UTF-8: rename what it comes from")
    return content, card


def home(name: str) -> Path:
    """The folder of a trained network: that of published runs where nothing shipped has the name."""
    file = f"{_checked(name)}.json"
    there = paths.published()
    return there if (there / file).is_file() and not (PRETRAINED / file).exists() else PRETRAINED


def load(name: str, folder: str | Path | None = None) -> tuple[nn.Sequential, Card]:
    """The network in evaluation mode and its card; whatever does not agree is an ExplorerError."""
    folder = home(name) if folder is None else folder
    card, path = read_card(name, folder), Path(folder) / f"{_checked(name)}.safetensors"
    empty = network(card, "meta")
    if card.parameters != zoo.parameters(empty):
        raise ExplorerError(
            f"the card of {name} says {card.parameters:,} parameters: its network has {zoo.parameters(empty):,}, "
            "so the card is wrong"
        )
    content = _read(path, 4 * sum(tensor.numel() for tensor in empty.state_dict().values()) + 1024 * 1024)
    if hashlib.sha256(content).hexdigest() != card.sha256:
        raise ExplorerError(f"the weights of {name} are not those that its card was written for: copy both files again")
    try:
        tensors = safetensors.torch.load(content)
    except (safetensors.SafetensorError, ValueError, KeyError, RuntimeError) as error:
        raise ExplorerError(f"{path.name} is not a safetensors file ({error!s:.80}): copy it again") from error
    _agree(tensors, empty, name)
    state = {key: value.float() for key, value in tensors.items()}
    for key in empty.state_dict():
        if key.endswith(_COUNTER):
            state[key] = torch.tensor(0)
    empty.load_state_dict(state, assign=True)
    return empty.eval().requires_grad_(False), card


def read_card(name: str, folder: str | Path | None = None) -> Card:
    """The card alone."""
    path = Path(home(name) if folder is None else folder) / f"{_checked(name)}.json"
    content = _read(path, _LONGEST_CARD)
    try:
        values = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ExplorerError(f"{path.name} is not JSON ({error!s:.80}): copy the card again") from error
    try:
        return Card.of(values)
    except ExplorerError as error:
        raise ExplorerError(f"the card {path.name} cannot be used: {error}") from error


def cards(folder: str | Path = PRETRAINED) -> dict[str, Card]:
    """Every card in the folder that can be read and has its weights beside it; others are named in the log."""
    found = {}
    for path in sorted(Path(folder).glob("*.json")):
        if not path.with_suffix(".safetensors").is_file():
            continue
        try:
            found[path.stem] = read_card(path.stem, folder)
        except ExplorerError as error:
            log.warning("left out: %s", error)
    return found


def known() -> dict[str, Card]:
    """The cards of all trained networks: the shipped ones, and of published runs those that have another name."""
    return cards(paths.published()) | cards()


def _checked(name: str) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ExplorerError(f"the name {str(name)[:60]!r} cannot be used: letters, digits, dots, - and _, at most 80")
    return name


def _read(path: Path, most: int) -> bytes:
    try:
        if path.stat().st_size > most:
            raise ExplorerError(f"{path.name} has {path.stat().st_size:,} bytes: at most {most:,} belong there")
        return path.read_bytes()
    except OSError as error:
        raise ExplorerError(f"{path.name} cannot be read ({error.strerror}): put the file into its folder") from error


def _small(key: str, value: torch.Tensor) -> torch.Tensor:
    """float16, or float32 where a running variance is too large for it."""
    value = value.detach().cpu().float()
    if not value.isfinite().all():
        raise ExplorerError(f"the weights of {key} are not all finite: this network cannot be kept")
    half = value.half()
    return (half if half.isfinite().all() else value).contiguous()


def _agree(tensors: dict[str, torch.Tensor], model: nn.Module, name: str) -> None:
    """The same keys and shapes as the card's network, numbers of the two types we write, all finite."""
    wanted = {key: tensor for key, tensor in model.state_dict().items() if not key.endswith(_COUNTER)}
    odd = sorted(wanted.keys() ^ tensors.keys())
    if odd:
        where = "is missing" if odd[0] in wanted else "has no place in the card's network"
        raise ExplorerError(f"the weights of {name} do not fit their card: {odd[0][:80]!r} {where}")
    for key, tensor in tensors.items():
        shape, fit = tuple(tensor.shape), tuple(wanted[key].shape)
        if shape != fit:
            raise ExplorerError(f"the weights of {name} do not fit their card: {key} is {shape}, not {fit}")
        if tensor.dtype not in _TYPES or not tensor.isfinite().all():
            raise ExplorerError(f"the weights of {name} cannot be used: {key} is not all finite float16 or float32")
