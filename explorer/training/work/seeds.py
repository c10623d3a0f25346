"""Where all chance in a run comes from: the recipe's seed and a place in the run, never a generator's past.

permutation of an epoch: (seed, epoch); a batch's crops, flips and dropout: (seed, epoch, batch, rank).
"""

import numpy as np
import torch


def mixed(*numbers: int) -> int:
    """One 63-bit seed from several numbers, in which every one of them counts."""
    return int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0] >> 1)


def generator(*numbers: int) -> torch.Generator:
    return torch.Generator().manual_seed(mixed(*numbers))
