"""As a layer: the same step as a padded convolution; and a trained cable layer, stepped on this image."""

import numpy as np
import streamlit as st
import torch.nn.functional as F

from explorer.data import images
from explorer.diffusion.steps import span
from explorer.networks import growth
from explorer.render import enlarge, number
from explorer.ui.diffusion.glance import STYLE, kernel_table
from explorer.ui.diffusion.stage import Stage, paint, signed, signed_bar
from explorer.ui.shared import caches
from explorer.ui.shared.naming import spoken

NUMBERS = ("Φ", "Ψ", "τ", "1/Φ²", "1/Ψ²", "largest |g|")
CODE = """k = Cable({alpha:g}, {tau:g}{h}).kernel()
u = conv2d(u, k[None, None], padding=1)"""


def draw(stage: Stage) -> None:
    cable, u = stage.cable, stage.u
    kernel = cable.kernel()
    convolved = F.conv2d(u[:, None], kernel[None, None], padding=1)[:, 0]
    stepped = cable.step(u)
    left, middle, right = st.columns([1.2, 1, 1], gap="medium")
    with left:
        st.markdown("**One step is one convolution**")
        st.html(f'{STYLE}<div class="kernel">{kernel_table(cable)}</div>')
        spacing = "" if cable.h_x == cable.h_y == 1 else f", {cable.h_x:g}, {cable.h_y:g}"
        st.code(CODE.format(alpha=cable.alpha, tau=cable.tau, h=spacing), language="python", wrap_lines=True)
    with middle:
        picture, words = paint(convolved.numpy(), "fixed")
        st.image(enlarge(picture, 512), width="stretch", alt="The image after one convolution")
        st.caption(f"conv2d with padding 1 · {words}")
    with right:
        picture, reach = signed((convolved - stepped).mean(0).numpy())
        st.image(enlarge(picture, 512), width="stretch", alt="Convolution minus step")
        signed_bar(reach)
        st.caption("convolution − step, mean of the channels")
    apart = (convolved - stepped).abs().max().item()
    inner = (convolved - stepped)[:, 1:-1, 1:-1].abs().max().item()
    same = apart < 1e-12 * max(1.0, stepped.abs().max().item())
    if cable.boundary == "zero":
        largest = "0" if same else number(apart)
        words = f"Largest difference: {largest}. With zero edges the step **is** the padded convolution."
        st.success(words, icon=":material/check:")
    elif same:
        st.info(
            "Largest difference: 0. This picture is black along its border, so the zeros that padding puts around it "
            f"change nothing. On a lighter one it darkens the border, which the edges chosen here ({cable.boundary}) "
            "do not.",
            icon=":material/border_outer:",
        )
    else:
        st.info(
            f"Largest difference: {number(apart)}, all of it in the outermost pixels (inside: {number(inner, 1)}). "
            f"Padding puts zeros around the image, the edges chosen here ({cable.boundary}) do not: "
            "that is how padding darkens a border.",
            icon=":material/border_outer:",
        )
    if caches.cards():
        _learned(stage)


def _learned(stage: Stage) -> None:
    names = {name: card for name, card in caches.cards().items() if "cabeq" in card.model or card.model == "stack"}
    if not names:
        return
    st.divider()
    st.markdown("##### Use a learned layer")
    columns = st.columns([1.5, 1.2, 1.3], gap="medium")
    name = columns[0].selectbox("Network", list(names), key="learned", format_func=spoken)
    assert name  # the list is never empty
    model, card = caches.trained(name)
    layers = growth.square_layers(model)
    if not layers:
        st.caption("This model has no cable layer whose output can be fed back.")
        return
    chosen = columns[1].selectbox("Layer", list(layers), key=f"learned-layer-{name}")
    passes = columns[2].slider("Passes", 0, 50, 3, key="learned-passes", help="How often the layer is applied.")
    layer = layers[chosen]
    page, size = stage.page, stage.u.shape[-1]
    u = images.network_input(page.picked.image, card.channels, size, card.mean, card.std, page.fit)[0]
    if u.shape[0] != layer.in_channels:
        st.caption(f"This layer works on {layer.in_channels} feature maps, not on an image: choose the first layers.")
        return
    with caches.gate():
        field = growth.iterate(layer, u.double(), passes).numpy()
    _pictures(layer, field, passes)


def _pictures(layer, field: np.ndarray, passes: int) -> None:
    fastest = growth.growth(layer)
    left, right = st.columns([1, 1.6], gap="medium")
    with left:
        picture, words = paint(field, "auto")
        st.image(enlarge(picture, 512), width="stretch", alt=f"The image after {passes} passes")
        low, high = span(field)
        gone = " · nothing left" if low == high else ""
        st.caption(f"after {passes} passes, in the network's own units · {words}{gone}")
    with right:
        state = "bounded" if growth.bounded(layer) else "divergent"
        st.markdown(f"All channels together: the fastest wave is multiplied by **{number(fastest)}** a pass, {state}.")
        st.dataframe(
            [
                {
                    "to ← from": f"{pair.output} ← {pair.input}",
                    "Φ": pair.phi,
                    "Ψ": pair.psi,
                    "τ": pair.tau,
                    "1/Φ²": pair.phi**-2,
                    "1/Ψ²": pair.psi**-2,
                    "largest |g|": pair.growth,
                    "alone it is": pair.verdict,
                }
                for pair in growth.pairs(layer)
            ],
            hide_index=True,
            width="stretch",
            column_config={name: st.column_config.NumberColumn(format="%.3g") for name in NUMBERS},
        )
