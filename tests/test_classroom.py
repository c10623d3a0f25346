"""The class of `python -m benchmarks.classroom`: its clients speak Streamlit's protocol, its gauges count right."""

import asyncio
import random

import numpy as np
import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession

from benchmarks.classroom import answers, client, gauge
from benchmarks.classroom.client import Browser
from benchmarks.classroom.lesson import steps
from explorer.classroom.register import CLOSED, OPEN, Register

pytestmark = pytest.mark.slow  # a server


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_RUNS", str(folder / "runs"))
        with gauge.started(folder, gauge.split(2)[0]) as server:
            yield server.address


def test_one_student_plays_the_whole_lesson(address):
    async def lesson():
        browser, asked = Browser(address, lambda seconds: None), {}
        await browser.open()
        for _, what, call in steps(browser, random.Random(0)):
            await call()
            await browser.fetch()
            asked[what] = browser.query
        await browser.close()
        return browser.problems, asked, browser.traffic

    problems, asked, (messages, sent, received) = asyncio.run(lesson())
    assert not problems
    assert messages > 2 * len(asked) and sent > 1e3 and 3e6 < received < 2e7  # two networks, and what the pages show
    image = asked["pick an image"]
    assert "image" not in asked.pop("draw a picture")  # what is drawn has no address
    assert image.startswith("image=cifar10-") and all(image in query for query in asked.values())
    assert "step=" in asked["play and pause"] and "strokes=" in asked["paint"]
    assert "alpha=24.875" in asked["fix with the button"]
    assert "y=" in asked["explain a pixel"] and "x=" in asked["explain a pixel"]


def test_two_students_do_not_see_each_others_image(address):
    async def both():
        one, other = (Browser(address, lambda seconds: None) for _ in range(2))
        await asyncio.gather(one.open(), other.open())
        await one.report("picker.cifar10", "taken", "cifar10-56")
        await other.follow("Diffusion")
        await asyncio.gather(one.close(), other.close())
        return one.query, other.query, one.problems + other.problems

    assert asyncio.run(both()) == ("image=cifar10-56", "", [])


def test_phones_of_a_class_answer_and_see_what_they_chose(address):
    register = Register()  # of the server's runs: the variable is set while it runs

    async def vote():
        code = register.open("teacher", answers.LESSON, answers.AT, answers.OPTIONS)
        register.turn(code, "teacher", OPEN)
        phones = [Browser(address, lambda seconds: None) for _ in range(3)]
        for phone in phones:
            await phone.open(query=f"join={code}")
        await asyncio.gather(*(answers.answer(phone, 0, choice) for choice, phone in enumerate(phones)))
        register.turn(code, "teacher", CLOSED)
        await asyncio.gather(*(phone.close() for phone in phones))
        return register.look(code, "teacher").counts, [one for phone in phones for one in phone.problems]

    assert asyncio.run(vote()) == ((1, 1, 1), [])


def test_a_broken_page_is_noticed(address):
    async def lost():
        browser = Browser(address, lambda seconds: None)
        await browser.open()
        await browser.report("picker.cifar10", "taken", "cifar10-56")
        with pytest.raises(LookupError, match="nothing on the page"):
            await browser.press("nowhere")
        await browser.socket.close()
        await asyncio.gather(browser.listener, return_exceptions=True)
        return browser.problems

    assert asyncio.run(lost()) == ["disconnected"]


class Silent:
    """A socket to a server that hears and does not answer by itself."""

    async def send(self, message):
        assert message


def finished(how, *fragments) -> ForwardMsg:
    message = ForwardMsg(script_finished=how)
    message.metadata.run.fragment_ids.extend(fragments)
    return message


def asks(*what):
    """A browser whose asks have gone out, and what waits for their ends."""
    browser = Browser("http://nowhere", lambda seconds: None)
    browser.socket = Silent()
    return browser, [asyncio.create_task(browser.send(**one)) for one in what]


def test_a_timer_and_a_visitor_who_ask_for_one_fragment_are_both_answered(monkeypatch):
    monkeypatch.setattr(client, "PATIENCE", 2)

    async def both():
        browser, waiting = asks({"fragment": "f", "timer": True}, {"fragment": "f"})
        await asyncio.sleep(0)
        browser.hear(finished(ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY, "f"))
        await asyncio.gather(*waiting)
        return browser.problems

    assert asyncio.run(both()) == []


def test_a_timer_that_ticks_while_the_page_runs_does_not_hide_its_end(monkeypatch):
    monkeypatch.setattr(client, "PATIENCE", 2)

    async def page():
        browser, waiting = asks({})
        await asyncio.sleep(0)
        browser.hear(ForwardMsg(new_session=NewSession()))
        waiting.append(asyncio.create_task(browser.send(fragment="f", timer=True)))
        await asyncio.sleep(0)
        browser.hear(finished(ForwardMsg.FINISHED_SUCCESSFULLY))
        await asyncio.gather(*waiting)
        return browser.problems

    assert asyncio.run(page()) == []


@pytest.mark.parametrize("count", [1, 2, 19, 20, 21, 100])
def test_the_quantile_is_that_of_numpy(count):
    values = list(np.random.default_rng(count).random(count))
    assert gauge.quantile(values, 0.95) == np.quantile(values, 0.95, method="inverted_cdf")


def test_whoever_was_overtaken_is_counted(tmp_path):
    log = tmp_path / "gate.log"
    log.write_text(
        "".join(
            f"turn {turn} came after {wait} s\n"
            for turn, wait in [(0, 0), (2, 0.5), (1, 0.5), (3, 0.1), (7, 0.2), (4, 9.0), (5, 0), (6, 0)]
        )
    )
    found = gauge.queue(log, at_once=2)
    assert found["overtaken"] == 1 and found["inferences"] == 8 and found["that waited"] == 5
    assert found["longest wait, s"] == 9.0 and found["median wait, s"] == 0.5
