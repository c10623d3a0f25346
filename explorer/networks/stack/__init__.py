"""A user's own list of layers: checked rows -> shapes, costs, a network, its code; and JSON both ways.

stack = parse('[{"kind": "conv", "channels": 8}, {"kind": "activation"}, {"kind": "flatten"}, {"kind": "dense"}]')
stack.plan((1, 28, 28))    # name, output shape, parameters, FLOPs and receptive field of every row
stack.build((1, 28, 28))   # torch.nn.Sequential with layers conv_1, relu_1, flatten_1, dense_1
"""

from explorer.networks.stack.core import MOST_ROWS, Stack, from_link, parse
from explorer.networks.stack.network import outputs
from explorer.networks.stack.plan import Planned
from explorer.networks.stack.presets import PRESETS
from explorer.networks.stack.rows import KINDS, Row

__all__ = [
    "KINDS",
    "MOST_ROWS",
    "PRESETS",
    "Planned",
    "Row",
    "Stack",
    "from_link",
    "outputs",
    "parse",
]
