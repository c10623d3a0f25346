"""A batch of training images, cut, mirrored, turned and blanked on the device in one go.

The dataset lies on the device as uint8 with its black border; a crop is a view into it. Every draw comes from one
seed, so a batch is a function of (dataset, recipe, its indices, seed): the same again after a resume.
"""

import math

import torch
import torch.nn.functional as F

from explorer.training.recipe.recipe import Recipe


class Images:
    """A split on the device: images uint8 (N, C, H, W), labels int64 (N,), and the way to network input."""

    def __init__(self, dataset, device, padding: int = 0):
        self.labels = torch.as_tensor(dataset.labels).to(device)
        images = torch.as_tensor(dataset.images).to(device)
        self.shape = tuple(images.shape[1:])
        self.padded, self.padding = F.pad(images, (padding,) * 4), padding
        shape = (1, self.shape[0], 1, 1)
        self.mean = 255 * torch.tensor(dataset.mean, dtype=torch.float32, device=device).view(shape)
        self.scale = 1 / (255 * torch.tensor(dataset.std, dtype=torch.float32, device=device).view(shape))

    def __len__(self):
        return len(self.labels)

    def windows(self, side: int):
        """Every crop of every image, (N, C, rows, columns, side, side): a view, no copy."""
        return self.padded.unfold(2, side, 1).unfold(3, side, 1)

    def plain(self, index, side: int | None = None):
        """Images as the network sees them in a test: only normalised. index is a slice or int64 (B,)."""
        windows = self.windows(side or self.shape[1])
        return self._normalised(windows[index, :, self.padding, self.padding]), self.labels[index]

    def augmented(self, index, recipe: Recipe, seed: int, side: int | None = None):
        """Images (B, C, side, side) float32 channels-last and labels (B,), as the recipe wants them."""
        draw = torch.Generator().manual_seed(seed)
        size, device = len(index), self.labels.device
        index = index.to(device)
        windows = self.windows(side or self.shape[1])
        top, left = torch.randint(0, windows.shape[2], (2, size), generator=draw).to(device)
        images = windows[index, :, top, left]
        if recipe.flip:
            mirrored = torch.rand(size, generator=draw).to(device) < 0.5
            images = torch.where(mirrored[:, None, None, None], images.flip(3), images)
        if recipe.rotation:
            degrees = (2 * torch.rand(size, generator=draw) - 1) * recipe.rotation
            images = rotated(images.float(), degrees.to(device))
        images = self._normalised(images)
        if recipe.cutout:
            y, x = (torch.rand(2, size, generator=draw) * images.shape[2]).long().to(device)
            images = cut_out(images, y, x, recipe.cutout)
        return images, self.labels[index]

    def _normalised(self, images):
        images = images.to(torch.float32, memory_format=torch.channels_last)
        return (images - self.mean).mul_(self.scale)


def rotated(images, degrees):
    """Each image (B, C, H, W) turned about its middle by its own angle; bilinear, black outside."""
    height, width = images.shape[2:]
    cos, sin = (degrees * (math.pi / 180)).cos(), (degrees * (math.pi / 180)).sin()
    zero = torch.zeros_like(cos)
    turn = torch.stack(
        [torch.stack([cos, -sin * height / width, zero], 1), torch.stack([sin * width / height, cos, zero], 1)], 1
    )  # (B, 2, 3)
    grid = F.affine_grid(turn, list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def cut_out(images, y, x, side: int):
    """A square of the dataset's mean colour, 0 after normalising, centred on (y, x) and clipped at the border."""
    rows = torch.arange(images.shape[2], device=images.device) - y[:, None] + side // 2
    columns = torch.arange(images.shape[3], device=images.device) - x[:, None] + side // 2
    inside = ((rows >= 0) & (rows < side))[:, None, :, None] & ((columns >= 0) & (columns < side))[:, None, None, :]
    return images.masked_fill_(inside, 0.0)
