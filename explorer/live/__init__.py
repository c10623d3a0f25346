"""A network taken out of torch: packed for the visitor's browser, as an ONNX file, as a drawing.

graph, numbers = pack(model, (3, 32, 32))    # what explorer/ui/components/live runs, layer by layer
content = onnx(model, (3, 32, 32))           # the same layers as a file that other programs open
"""

from explorer.live.onnxfile import onnx
from explorer.live.packing import MOST_BYTES, pack

__all__ = ["MOST_BYTES", "onnx", "pack"]
