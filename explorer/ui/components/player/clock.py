"""One clock for a page: the step at which the player rests and the strokes on the way to it are those of the page."""

from dataclasses import astuple, dataclass

import streamlit as st

from explorer.diffusion.steps import MOST_STEPS
from explorer.diffusion.strokes import parse, read, text
from explorer.errors import ExplorerError


@dataclass(frozen=True)
class Clock:
    """Names of st.session_state and of the URL: what the player comes to is written there, and gone to from there."""

    step: str
    strokes: str

    @property
    def _shared(self) -> str:
        return f"player.{self.step}.shared"

    def moment(self) -> dict | None:
        """The page's step and strokes, once someone has chosen one: until then the tabs look ahead and the player
        waits at 0."""
        if {self.step, self.strokes} & set(st.query_params):
            st.session_state[self._shared] = True
        held = st.session_state.get(self.step, st.query_params.get(self.step))
        if not st.session_state.get(self._shared) or not str(held).isdecimal():
            return None
        strokes = parse(st.session_state.get(self.strokes, ""))
        return {"step": min(int(held), MOST_STEPS), "strokes": [astuple(stroke) for stroke in strokes]}

    def hear(self, sent: object) -> None:
        """Keep what the player sent; it may have sent anything."""
        step, strokes = (sent.get("step"), sent.get("strokes")) if isinstance(sent, dict) else (None, None)
        if not isinstance(step, int) or isinstance(step, bool) or not isinstance(strokes, list):
            return
        try:
            st.session_state[self.strokes] = text(read(strokes))
        except ExplorerError:
            return
        st.session_state[self.step] = min(max(step, 0), MOST_STEPS)
        st.session_state[self._shared] = True
