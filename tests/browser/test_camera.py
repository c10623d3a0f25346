"""The camera in a real browser, from Chromium's own: live answers, maps, the still, its end, and why there is none."""

import re
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer import subjects
from explorer.classify.predict import predict
from explorer.ui.components.camera import still
from explorer.ui.shared.camera import INSECURE
from tests.browser.chromium import eventually, settle
from tests.browser.test_live_maps import NET, alike, outputs, truth

PAIR = ("cifar10-w16-original", NET)
TRACKS = "(camera.eye.stream?.getTracks() ?? []).map((track) => track.readyState)"
LIVE = f"Feature_maps?tab=Live&moves=You+film&model={NET}&layer=stem.conv"


def inside(page, expression: str):
    """A JavaScript expression of `camera`, what the canvas shows of the component's inside."""
    return page.locator(".camera .frame canvas").evaluate(f"({{ camera }}) => {expression}")


def start(page) -> None:
    page.get_by_role("button", name="Start the camera").click()
    eventually(page, lambda: inside(page, "camera.frames > 0"))


def open_camera(page) -> None:
    page.get_by_role("radio", name="Camera").click()
    page.get_by_role("button", name="Open the camera").click()
    page.get_by_role("button", name="Start the camera").wait_for()
    settle(page)


def held(page, of: str):
    """The picture of one moment as the server would get it; the camera goes no further."""
    inside(page, "(camera.show = () => {})")
    return still(inside(page, f"camera.png(camera.{of})"))


def test_networks_answer_and_the_still_is_the_image_of_every_page(open_page):
    page = open_page("?image=cifar10-51", app="app.py")
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(len(frame))))
    page.reload()
    settle(page)
    open_camera(page)
    eventually(
        page, lambda: inside(page, "camera.answers.networks.map(({ classes }) => classes.length).join() === '1000'")
    )
    page.get_by_role("combobox", name="Networks that know").click()
    page.get_by_role("option", name="10 things: networks of CIFAR-10").click()
    eventually(page, lambda: inside(page, "camera.answers.networks.length === 2"))
    settle(page)
    sent.clear()
    start(page)
    eventually(page, lambda: inside(page, "camera.answers.answered > 3"))
    assert sent == [], "nothing leaves the device"
    picture = held(page, "shown")
    rests = "camera.answers.queue.latest === null && !camera.answers.queue.busy"
    eventually(page, lambda: inside(page, rests))
    shares = [np.array(one) for one in inside(page, "camera.answers.shares.map((one) => [...one])")]
    for name, share in zip(PAIR, shares, strict=True):
        assert np.abs(share - predict(subjects.pretrained(name), picture).probabilities).max() < 1e-5
    inside(page, f"(globalThis.stream = camera.eye.stream, {TRACKS})")
    page.get_by_role("button", name="Freeze").click()
    page.locator(".camera").wait_for(state="detached")
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar).to_contain_text("from the camera")
    expect(sidebar).to_contain_text(f"{picture.width} × {picture.height} pixels")
    assert picture.width == picture.height and "image=" not in page.url
    assert page.evaluate("stream.getTracks().every((track) => track.readyState === 'ended')")


def test_maps_follow_the_camera_through_the_diffusion(open_page):
    page = open_page(LIVE, app="app.py")
    start(page)
    page.locator(".camera .steps input").evaluate("(e) => { e.value = 12; e.dispatchEvent(new Event('input')); }")
    eventually(page, lambda: inside(page, "camera.shown.width === 128"))
    expect(page.locator(".camera output")).to_have_text("12 steps, α 10, τ 0.010")
    picture = held(page, "shown")
    (values,) = outputs(page, inside, "camera.maps")
    alike(values, truth(NET, picture, "stem.conv"))


@pytest.mark.parametrize("leave", ["Stop", "another page"])
def test_the_camera_ends_with_its_component(open_page, leave):
    page = open_page(LIVE, app="app.py")
    start(page)
    inside(page, "(globalThis.stream = camera.eye.stream).active")
    if leave == "Stop":
        page.get_by_role("button", name="Stop", exact=True).click()
    else:
        page.get_by_test_id("stSidebar").get_by_role("link", name="Results").click()
        page.get_by_role("heading", name="Results", level=1).wait_for()
    eventually(page, lambda: page.evaluate("stream.getTracks().every((track) => track.readyState === 'ended')"))
    settle(page)


@pytest.mark.parametrize(
    ("name", "said"), [("NotAllowedError", "allow it"), ("NotFoundError", "No camera"), ("NotReadableError", "another")]
)
def test_why_it_did_not_start_is_one_sentence_and_it_can_be_tried_again(open_page, name, said):
    page = open_page(LIVE, app="app.py")
    refuse = "(name) => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', name); }; }"
    page.evaluate(refuse, name)
    page.get_by_role("button", name="Start the camera").click()
    expect(page.locator(".camera .problem")).to_contain_text(said)
    page.evaluate("() => { delete navigator.mediaDevices.getUserMedia; }")
    start(page)
    expect(page.locator(".camera .problem")).to_have_text("")


def test_a_camera_that_is_taken_away_is_said(open_page):
    page = open_page(LIVE, app="app.py")
    start(page)
    inside(page, "camera.eye.stream.getTracks()[0].dispatchEvent(new Event('ended'))")
    expect(page.locator(".camera .problem")).to_have_text("The camera was taken away: start it again.")
    start(page)


def test_plain_http_says_at_once_what_to_do(open_page):
    page = open_page(LIVE, app="app.py")
    page.context.add_init_script(
        "if (location.hash === '#plain') Object.defineProperty(window, 'isSecureContext', { value: false })"
    )
    page.goto(f"{page.url}#plain")
    page.reload()
    expect(page.locator(".camera .problem")).to_have_text(INSECURE)
    expect(page.get_by_role("button", name="Start the camera")).to_be_hidden()
    assert re.search("localhost.*sslCertFile.*Upload", INSECURE)


@contextmanager
def other_site(folder):
    """The address of a server that gives what lies in the folder: another origin than that of the app."""
    serve = partial(SimpleHTTPRequestHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("allow", ["", "camera"])
def test_a_frame_of_another_site_says_what_its_page_has_to_allow(open_page, tmp_path, allow):
    page = open_page(LIVE, app="app.py")
    frame = f'<iframe allow="{allow}" src="{page.url}" width="1200" height="800"></iframe>'
    (tmp_path / "around.html").write_text(f"<!doctype html><h1>Around</h1>{frame}")
    with other_site(tmp_path) as address:
        page.goto(f"{address}/around.html")
        inner = page.frame_locator("iframe")
        begin, problem = inner.get_by_role("button", name="Start the camera"), inner.locator(".camera .problem")
        if allow:
            begin.wait_for()
            expect(problem).to_have_text("")
        else:
            expect(problem).to_contain_text('its iframe needs allow="camera"')
            expect(begin).to_be_hidden()
            expect(inner.get_by_role("heading", name="Feature maps", level=1)).to_be_visible()  # the rest goes on
