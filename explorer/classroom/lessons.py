"""Pages in a certain state, each with one sentence that says what to look for.

The home page shows eight of them; docs/CLASS.md walks through all. A test opens every one and checks what it shows.
A lesson whose page does not exist is left out. What a page begins with anyway is not in `params`: Streamlit would take
it out of the address again, and the browser's way back would end there.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Lesson:
    key: str
    title: str
    look: str  # what to do and what to see
    page: str  # as in the URL
    params: dict[str, object] = field(default_factory=dict)
    home: bool = True  # one of the eight on the home page


LESSONS = (
    Lesson(
        "dendrite",
        "One dendrite",
        "Current flows in at one place: to both sides the voltage falls off as exp(−|x|/λ).",
        "Diffusion",
        {"tab": "The neuron"},
    ),
    Lesson(
        "impulse",
        "One pixel, one step",
        "Step once: the bright pixel keeps its share and gives r to each of its four neighbours. That is the kernel.",
        "Diffusion",
        {"image": "pattern-impulse", "size": 32, "tab": "As a layer"},
        home=False,
    ),
    Lesson(
        "melting",
        "Small steps: the image melts, by the law",
        "Press play: it blurs and fades, and the mean is (1 − τ)ⁿ times the first one, digit by digit.",
        "Diffusion",
        {"tab": "Proof"},
    ),
    Lesson(
        "explosion",
        "Too big a step: ringing, then explosion",
        "Play until the player stops by itself; then press the button with the largest stable α and play again.",
        "Diffusion",
        {"alpha": 2.6, "tau": 0.1, "step": 12},
    ),
    Lesson(
        "border",
        "Why a padded convolution darkens the border",
        "Outside is black, and black flows in: compare with insulated edges, where nothing is lost.",
        "Diffusion",
        {"image": "cifar10-56", "alpha": 40.0, "tau": 0.005, "edges": "zero", "step": 30},
    ),
    Lesson(
        "window",
        "A layer is a sliding window",
        "Press play: the window moves, and every value of the map is window times kernel, added up.",
        "Layers",
        {"image": "cifar10-104"},
        home=False,
    ),
    Lesson(
        "two",
        "Two linear convolutions are one",
        "Two 3×3 kernels in a row equal one 5×5, down to rounding; with a ReLU between, no kernel does the same.",
        "Layers",
        {"show": "Two in a row"},
    ),
    Lesson(
        "vanishing",
        "Why sigmoids stop deep networks from learning",
        "Scroll to the gradient after 1 to 20 layers: f′ is at most ¼, so twenty layers leave almost nothing.",
        "Layers",
        {"tab": "Activation", "f": "sigmoid"},
    ),
    Lesson(
        "number",
        "Every number is a sum that you can read",
        "Click a map, then a pixel: window, kernel and bias, added up to exactly the value shown.",
        "Feature_maps",
        {"image": "mnist-30", "layer": "conv1", "map": 2},
    ),
    Lesson(
        "attention",
        "Where the network looks",
        "The bright places speak for the answer; choose another class and see what would speak for that.",
        "Feature_maps",
        {"image": "mnist-18", "tab": "Where it looks"},
        home=False,
    ),
    Lesson(
        "minds",
        "Diffuse it first, then ask",
        "The same image after more and more steps: see at which step each network changes its mind.",
        "Classify",
        {"image": "mnist-18", "tab": "Diffuse it first"},
        home=False,
    ),
    Lesson(
        "training",
        "Train a cable network in a minute or two",
        "Press Start: accuracy climbs, Φ, Ψ and τ leave their start, and closing the page does not stop the run.",
        "Train",
        {"preset": "quick"},
    ),
)
