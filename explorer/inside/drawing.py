"""A network's architecture as an SVG: its blocks from left to right, as deep as they have maps, as large as those are.

Sides and depths grow with the logarithm, so that a picture of 32 x 32 and a vector of ten can stand side by side.
"""

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from explorer.inside.blocks import Block

STEP, LEFT, BASE, LINE = 150, 20, 190, 16  # pixels: from block to block, beside the first, the ground, a line of text
SIDE, DEPTH = (12, 92), (5, 36)  # the smallest and the largest front and depth
INK, MUTED, EDGE = "#16222e", "#51606e", "#0072b2"
FACES = ("#dbe8f1", "#b3d4ea", "#8fbfdf")  # front, top, side
ACROSS = 'text-anchor="middle"'


def svg(blocks: Sequence[Block], title: str) -> str:
    """The whole drawing as the text of a file; `title` is any text."""
    rows = max((len(block.layers) for block in blocks), default=0)
    width, height = 2 * LEFT + STEP * len(blocks), BASE + LINE * (5 + rows)
    sides = [block.shape[1] if len(block.shape) == 3 else 1 for block in blocks]
    maps = [block.shape[0] for block in blocks]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="system-ui, sans-serif" font-size="12" fill="{INK}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _text(LEFT, 28, title, 'font-size="17" font-weight="600"'),
    ]
    for place, block in enumerate(blocks):
        side = _scaled(sides[place], max(sides), SIDE)
        depth = _scaled(maps[place], max(maps), DEPTH)
        parts += _block(block, LEFT + STEP * (place + 0.5), side, depth)
        if place:
            x = LEFT + STEP * place
            parts.append(f'<path d="M{x - 9} {BASE - 20}h18m-6 -5l6 5l-6 5" fill="none" stroke="{MUTED}"/>')
    return "\n".join([*parts, "</svg>\n"])


def _scaled(value: int, largest: int, ends: tuple[int, int]) -> float:
    low, high = ends
    return low + (high - low) * math.log2(value + 1) / math.log2(largest + 1)


def _block(block: Block, x: float, side: float, depth: float) -> list[str]:
    left, top, shift = x - (side + depth) / 2, BASE - side, depth / 2
    faces = (
        f"M{left:.1f} {top:.1f}h{side:.1f}v{side:.1f}h{-side:.1f}z",
        f"M{left:.1f} {top:.1f}l{depth:.1f} {-shift:.1f}h{side:.1f}l{-depth:.1f} {shift:.1f}z",
        f"M{left + side:.1f} {top:.1f}l{depth:.1f} {-shift:.1f}v{side:.1f}l{-depth:.1f} {shift:.1f}z",
    )
    drawn = [f'<path d="{path}" fill="{fill}" stroke="{EDGE}"/>' for path, fill in zip(faces, FACES, strict=True)]
    if block.residual:  # the skip around its layers
        y = top - shift - 6
        ends = f"M{x - 63:.1f} {BASE - 20}V{y:.1f}H{x + 63:.1f}V{BASE - 20}"
        drawn.append(f'<path d="{ends}" fill="none" stroke="#d55e00" stroke-dasharray="4 3"/>')
    shape = " × ".join(map(str, block.shape))
    lines = [
        _text(x, BASE + 1.4 * LINE, block.name, f'{ACROSS} font-weight="600"'),
        _text(x, BASE + 2.4 * LINE, shape, ACROSS),
    ]
    if block.parameters:
        lines.append(_text(x, BASE + 3.4 * LINE, f"{block.parameters:,} parameters", f'{ACROSS} fill="{MUTED}"'))
    for row, layer in enumerate(block.layers):
        lines.append(_text(x, BASE + (4.6 + row) * LINE, layer.kind, f'{ACROSS} font-size="11" fill="{MUTED}"'))
    return drawn + lines


def _text(x: float, y: float, words: str, how: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" {how}>{escape(words)}</text>'
