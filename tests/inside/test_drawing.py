"""The SVG of an architecture: well formed whatever the names are, everything inside the picture, every block there."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
import torch

from explorer.inside.blocks import Block, blocks
from explorer.inside.drawing import svg
from explorer.inside.listing import Layer, layers
from explorer.networks import zoo

SVG = "{http://www.w3.org/2000/svg}"


def drawn(name: str):
    known = zoo.entry(name)
    width = known.width_step * -(-16 // known.width_step)
    size = known.channels, known.size, known.size
    found = blocks(layers(zoo.build(name, width=width, seed=0).eval(), torch.zeros(1, *size)))
    return found, ElementTree.fromstring(svg(found, name))


@pytest.mark.parametrize("name", ["cabeq-rn-2", "original", "resnet-20", "alexnet", "lenet", "mlp", "digits-cnn"])
def test_every_block_is_named_sized_and_inside(name):
    found, root = drawn(name)
    words = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert words[0] == name
    for block in found:
        assert block.name in words and " × ".join(map(str, block.shape)) in words
    assert sum("parameters" in text for text in words) == sum(block.parameters > 0 for block in found)
    dashed = [path for path in root.iter(f"{SVG}path") if path.get("stroke-dasharray")]
    assert len(dashed) == sum(block.residual for block in found)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for path in root.iter(f"{SVG}path"):
        x, y = map(float, re.match(r"M([\d.-]+) ([\d.-]+)", path.attrib["d"]).groups())
        assert 0 <= x <= width and 40 <= y <= height  # below the title
    for text in root.iter(f"{SVG}text"):
        assert 0 <= float(text.attrib["x"]) <= width and 0 <= float(text.attrib["y"]) <= height


def test_larger_maps_are_drawn_larger():
    _, root = drawn("original")
    sides = [
        float(path.attrib["d"].split("h")[1].split("v")[0])
        for path in root.iter(f"{SVG}path")
        if path.get("fill") == "#dbe8f1"
    ]
    assert sides[0] == max(sides) and sides[-1] == min(sides)  # the picture, and the ten logits


def test_names_are_text_and_never_markup():
    block = Block("<script>&", (Layer("x", "<b>", (3, 1, 1), 0),))
    root = ElementTree.fromstring(svg([block], "<svg onload='x'>"))
    assert [text.text for text in root.iter(f"{SVG}text")] == ["<svg onload='x'>", "<script>&", "3 × 1 × 1", "<b>"]
    ElementTree.fromstring(svg([], "nothing"))
