"""The state of one process of a run and the steps that change it: train, test, save, resume, stop.

Stochastic gradient descent on the cross-entropy: for every batch the gradient of the loss, one step of SGD with the
rate that the schedule has for it. The dataset lies on the device; nothing waits for the device but a look at the
clock's pace, twice a second.
"""

import math
import time
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F

from explorer.errors import ExplorerError
from explorer.networks.evaluation import autocast, logits_of, loss_and_accuracy
from explorer.training.recipe.recipe import Recipe
from explorer.training.work import checkpoint, export, metrics, optimiser, precision, schedule
from explorer.training.work.augment import Images
from explorer.training.work.control import LEAVE, SAVE, Control, Outcome, Progress, Stopped
from explorer.training.work.layout import laid, layout
from explorer.training.work.parallel import Ranks, set_up_torch
from explorer.training.work.seeds import generator, mixed
from explorer.training.work.splits import splits

LOOK_EVERY = 50  # steps between two looks at the loss on a GPU, where each look waits for the device


class NotFinite(Exception):
    """The loss or its gradient left the numbers; nothing of this state may be kept."""


class Trainer:
    """The state of one process of a run, and the steps that change it."""

    def __init__(self, recipe: Recipe, folder: Path, control: Control, on_progress=None):
        self.recipe, self.folder, self.control = recipe, folder, control
        self.epoch = self.batch = 0
        self.ranks = Ranks(recipe)
        self.ranks.record(folder)
        self.device = self.ranks.device
        set_up_torch(self.device)
        self.progress = Progress(folder, recipe, on_progress)
        self.tell(phase="loading data")
        self.splits = splits(recipe)
        self.train = Images(self.splits.train, self.device, recipe.crop_padding)
        self.watched = Images(self.splits.watched, self.device)
        self.batch_size = min(recipe.batch_size, len(self.train) // recipe.processes * recipe.processes)
        self.batches = len(self.train) // self.batch_size  # an incomplete batch waits for another permutation
        torch.manual_seed(recipe.seed)
        plain: Any = export.network(recipe, self.splits.train)  # torch declares no memory_format beside a device
        self.layout = layout(plain, self.device)
        self.plain = plain.to(self.device, memory_format=self.layout)
        self.check_crop()
        self.optimiser = optimiser.build(self.plain, recipe)
        self.totals = torch.zeros(4, dtype=torch.float64, device=self.device)  # loss, correct, images, gradient norm
        self.seconds, self.precision, self.test_seconds = 0.0, recipe.precision, 0.0
        self.resume()
        export.rehearse(self)
        if self.precision == "auto":
            self.choose_precision()
        self.model = self.ranks.wrap(self.plain)

    def tell(self, **values):
        if self.ranks.first:
            self.progress.tell(epoch=self.epoch, batch=self.batch, **values)

    def resume(self):
        state, note = checkpoint.load(self.folder, self.recipe.fingerprint)
        if note and self.ranks.first:
            print(note, flush=True)
            self.tell(note=note)
        if state:
            self.plain.load_state_dict(state["model"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.epoch, self.batch = state["epoch"], state["batch"]
            self.seconds, self.precision = state["seconds"], state["precision"]
            if self.ranks.first:  # the sums over all ranks; the others start from nothing
                self.totals.copy_(state["totals"])
            print(f"resumed at epoch {self.epoch}, batch {self.batch} of {self.batches}", flush=True)
        if self.ranks.first:
            metrics.truncate(self.folder, self.epoch)

    def check_crop(self):
        """Networks with dense layers behind the convolutions take images of one size only."""
        try:
            with torch.inference_mode():
                side = schedule.crop_side(self.recipe, 0, self.train.shape[1])
                self.plain.eval()(self.train.plain(slice(0, 1), side)[0])
        except RuntimeError:
            raise ExplorerError(
                f"early_crop is {self.recipe.early_crop}: this network takes whole images only, so give 0"
            ) from None

    def choose_precision(self):
        self.tell(phase="choosing precision")
        images, labels = self.train.plain(slice(0, self.batch_size // self.ranks.world))
        choice, reason = precision.choose(self.plain.train(), laid(images, self.layout), labels)
        number = self.ranks.highest((choice == "bfloat16") if self.ranks.first else 0)
        self.precision = "bfloat16" if number else "float32"
        if self.ranks.first:
            print(f"precision {reason}", flush=True)

    def to_the_end(self) -> Outcome:
        if self.ranks.highest(self.control.verdict()) == LEAVE:  # asked while the data was loading
            raise Stopped(self.control.asked() or "asked to stop")
        self.control.saved = time.monotonic()
        while self.epoch < self.recipe.epochs:
            self.steps()
            line = self.tested()
            self.epoch, self.batch, self.seconds = self.epoch + 1, 0, 0.0
            self.totals.zero_()
            if self.ranks.first:
                metrics.append(self.folder, line)
                print(
                    f"epoch {line['epoch']}: train loss {line['train_loss']:.4f}, {self.recipe.watched} accuracy "
                    f"{line['test_accuracy']:.2f}%, {line['images_per_second']:.0f} images/s",
                    flush=True,
                )
            self.save()
        self.tell(phase="writing weights", eta=0)
        accuracy = export.write(self) if self.ranks.first else None
        self.ranks.highest(0)  # the others wait for the first
        self.tell(phase="finished", eta=0)
        return Outcome("finished", "", self.epoch, accuracy)

    def steps(self):
        """The rest of the epoch's training steps."""
        order = torch.randperm(len(self.train), generator=generator(self.recipe.seed, self.epoch))
        share = self.batch_size // self.ranks.world
        self.plain.train()
        clock, done = time.monotonic(), self.seconds
        while self.batch < self.batches:
            start = self.batch * self.batch_size + self.ranks.rank * share
            self.step(order[start : start + share])
            self.batch += 1
            self.seconds = done + time.monotonic() - clock
            if self.device.type == "cuda" and self.batch % LOOK_EVERY == 0:
                self.check_finite(self.totals.sum())
            self.decide()
            if self.ranks.first and self.progress.due():
                self.tell_training()

    def step(self, index):
        seed = mixed(self.recipe.seed, self.epoch, self.batch, self.ranks.rank)
        torch.manual_seed(seed)  # dropout
        side = schedule.crop_side(self.recipe, self.epoch, self.train.shape[1])
        images, labels = self.train.augmented(index, self.recipe, seed, side)
        optimiser.set_rate(self.optimiser, self.learning_rate())
        with autocast(self.device, self.precision):
            logits = self.model(laid(images, self.layout)).float()
            loss = F.cross_entropy(logits, labels, label_smoothing=self.recipe.label_smoothing)
        self.optimiser.zero_grad()
        loss.backward()
        norm = torch.nn.utils.get_total_norm([p.grad for p in self.plain.parameters() if p.grad is not None])
        if self.device.type == "cpu":  # where looking costs nothing, the damage is not even done
            if self.ranks.world == 1:
                self.check_finite(loss.detach())
            self.check_finite(norm, "the gradient")  # the same in every process
        self.optimiser.step()
        correct = (logits.detach().argmax(1) == labels).sum()
        size = torch.full((), float(len(labels)), device=self.device)
        self.totals += torch.stack([loss.detach() * size, correct, size, norm * size])

    def learning_rate(self) -> float:
        return schedule.learning_rate(self.recipe, self.epoch * self.batches + self.batch, self.batches)

    def check_finite(self, value, what="the loss"):
        if not math.isfinite(float(value)):
            raise NotFinite(
                f"{what} is {float(value)} in epoch {self.epoch + 1}, batch {self.batch + 1}: lower the "
                f"learning rate (now {self.learning_rate():.3g}); the last checkpoint is from before"
            )

    def decide(self):
        """Save or leave, all processes at the same step."""
        verdict = self.ranks.highest(self.control.verdict())
        if verdict in (SAVE, LEAVE):
            self.save()
        if verdict == LEAVE:
            raise Stopped(self.control.asked() or "asked to stop")

    def tell_training(self):
        rate = self.batch * self.batch_size / max(self.seconds, 1e-9)
        left = (self.recipe.epochs - self.epoch) * self.batches - self.batch
        eta = left * self.batch_size / max(rate, 1e-9) + (self.recipe.epochs - self.epoch) * self.test_seconds
        self.tell(
            phase="training",
            batches=self.batches,
            images_per_second=rate,
            eta=eta,
            loss=(self.totals[0] / self.totals[2]).item(),
            learning_rate=self.learning_rate(),
        )

    def tested(self) -> dict:
        """The epoch's line of metrics."""
        self.tell(phase="testing", batches=self.batches)
        self.ranks.share_buffers(self.plain)
        clock = time.monotonic()
        try:
            logits = logits_of(self.plain, self.watched, self.ranks, self.precision, self.control.check)
        except Stopped:
            self.save()
            raise
        self.test_seconds = time.monotonic() - clock
        test_loss, test_accuracy = loss_and_accuracy(logits, self.watched.labels)
        loss, correct, images, norm = self.ranks.total(self.totals).tolist()
        self.check_finite(loss)
        last = self.epoch * self.batches + self.batches - 1
        return {
            "epoch": self.epoch + 1,
            "train_loss": loss / images,
            "train_accuracy": 100 * correct / images,
            "test_loss": test_loss,
            "test_accuracy": test_accuracy,
            "learning_rate": schedule.learning_rate(self.recipe, last, self.batches),
            "images_per_second": images / max(self.seconds, 1e-9),
            "gradient_norm": norm / images,
            "seconds": self.seconds,
            "cable": export.cable(self.plain),
            **({"kernels": found} if (found := export.kernels(self.plain)) else {}),
        }

    def save(self):
        """The state as last.pt, unless it is broken. Every process takes part, the first one writes."""
        totals = self.ranks.total(self.totals)
        self.check_finite(totals.sum())
        self.control.saved = time.monotonic()
        self.ranks.share_buffers(self.plain)
        if self.ranks.first:
            checkpoint.save(
                self.folder,
                {
                    "model": self.plain.state_dict(),
                    "optimiser": self.optimiser.state_dict(),
                    "epoch": self.epoch,
                    "batch": self.batch,
                    "totals": totals.cpu(),
                    "seconds": self.seconds,
                    "precision": self.precision,
                    "recipe": self.recipe.to_json(),
                    "fingerprint": self.recipe.fingerprint,
                },
            )
