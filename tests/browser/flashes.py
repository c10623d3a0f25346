"""General flashes as WCAG 2.3.1 counts them: pairs of opposing changes of relative luminance by a tenth or more, the
darker of the two below 0.8; allowed are three in a second, in a quarter of what is looked at."""

import numpy as np

MOST, AREA = 3, 0.25
CHANGE, DARK = 0.1, 0.8


def flashing(luminance: np.ndarray, times: np.ndarray) -> float:
    """The share of pixels that flash more than three times in some second; frames (N, pixels), their seconds (N,)."""
    return float(np.mean([_most(pixel, times) > MOST for pixel in luminance.T]))


def _most(values: np.ndarray, times: np.ndarray) -> float:
    low = high = values[0]
    way, turns = 0, []
    for value, time in zip(values, times, strict=True):
        if way <= 0 and value - low >= CHANGE and low < DARK:
            way, low, high = 1, value, value
            turns.append(time)
        elif way >= 0 and high - value >= CHANGE and value < DARK:
            way, low, high = -1, value, value
            turns.append(time)
        else:
            low, high = min(low, value), max(high, value)
    at = np.array(turns)
    return max((((at >= begin) & (at < begin + 1)).sum() for begin in turns), default=0) / 2
