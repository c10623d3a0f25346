"""A browser session without a browser: what Streamlit's own page sends and keeps, over the same websocket.

It carries the XSRF cookie, sends the widgets that were touched, keeps messages that the server may refer to again,
follows st.rerun and page links, runs the timers of fragments, and fetches every picture that it is told of.
"""

import asyncio
import json
import time
import urllib.request
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

COOKIE, PATIENCE = "_streamlit_xsrf", 120.0
BROKEN = ("Something broke", "An uncaught app exception", "Uh oh")


@dataclass
class Shown:
    """One element on the page."""

    element: Any  # its protobuf
    run: str  # the script run that drew it
    fragment: str


@dataclass
class Browser:
    address: str  # http://127.0.0.1:8501
    note: Callable[[float], None]  # is told how long a fragment's timer waited for its answer
    shown: dict[tuple, Shown] = field(default_factory=dict)
    touched: dict[str, WidgetState] = field(default_factory=dict)
    known: dict[str, ForwardMsg] = field(default_factory=dict)
    fetched: set[str] = field(default_factory=set)
    timers: dict[str, asyncio.Task] = field(default_factory=dict)
    asked: dict[str, list[asyncio.Future]] = field(default_factory=dict)  # fragment, or "" for the page -> their ends
    problems: list[str] = field(default_factory=list)
    page = query = run = ""
    started = False
    messages = sent = received = 0  # over the websocket, both ways together, and their bytes
    socket: ClientConnection = field(init=False)  # from `open` on

    async def open(self, path: str = "", query: str = "") -> None:
        """Connects, as a browser does that opens an address, and waits for the first page."""
        head = await asyncio.to_thread(_cookie, self.address)
        cookie = head.split(";")[0]
        token = cookie.partition("=")[2]
        self.socket = await connect(
            self.address.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=[Subprotocol("streamlit"), Subprotocol(token)],
            origin=Origin(self.address),
            additional_headers={"Cookie": cookie},
            max_size=None,
            ping_timeout=PATIENCE,
        )
        self.listener = asyncio.create_task(self.listen())
        await self.send(query=query, path=path)

    async def close(self) -> None:
        self.stop_timers()
        self.listener.cancel()
        with suppress(asyncio.CancelledError):
            await self.listener
        await self.socket.close()

    @property
    def traffic(self) -> tuple[int, int, int]:
        return self.messages, self.sent, self.received

    # What a visitor does

    async def press(self, key: str) -> None:
        await self.touch(key, trigger_value=True)

    async def fill(self, key: str, value: object) -> None:
        """Another value of a widget, in the form that its kind has."""
        kind, element = self.find(key)
        if kind == "number_input":
            form = {"int_value" if element.data_type == 0 else "double_value": value}
        elif kind == "button_group":
            form = {"string_array_value": {"data": [value]}}
        elif kind == "checkbox":
            form = {"bool_value": value}
        else:
            form = {"string_value": value}
        await self.touch(key, **form)

    async def report(self, key: str, event: str, value: object) -> None:
        """What a component of ours says when one chooses in it."""
        _, element = self.find(key)
        trigger = f"$$STREAMLIT_INTERNAL_KEY_{element.id}__events"
        text = json.dumps([{"event": event, "value": value}])
        await self.send([WidgetState(id=trigger, json_trigger_value=text)])

    async def follow(self, page: str) -> None:
        """The page's link in the navigation; `page` as in the URL."""
        links = [one.element.page_link for one in self.shown.values() if _kind(one.element) == "page_link"]
        link = next(link for link in links if link.page == page)
        self.shown.clear()
        self.touched.clear()
        self.page = link.page_script_hash
        await self.send(query=link.query_string)

    async def touch(self, key: str, **form: Any) -> None:
        _, element = self.find(key)
        state = WidgetState(id=element.id, **form)
        lasting = "trigger_value" not in form
        if lasting:
            self.touched[element.id] = state
        fragment = next(one.fragment for one in self.shown.values() if _identity(one.element) == element.id)
        await self.send([] if lasting else [state], fragment=fragment)

    def find(self, key: str) -> tuple[str, Any]:
        """(kind, protobuf) of the element that Python knows under this key."""
        for one in self.shown.values():
            if _identity(one.element).endswith(f"-{key}"):
                return _kind(one.element), _content(one.element)
        raise LookupError(f"nothing on the page has the key {key!r}")

    # The protocol

    async def send(self, once: Iterable[WidgetState] = (), *, query=None, path="", fragment="", timer=False) -> None:
        """Asks for a run and waits until it has ended."""
        message = BackMsg()
        ask = message.rerun_script
        ask.query_string = self.query if query is None else query
        self.query = ask.query_string
        ask.page_script_hash, ask.page_name = self.page, path
        ask.fragment_id, ask.is_auto_rerun = fragment, timer
        ask.widget_states.widgets.extend([*self.touched.values(), *once])
        ask.cached_message_hashes.extend(self.known)
        ask.context_info.url, ask.context_info.locale = f"{self.address}/{path}", "en-US"
        ask.context_info.timezone, ask.context_info.color_scheme = "UTC", "light"
        end = asyncio.get_running_loop().create_future()
        self.asked.setdefault(fragment, []).append(end)  # a timer and a visitor may ask for one at the same time
        self.started = self.started and bool(fragment)  # a timer that ticks while the page runs leaves that run alone
        data = message.SerializeToString()
        self.messages, self.sent = self.messages + 1, self.sent + len(data)
        await self.socket.send(data)
        try:
            await asyncio.wait_for(end, PATIENCE)
        except TimeoutError:
            self.problems.append(f"no answer within {PATIENCE:.0f} s")

    async def listen(self) -> None:
        try:
            async for data in self.socket:
                assert isinstance(data, bytes)  # Streamlit sends no text
                self.messages, self.received = self.messages + 1, self.received + len(data)
                self.hear(ForwardMsg.FromString(data))
            self.problems.append("disconnected")
        except Exception as error:
            self.problems.append(f"{type(error).__name__}: {error}")
            raise

    def hear(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            path, message = message.metadata, ForwardMsg.FromString(self.known[message.ref_hash].SerializeToString())
            message.metadata.CopyFrom(path)
            kind = "delta"
        elif message.metadata.cacheable:
            self.known[message.hash] = message
        if handle := getattr(self, f"on_{kind}", None):
            handle(message)

    def on_new_session(self, message: ForwardMsg) -> None:
        self.run = message.metadata.run.script_run_id
        if not message.metadata.run.fragment_ids:
            self.started = True
            self.stop_timers()

    def on_navigation(self, message: ForwardMsg) -> None:
        self.page = message.navigation.page_script_hash

    def on_page_info_changed(self, message: ForwardMsg) -> None:
        self.query = message.page_info_changed.query_string

    def on_delta(self, message: ForwardMsg) -> None:
        delta, path = message.delta, tuple(message.metadata.delta_path)
        kind = delta.WhichOneof("type")
        if kind == "new_transient":
            return
        element = delta.new_element if kind == "new_element" else delta.add_block
        self.shown[path] = Shown(element, self.run, delta.fragment_id)
        content = _content(element)
        if getattr(content, "set_value", False):  # Python has moved it: its value is no longer the visitor's
            self.touched.pop(content.id, None)
        if kind == "add_block":
            return
        if _kind(element) == "exception":
            self.problems.append(f"{content.type}: {content.message}")
        elif _kind(element) == "alert" and content.body.startswith(BROKEN):
            self.problems.append(content.body)

    def on_script_finished(self, message: ForwardMsg) -> None:
        whole = message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        part = message.script_finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
        if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.problems.append("the page did not compile")
        if not ((whole and self.started) or part):
            return
        parts = list(message.metadata.run.fragment_ids)
        old = [path for path, one in self.shown.items() if one.run != self.run and (whole or one.fragment in parts)]
        for path in old:
            del self.shown[path]
        for asked in parts if part else list(self.asked):  # a run of the page does what its fragments wanted
            for end in self.asked.pop(asked, []):
                if not end.done():
                    end.set_result(None)

    def on_auto_rerun(self, message: ForwardMsg) -> None:
        again = message.auto_rerun
        if again.fragment_id not in self.timers:
            self.timers[again.fragment_id] = asyncio.create_task(self.tick(again.fragment_id, again.interval))

    def on_stop_auto_rerun(self, message: ForwardMsg) -> None:
        for fragment in message.stop_auto_rerun.fragment_ids:
            if timer := self.timers.pop(fragment, None):
                timer.cancel()

    async def tick(self, fragment: str, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            begin = time.perf_counter()
            await self.send(fragment=fragment, timer=True)
            self.note(time.perf_counter() - begin)

    def stop_timers(self) -> None:
        for timer in self.timers.values():
            timer.cancel()
        self.timers.clear()

    def pictures(self) -> set[str]:
        """The addresses of all pictures on the page."""
        images = [_content(one.element).imgs for one in self.shown.values() if _kind(one.element) == "imgs"]
        return {image.url for row in images for image in row if not image.url.startswith("data:")}

    async def fetch(self) -> None:
        """Fetches the pictures that the page did not have before."""
        new = self.pictures() - self.fetched
        for url in new:
            try:
                await asyncio.to_thread(_fetch, self.address + url)
            except OSError as error:
                if url in self.pictures():  # else a timer has drawn the page anew meanwhile
                    self.problems.append(f"{url}: {error}")
        self.fetched = (self.fetched & self.pictures()) | new


def _cookie(address: str) -> str:
    with urllib.request.urlopen(f"{address}/_stcore/health", timeout=PATIENCE) as answer:
        return next(line for line in answer.headers.get_all("Set-Cookie") if line.startswith(COOKIE))


def _fetch(url: str) -> None:
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        answer.read()


def _kind(element: Any) -> str:
    return element.WhichOneof("type") or ""


def _content(element: object) -> Any:
    return getattr(element, kind) if (kind := _kind(element)) else element


def _identity(element: object) -> str:
    return getattr(_content(element), "id", "")
