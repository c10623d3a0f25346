"""A class answers: so many phones choose within five seconds, and one server process keeps every answer.

    python -m benchmarks.classroom.answers --students 100

Each phone is a client that speaks Streamlit's own protocol (client.py) and asks every three seconds besides, as
the page does. An answer's time ends when the phone shows it as chosen. The server has two cores, the phones the others.
Bounds: no answer lost, no error, 95 % of the answers within 1 s.
"""

import asyncio
import os
import random
import sys
import time

from benchmarks.classroom import gauge
from benchmarks.classroom.client import Browser
from benchmarks.common import FULL, exit_code, measurement, positive, report
from explorer.classroom.register import CLOSED, OPEN, Register

STUDENTS, WITHIN, SECONDS = 100, 5.0, 1.0
LESSON, AT, OPTIONS = "dendrite-to-network", 4, 3
TEACHER = "benchmark"


def main() -> int:
    options = measurement("classroom.answers", __doc__)
    options.add_argument("--students", type=positive, default=STUDENTS, help=FULL)
    options.add_argument("--cores", type=positive, default=2, help="of the server")
    options = options.parse_args()
    with gauge.at_work(options.cores) as (server, cores, others):
        return asyncio.run(question(server, options, cores == others))


async def question(server: gauge.Server, options, shared: bool) -> int:
    register = Register()
    code = register.open(TEACHER, LESSON, AT, OPTIONS)
    polls: list[float] = []
    phones = [Browser(server.address, polls.append) for _ in range(options.students)]
    begin = time.perf_counter()
    for phone in phones:  # they come one after the other, as through a door
        await phone.open(query=f"join={code}")
    joined = time.perf_counter() - begin
    register.turn(code, TEACHER, OPEN)
    draw = random.Random(0)
    await asyncio.sleep(4)  # until each has asked once more, and may answer
    polls.clear()
    answers = [answer(phone, draw.uniform(0, WITHIN), place % OPTIONS) for place, phone in enumerate(phones)]
    done = await asyncio.gather(*answers, return_exceptions=True)
    register.turn(code, TEACHER, CLOSED)
    kept = sum(register.look(code, TEACHER).counts)
    problems = [problem for phone in phones for problem in phone.problems] + server.faults()
    problems += [f"{type(one).__name__}: {one}" for one in done if isinstance(one, BaseException)]
    await asyncio.gather(*(phone.close() for phone in phones), return_exceptions=True)
    for problem in problems[:10]:
        print(f"  error: {problem:.300}")
    seconds = [one for one in done if isinstance(one, float)]
    lost, slow = options.students - kept, gauge.quantile(seconds, 0.95)
    rows = [row("answer", seconds), row("ask again", polls)]
    facts = {"students": options.students, "within, s": WITHIN, "all joined after, s": round(joined, 1)}
    facts |= {"cores shared with the phones": shared, "errors": len(problems), "load": round(os.getloadavg()[0], 1)}
    figure = (
        f"{options.students} students answer within {WITHIN:g} s: {lost} lost (bound: 0), p95 {slow:.2f} s "
        f"(bound: {SECONDS:g}), {len(problems)} errors"
    )
    good = not lost and not problems and slow < SECONDS
    whole = options.students >= STUDENTS
    return report("classroom.answers", rows, figure, good, record=options.record, facts=facts, whole=whole)


async def answer(phone: Browser, after: float, choice: int) -> float:
    """The seconds from a press until the phone shows what was chosen."""
    await asyncio.sleep(after)
    begin = time.perf_counter()
    key = f"class.answer.{LESSON}.{AT}.{choice}"
    while True:
        await phone.press(key)
        if phone.find(key)[1].type == "primary":
            return time.perf_counter() - begin
        await asyncio.sleep(0.05)  # it answers where the press came before the question was seen to be open


def row(what: str, seconds: list[float]) -> dict:
    return {"what": what, **(gauge.spread(seconds) if seconds else {"times": 0})}


if __name__ == "__main__":
    sys.exit(exit_code(main))
