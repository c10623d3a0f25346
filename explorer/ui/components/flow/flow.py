"""The network drawn as a flow of blocks in which one clicks a layer: the Python side of flow.js."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from explorer.inside.blocks import Block, block_of
from explorer.networks.shapes import words
from explorer.render import size
from explorer.ui.components.parts import component, pack, said

_flow = component("flow", Path(__file__).parent)


def draw_flow(blocks: Sequence[Block], chosen: str, *, into: str, key: str = "architecture") -> None:
    """Blocks from left to right, the chosen one opened; a click puts the layer's name into st.session_state[into]."""
    names = {layer.name for block in blocks for layer in block.layers}
    facts = {
        "chosen": chosen,
        "open": block_of(blocks, chosen),
        "blocks": [
            {
                "name": block.name,
                "shape": words(block.shape),
                "side": block.shape[1] if len(block.shape) == 3 else 0,
                "maps": block.shape[0],
                "parameters": f"{block.parameters:,} parameters, {size(block.parameters)}",
                "residual": block.residual,
                "layers": [
                    {
                        "name": one.name,
                        "label": one.name.removeprefix(f"{one.block}."),
                        "kind": one.kind,
                        "shape": words(one.shape),
                    }
                    for one in block.layers
                ],
            }
            for block in blocks
        ],
    }

    def keep() -> None:
        name = said(key, "picked")
        if name in names:
            st.session_state[into] = name

    _flow(data=pack(facts), key=key, on_picked_change=keep)
