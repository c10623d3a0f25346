"""The Filters tab: the weights of a convolution as pictures, their lengths, and what a cable layer learned."""

import numpy as np
import streamlit as st

from explorer.figures import inside as figures
from explorer.inside import listing, maps
from explorer.inside.listing import Layer
from explorer.inside.tracing import module
from explorer.networks.cable_layer import CableLayer
from explorer.render import Scale, scale_of, to_rgb
from explorer.ui.components.canvas import pick_map
from explorer.ui.inside.explained import FILTERED
from explorer.ui.inside.view import Look, View
from explorer.ui.shared import grids
from explorer.ui.shared.pictures import scale_bar
from explorer.ui.shared.widgets import whole


def with_filters(at: Look, layer: Layer) -> Layer | None:
    """The layer itself, else the nearest before it, else the first after it, that has filters."""
    place = at.layers.index(layer)
    before = [one for one in at.layers[: place + 1] if one.kind in FILTERED]
    after = [one for one in at.layers[place:] if one.kind in FILTERED]
    return before[-1] if before else after[0] if after else None


def draw(view: View) -> None:
    at, layer = view.at, view.layer
    shown = with_filters(at, layer)
    if shown is None:
        st.info("This network has no convolution: choose another model to see filters.", icon=":material/info:")
        return
    if shown is not layer:
        st.caption(f"{layer.name} ({layer.kind}) has no filters; these are those of **{shown.name}**.")
    weights = listing.filters(at.subject.model, shown.name).numpy()
    if shown.kind == "cable layer":
        _cable(at, shown, weights)
        return
    if weights.shape[1] == 3 and shown.name in (at.layers[1].name, "stem.conv"):
        _in_colour(shown, weights)
    else:
        _one_filter(shown, weights, min(view.index, len(weights) - 1))
    lengths = np.sqrt((weights.astype(np.float64) ** 2).sum((1, 2, 3)))
    figure = figures.norms(lengths, min(view.index, len(lengths) - 1), shown.name)
    st.plotly_chart(figure, width="stretch", key="norms", config={"displayModeBar": False})


def _in_colour(layer: Layer, weights: np.ndarray) -> None:
    """Filters that look at red, green and blue are small pictures themselves: grey is 0."""
    reach = float(np.abs(weights).max()) or 1.0
    pictures = np.stack([to_rgb(0.5 + one / (2 * reach)) for one in weights])
    numbers = _page(len(pictures))
    st.markdown(f"**The {len(weights)} filters of {layer.name} in colour**")
    _choose(pictures[numbers], numbers, "coloured", f"Filters of {layer.name} in colour")
    st.caption(f"Mid grey is 0; full colour is ±{reach:.3g}, the largest weight of the layer, for every filter.")


def _one_filter(layer: Layer, weights: np.ndarray, chosen: int) -> None:
    """One filter has a kernel for each input channel."""
    inputs = weights.shape[1]
    if inputs == 1:
        st.markdown(f"**The {len(weights)} filters of {layer.name}**")
        scale, numbers = scale_of(weights, "signed"), _page(len(weights))
        tiles = maps.tiles(weights[numbers, 0], [scale] * len(numbers))
        _choose(tiles, numbers, "kernels", f"Filters of {layer.name}")
        scale_bar(scale, "every weight of this layer")
        return
    st.markdown(
        f"**Filter {chosen} of {layer.name}: one kernel for each of its {inputs} input channels.** It makes "
        f"map {chosen}; choose another at the left."
    )
    scale, numbers = scale_of(weights, "signed"), _page(inputs)
    tiles = maps.tiles(weights[chosen, numbers], [scale] * len(numbers))
    label = f"Kernels of filter {chosen} of {layer.name}"
    shown = _choose(tiles, numbers, "kernels", label, into="input", noun="input channel")
    scale_bar(scale, "every weight of this layer")
    shown = min(shown, inputs - 1)
    title = f"kernel of filter {chosen} for input channel {shown}"
    grids.show([grids.grid(weights[chosen, shown], title, scale=scale)])


def _choose(tiles: np.ndarray, numbers: np.ndarray, key: str, label: str, into="map", noun="filter") -> int:
    return pick_map(tiles, into=into, numbers=numbers.tolist(), columns=12, noun=noun, key=key, label=label)


def _page(count: int) -> np.ndarray:
    last = maps.pages(count)
    page = whole(f"Page of {last}", "page", 1, last, 1) if last > 1 else 1
    return maps.on_page(np.arange(count), page)


def _cable(at: Look, layer: Layer, kernels: np.ndarray) -> None:
    cable = module(at.subject.model, layer.name)
    assert isinstance(cable, CableLayer)
    phi, psi, tau = (values.detach().numpy() for values in (cable.phi, cable.psi, cable.tau))
    st.markdown(f"**{layer.name}: one Φ, Ψ and τ for every pair.** Rows are output channels, columns input channels.")
    steps = scale_of(np.stack([phi**-2, psi**-2]), "magnitude")
    steps = Scale(0.0, steps.high)
    grids.show(
        [
            grids.grid(phi, "Φ"),
            grids.grid(psi, "Ψ"),
            grids.grid(tau, "τ", scale=scale_of(tau, "signed")),
        ]
    )
    grids.show(
        [
            grids.grid(phi**-2, "1/Φ², diffusion along x", scale=steps),
            grids.grid(psi**-2, "1/Ψ², diffusion along y", scale=steps),
        ]
    )
    st.markdown("**The same as 3 × 3 kernels**")
    scale = scale_of(kernels, "signed")
    grids.matrix(
        [
            [grids.grid(one, f"input {into} → output {out}", scale=scale) for into, one in enumerate(row)]
            for out, row in enumerate(kernels)
        ]
    )
    scale_bar(scale, "every kernel of this layer")
