"""Ten digits as strokes, in a hundred variants a set of seeds: what a test draws on the pad.

Font, widths and seeds were fixed before a network was first asked about them. A worse score than hoped for is answered
by a better pad, tried on PRACTICE; the font and the seeds of EXAM stay.
"""

import math
import random
import re

EXAM = range(1, 11)
PRACTICE = range(101, 111)
ROTATION, SLANT, WOBBLE = 8.0, 0.18, 0.012  # at most: degrees, shear, and how far a point strays
HEIGHT, STRETCH, WIDTH = (0.5, 0.8), (0.85, 1.1), (0.08, 0.13)  # of the pad; of the width; the brush, of the height

# points in hundredths, x to the right and y down; each piece is a smooth curve through its points, pieces that meet are
# corners
FONT = {
    0: "50,5 26,20 18,50 26,80 50,95 74,80 82,50 74,20 50,5",
    1: "50,5 50,95",
    2: "22,25 32,10 52,5 72,13 76,30 62,53 42,74 22,93 / 22,93 50,93 80,93",
    3: "24,12 45,5 68,12 70,30 56,43 42,47 / 42,47 62,50 76,66 72,85 50,95 22,87",
    4: "28,5 24,28 22,50 / 22,50 78,50 / 72,5 70,50 68,95",
    5: "74,7 30,7 / 30,7 27,42 / 27,42 48,37 70,46 77,66 66,87 45,95 22,87",
    6: "66,6 42,20 27,45 24,70 34,90 54,95 72,85 74,66 60,53 42,56 27,70",
    7: "20,8 78,8 / 78,8 60,40 48,70 42,95",
    8: "70,18 50,5 30,16 34,36 52,48 70,62 72,83 50,95 29,83 32,62 50,48 67,35 70,18",
    9: "72,20 52,5 30,14 25,33 36,48 55,45 72,20 / 72,20 70,55 64,95",
}

POINT = re.compile(r"(\d+),(\d+)")


def strokes(digit: int, seed: int) -> tuple[list[list[tuple[float, float]]], float]:
    """The digit's polylines and the width of the brush, all in shares of the pad's side."""
    pieces = [[(int(x) / 100, int(y) / 100) for x, y in POINT.findall(piece)] for piece in FONT[digit].split("/")]
    chance = random.Random(1000 * digit + seed)
    turn, slant = math.radians(chance.uniform(-ROTATION, ROTATION)), chance.uniform(-SLANT, SLANT)
    height, stretch = chance.uniform(*HEIGHT), chance.uniform(*STRETCH)
    width = height * chance.uniform(*WIDTH)
    room = (1 - height) / 4
    middle = [0.5 + chance.uniform(-room, room) for _ in range(2)]

    def place(x: float, y: float) -> tuple[float, float]:
        x, y = x - 0.5, y - 0.5
        x = (x - slant * y) * stretch
        x, y = x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)
        return middle[0] + height * x, middle[1] + height * y

    stray = {}  # a corner strays once, or its pieces would come apart
    for point in (point for piece in pieces for point in piece):
        stray.setdefault(
            point, (point[0] + chance.uniform(-WOBBLE, WOBBLE), point[1] + chance.uniform(-WOBBLE, WOBBLE))
        )
    return [[place(*point) for point in _curve([stray[point] for point in piece])] for piece in pieces], width


def _curve(points: list[tuple[float, float]], fine: int = 8) -> list[tuple[float, float]]:
    """Catmull and Rom's curve through the points; two points are a line."""
    ends = [points[0], *points, points[-1]]
    curve = [points[0]]
    for before, start, end, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for t in (step / fine for step in range(1, fine + 1)):
            x, y = (
                0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t**2 + (3 * q - p - 3 * r + s) * t**3)
                for p, q, r, s in zip(before, start, end, after, strict=True)
            )
            curve.append((x, y))
    return curve
