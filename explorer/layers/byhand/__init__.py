"""002's forward and backward formulas in NumPy, with every array between them kept to be looked at.

    conv      dL/dW = pad(X, p) ⋆ dilate(dL/dY, s)                                          (3)
              dL/db = sum of dL/dY over images, rows and columns                            (4)
              dL/dX = unpad(pad(dilate(dL/dY, s), K - 1) ⋆ flip(W))                         (5)
    max pool  dL/dX = sum over windows of dL/dY · 1[X is the window's maximum]              (6)
    avg pool  dL/dX = sum over windows of dL/dY / K²                                        (7)
    dense     dL/dW = X_augᵀ · dL/dY,  dL/dX = (dL/dY · W_augᵀ) without its bias column     (10), (11)
    sigmoid   dL/dX = dL/dY ⊙ σ ⊙ (1 - σ)                                                   (13)
    ReLU      dL/dX = dL/dY ⊙ 1[X > 0]                                                      (15)
    softmax cross-entropy   dL/dŷ = (softmax(ŷ) - y) / B                                    (17)

⋆ is cross-correlation. Three things that 002 leaves open are settled here as autograd settles them: (3) needs the
dilated gradient as soon as the stride is not 1; a dilated kernel stands in (5) with its holes, so that K - 1 becomes
d(K - 1); and rows that the last stride did not reach get zeros. In (6) a tie goes to the first in reading order.
"""

from explorer.layers.byhand.arrays import Array, Back, Stages, correlate, dilate, flip, pad, unpad
from explorer.layers.byhand.vectors import (
    augment,
    cross_entropy,
    cross_entropy_backward,
    dense,
    dense_backward,
    flatten,
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    softmax,
)
from explorer.layers.byhand.windows import (
    Pooled,
    avgpool,
    avgpool_backward,
    conv,
    conv_backward,
    maxpool,
    maxpool_backward,
    maxpool_mask,
)

__all__ = [
    "Array",
    "Back",
    "Pooled",
    "Stages",
    "augment",
    "avgpool",
    "avgpool_backward",
    "conv",
    "conv_backward",
    "correlate",
    "cross_entropy",
    "cross_entropy_backward",
    "dense",
    "dense_backward",
    "dilate",
    "flatten",
    "flip",
    "maxpool",
    "maxpool_backward",
    "maxpool_mask",
    "pad",
    "relu",
    "relu_backward",
    "sigmoid",
    "sigmoid_backward",
    "softmax",
    "unpad",
]
