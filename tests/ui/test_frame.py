"""The one place for errors."""

import json
import logging

import pytest
from streamlit.testing.v1 import AppTest


def mistake():
    import streamlit as st

    from explorer.errors import ExplorerError
    from explorer.ui.shared.frame import Frame

    with Frame.guard():
        raise ExplorerError("alpha is -1: give a number of 0 or more")
    st.write("the rest goes on")


def bug():
    import streamlit as st

    from explorer.ui.shared.frame import Frame

    with Frame.guard():
        raise RuntimeError("the password is 1234")
    st.write("the rest goes on")


def stop():
    import streamlit as st

    from explorer.ui.shared.frame import Frame

    with Frame.guard():
        st.stop()
    st.write("never reached")


def test_a_mistake_is_one_sentence():
    app = AppTest.from_function(mistake).run()
    assert [error.value for error in app.error] == ["Alpha is -1: give a number of 0 or more."]
    assert app.markdown[0].value == "the rest goes on"


def test_a_bug_is_logged_under_the_id_that_the_page_shows(caplog):
    with caplog.at_level(logging.ERROR, logger="explorer"):
        app = AppTest.from_function(bug).run()
    (record,) = caplog.records
    short = record.args[0]
    assert short in app.error[0].value and "1234" not in app.error[0].value
    assert record.exc_info[0] is RuntimeError
    assert app.markdown[0].value == "the rest goes on"


def test_streamlits_own_ways_out_pass_through():
    app = AppTest.from_function(stop).run()
    assert not app.error and not app.markdown


def chart():
    import plotly.graph_objects as go
    import streamlit as st

    from explorer.figures.theme import style
    from explorer.ui.shared.frame import Frame

    with Frame.guard():
        st.plotly_chart(style(go.Figure(), height=320))


@pytest.mark.parametrize(("present", "height"), [(None, 320), ("0", 320), ("1", 420)])
def test_a_chart_grows_with_the_words_of_a_projector(present, height):
    app = AppTest.from_function(chart)
    if present:
        app.query_params["present"] = present
    (drawn,) = app.run().get("plotly_chart")
    assert json.loads(drawn.proto.spec)["layout"]["height"] == height
