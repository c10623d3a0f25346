"""Pictures one can choose in, drawn in the browser: a map, a pixel, a cell of a table, a convolution's window.

The choice lives in st.session_state under names that the caller gives, so it can be the key of an ordinary widget
bound to the URL; the component writes there before the page runs and shows what stands there:

    st.number_input("Map", 0, 63, key="map", bind="query-params")
    index = pick_map(tiles, into="map", label="64 maps of conv1")                  # tiles (N, h, w, 3) uint8

    y, x = (st.number_input(name, 0, 31, key=name, bind="query-params") for name in ("y", "x"))
    y, x = pick_pixel(picture, into=("y", "x"), values=maps[index], label="Map 10 of conv1")

    row, column = pick_cell(counts, names, into=("true", "said"), label="Confusion", across="said", down="is", key="c")

    slide(image, weights[k], bias, maps[k], pictures=(seen, coloured), into=("row", "column"), name="Sobel", label="…")

Enlarging is left to the browser, without smoothing: give pictures at their own size, one pixel a value.
"""

from explorer.ui.components.canvas.cells import pick_cell
from explorer.ui.components.canvas.pick import pick_map, pick_pixel, switch_maps
from explorer.ui.components.canvas.slide import slide

__all__ = ["pick_cell", "pick_map", "pick_pixel", "slide", "switch_maps"]
