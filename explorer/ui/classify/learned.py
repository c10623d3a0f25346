"""What was learned: Φ, Ψ and τ of every cable layer, what they do to waves and images, and how they came about."""

import streamlit as st

from explorer.figures import learned as figures
from explorer.figures import training as training_figures
from explorer.inside import listing
from explorer.networks import gains, growth, words
from explorer.networks.cable_layer import CableLayer, Stencil
from explorer.render import colour, enlarge, number, scale_of, to_rgb
from explorer.ui.classify import waves
from explorer.ui.classify.source import Asked, evaluated, one_of
from explorer.ui.components.curves import curves
from explorer.ui.inside.view import look
from explorer.ui.shared import caches, grids
from explorer.ui.shared.layout import empty, matters
from explorer.ui.shared.widgets import choice

CHART = {"displayModeBar": False}
SIGNS = {"smooth": "✓", "ringing": "≈", "divergent": "✗"}


def draw(picked, asked: list[Asked], fit: str, controls) -> None:
    fronted = [one for one in asked if gains.layers(one.subject.model)]
    if not fronted:
        empty("None of these networks has a cable layer or a control of one: ask one whose name begins with cabeq.")
        return
    with controls:
        one = one_of(fronted)
        layers = gains.layers(one.subject.model)
        with matters("layer"):
            name = choice("Layer", "cable", list(layers), next(iter(layers)), persist="session")
    layer = layers[name]
    waves.words_of(one, name, layer)
    looks = {
        "In one picture": lambda: waves.draw(one, name, layer),
        "On the image": lambda: _images(picked, one, fit),
        "Numbers": lambda: _numbers(name, layer),
    }
    if isinstance(layer, CableLayer):
        looks["Waves"] = lambda: _waves(name, layer)
    looks["Over the epochs"] = lambda: _course(one, name)
    looks[choice("Show", "look", list(looks), "In one picture", persist="session", label_visibility="collapsed")]()


def _kernels(layer: Stencil) -> None:
    kernels, names = layer.kernel().detach().cpu().numpy(), waves.names_of(layer)
    scale = scale_of(kernels, "signed")
    st.markdown("**As 3 × 3 kernels**")
    grids.matrix(
        [
            [grids.grid(one, f"{names[into]} → {names[out]}", scale=scale) for into, one in enumerate(row)]
            for out, row in enumerate(kernels)
        ]
    )


def _images(picked, one: Asked, fit: str) -> None:
    """The image after each block before the stem beside the original."""
    at = look(one.subject, picked.image, fit)
    subject, batch = one.subject, at.batch
    blocks = [
        layer.name
        for layer in at.layers
        if layer.name.startswith(("cable.", "front.")) and layer.name.endswith(("relu", "relu2"))
    ]
    with caches.gate():
        outputs = listing.run(subject.model, batch, blocks)
    columns = st.columns(max(4, len(blocks) + 1), gap="small")
    columns[0].image(
        enlarge(to_rgb(subject.shown(batch).numpy()), 256),
        width="stretch",
        caption="what goes in",
        alt=f"{picked.name}, before the first block",
    )
    for column, name in zip(columns[1:], blocks, strict=False):
        values = outputs[name][0].numpy()
        low, high = float(values.min()), float(values.max())
        picture = (values - low) / (high - low) if high > low else values * 0
        drawn = to_rgb(picture) if len(picture) == 3 else colour(picture[0], scale_of(picture[0]))
        column.image(
            enlarge(drawn, 256),
            width="stretch",
            alt=f"The image after {name}",
            caption=f"after {name}, {number(low)} to {number(high)}",
        )


def _numbers(name: str, layer: Stencil) -> None:
    if not isinstance(layer, CableLayer) or layer.in_channels != layer.out_channels:
        _kernels(layer)
        return
    phi, psi, tau = (values.detach().cpu().numpy() for values in (layer.phi, layer.psi, layer.tau))
    st.markdown(f"**Channel by channel.** {words.sentence(layer)}")
    st.markdown("**Φ, Ψ and τ** Rows are output channels, columns input channels.")
    grids.show([grids.grid(phi, "Φ"), grids.grid(psi, "Ψ"), grids.grid(tau, "τ", scale=scale_of(tau, "signed"))])
    kernels = layer.kernel().detach().cpu().numpy()
    scale = scale_of(kernels, "signed")
    st.markdown("**As 3 × 3 kernels**, with the verdict on each pair were it stepped again and again")
    names = words.COLOURS if layer.in_channels == 3 else range(layer.in_channels)
    shown = [[] for _ in kernels]
    for pair in growth.pairs(layer):
        label = f"{names[pair.input]} → {names[pair.output]} {SIGNS[pair.verdict]} {pair.verdict}, "
        label += f"|g| ≤ {number(pair.growth)}"
        shown[pair.output].append(grids.grid(kernels[pair.output, pair.input], label, scale=scale))
    grids.matrix(shown)
    whole = growth.growth(layer)
    st.caption(
        f"All pairs together multiply some wave by {number(whole)} a pass, so the layer of {name}, fed its own "
        f"output again and again, {'stays bounded' if growth.bounded(layer) else 'grows without end'}; in the "
        "network BatchNorm follows every pass."
    )


def _waves(name: str, layer) -> None:
    phi, psi, tau = (values.detach().cpu().numpy() for values in (layer.phi, layer.psi, layer.tau))
    names = waves.names_of(layer)
    st.markdown("**What it does to waves**: the factor g from flat areas (k = 0) to the finest stripes (k = π)")
    st.caption("Between the dotted lines, at 1 and −1, a wave does not grow; below 0 it comes out turned over.")
    figure = figures.responses(phi, psi, tau, names, f"responses {name}")
    st.plotly_chart(figure, key="responses", config=CHART, alt=f"Frequency response of every channel pair of {name}")


def _course(one: Asked, name: str) -> None:
    waves.over_epochs(one, name)
    result = evaluated([one])[0].get(one.name)
    if result is None or name not in result[1].cable:
        return
    values = result[1].cable[name]
    epochs = [int(epoch) for epoch in result[1].curves["epoch"]]
    lines = [
        {"epoch": epoch, "cable": {name: {quantity: values[quantity][place] for quantity in values}}}
        for place, epoch in enumerate(epochs)
    ]
    st.markdown("**How they came about**: each line one channel pair")
    for column, chart in zip(st.columns(3), training_figures.cable_curves(lines, name), strict=True):
        with column:
            label = f"{chart.title} of {name} over the epochs, a line a channel pair"
            curves(chart, of=f"{one.key}{name}", label=label, key=f"course.{chart.title[0]}", height=210)
    st.caption("As they were in training; the shipped weights above are those of the last epoch, rounded to float16.")
    epoch = st.select_slider("After epoch", epochs, epochs[-1], key=f"learned.epoch.{one.key}")
    shown = [
        grids.grid(values[quantity][epochs.index(epoch)], symbol, scale=scale_of(values[quantity]))
        for quantity, symbol in training_figures.SYMBOLS.items()
    ]
    grids.show(shown)
