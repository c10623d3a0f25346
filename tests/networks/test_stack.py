"""Stacks against torch (shapes, parameters, operations, receptive fields), the papers' tables, and hostile input."""

import contextlib
import io
import json
import random
import zlib
from base64 import urlsafe_b64encode

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from explorer import papers
from explorer.errors import ExplorerError
from explorer.networks import zoo
from explorer.networks.stack import KINDS, PRESETS, from_link, parse

CONV, ACT, FLAT, DENSE = {"kind": "conv"}, {"kind": "activation"}, {"kind": "flatten"}, {"kind": "dense"}


def random_rows(draw: random.Random) -> list[dict]:
    rows = []
    for _ in range(draw.randint(1, 5)):
        kind = draw.choice(["conv", "conv", "activation", "maxpool", "avgpool", "batchnorm", "dropout"])
        if kind == "conv":
            rows.append(
                {
                    "kind": kind,
                    "channels": draw.randint(1, 6),
                    "kernel": draw.randint(1, 5),
                    "stride": draw.randint(1, 3),
                    "padding": draw.randint(0, 4),
                    "dilation": draw.randint(1, 3),
                    "bias": draw.random() < 0.5,
                }
            )
        elif kind in ("maxpool", "avgpool"):
            kernel = draw.randint(1, 4)
            rows.append(
                {"kind": kind, "kernel": kernel, "stride": draw.randint(1, 3), "padding": draw.randint(0, kernel // 2)}
            )
        elif kind == "activation":
            rows.append({"kind": kind, "function": draw.choice(["relu", "prelu", "softmax", "elu", "rrelu"])})
        else:
            rows.append({"kind": kind})
    return rows + draw.choice([[], [FLAT, DENSE], [FLAT, {"kind": "batchnorm"}, {"kind": "dense", "bias": False}]])


@pytest.mark.parametrize("seed", range(40))
def test_every_shape_and_count_is_what_torch_makes_of_it(seed):
    draw = random.Random(seed)
    stack, shape = parse(random_rows(draw)), (draw.randint(1, 3), draw.randint(9, 30), draw.randint(9, 30))
    try:
        planned = stack.plan(shape)
    except ExplorerError as error:
        assert "does not fit" in str(error)
        return
    x, network = torch.randn(1, *shape), stack.build(shape)
    assert list(dict(network.named_children())) == [layer.name for layer in planned]
    for layer, module in zip(planned, network, strict=True):
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            assert tuple(x.shape[1:]) == layer.before
            x = module(x)
        assert tuple(x.shape[1:]) == layer.shape
        assert sum(p.numel() for p in module.parameters()) == layer.parameters
        if layer.row.kind in ("conv", "dense"):
            assert counter.get_total_flops() == layer.flops


@pytest.mark.parametrize("seed", range(25))
def test_the_receptive_field_is_where_the_gradient_of_one_output_reaches(seed):
    draw = random.Random(seed)
    rows = [
        {
            "kind": "conv",
            "channels": 1,
            "kernel": draw.randint(1, 4),
            "stride": draw.randint(1, 2),
            "dilation": draw.randint(1, 3),
        }
        if draw.random() < 0.6
        else {"kind": "avgpool", "kernel": draw.randint(1, 3), "stride": draw.randint(1, 3)}
        for _ in range(3)
    ]
    stack, shape = parse(rows), (1, 97, 97)
    x = torch.rand(1, *shape, requires_grad=True)
    y = stack.build(shape, seed=seed)(x)
    middle = y.shape[-1] // 2
    (first,) = torch.autograd.grad(y[0, 0, middle, middle], x, retain_graph=True)
    (second,) = torch.autograd.grad(y[0, 0, middle + 1, middle], x)
    rows_seen, last = first[0, 0].any(dim=1).nonzero().ravel(), stack.plan(shape)[-1]
    assert rows_seen.max() - rows_seen.min() + 1 == last.field
    assert second[0, 0].any(dim=1).nonzero().min() - rows_seen.min() == last.jump


def test_a_dense_layer_sees_everything_and_unreached_edges_are_counted():
    planned = parse([{"kind": "maxpool"}, {"kind": "conv", "kernel": 2, "stride": 3}, FLAT, DENSE]).plan((1, 15, 10))
    assert planned[0].rest == (1, 0) and planned[1].shape == (8, 2, 2) and planned[1].rest == (2, 0)
    assert [layer.field for layer in planned] == [2, 4, 4, None]


def test_001_example_1():
    layer = parse([{"kind": "conv", "channels": 2, "kernel": 3}]).plan((1, 5, 5))[0]
    assert layer.shape == (2, 3, 3)


def test_the_dense_network_of_004_has_its_weights_and_110_biases():
    planned = PRESETS["dense"].plan()
    assert [one.parameters for one in planned if one.parameters] == [78_400 + 100, 1_000 + 10]
    assert f"{sum(one.parameters for one in planned) - 110:,}" == papers.SAID["dense weights"]


def test_the_summary_of_001():
    network = PRESETS["notebook"]
    learned = {one.name: (one.shape, one.parameters) for one in network.plan() if "relu" not in one.name}
    assert learned == {
        "conv_1": ((8, 28, 28), 80),
        "conv_2": ((8, 28, 28), 584),
        "maxpool_1": ((8, 14, 14), 0),
        "conv_3": ((16, 12, 12), 1168),
        "conv_4": ((16, 10, 10), 2320),
        "conv_5": ((16, 8, 8), 2320),
        "maxpool_2": ((16, 4, 4), 0),
        "flatten_1": ((256,), 0),
        "dense_1": ((128,), 32896),
        "dense_2": ((128,), 16512),
        "dense_3": ((10,), 1290),
        "softmax_1": ((10,), 0),
    }
    assert sum(one.parameters for one in network.plan()) == 57_170


def test_the_table_of_003():
    planned = PRESETS["alexnet"].plan()
    maps = [one.shape for one in planned if one.row.kind in ("conv", "maxpool")]
    assert maps == [
        (96, 55, 55),
        (96, 27, 27),
        (256, 27, 27),
        (256, 13, 13),
        (384, 13, 13),
        (384, 13, 13),
        (256, 13, 13),
        (256, 6, 6),
    ]
    counts = [one.parameters for one in planned if one.parameters]
    assert counts == [34944, 614656, 885120, 1327488, 884992, 37752832, 16781312, 4097000]
    assert sum(counts) == 62_378_344


@pytest.mark.parametrize(
    ("key", "name", "size", "channels"),
    [
        ("notebook", "notebook-cnn", 28, 1),
        ("digits", "digits-cnn", 8, 1),
        ("lenet", "lenet", 28, 1),
        ("survey-cnn", "survey-cnn", 28, 1),
        ("cnn", "cnn", 28, 1),
        ("cnn-colour", "cnn", 32, 3),
    ],
)
def test_a_preset_has_the_parameters_of_the_zoos_network(key, name, size, channels):
    ours = [tuple(p.shape) for p in PRESETS[key].build().parameters()]
    theirs = [tuple(p.shape) for p in zoo.build(name, size=size, channels=channels).parameters()]
    assert ours == theirs


@pytest.mark.parametrize("key", PRESETS)
def test_presets_survive_json_and_links_and_can_be_planned(key):
    stack = PRESETS[key]
    assert parse(stack.json()) == stack == from_link(stack.link())
    assert stack.plan()


@pytest.mark.parametrize("key", [key for key in PRESETS if key != "alexnet"])
def test_exported_code_runs_and_builds_the_same_network(key):
    stack, said, space = PRESETS[key], io.StringIO(), {}
    with contextlib.redirect_stdout(said), torch.random.fork_rng():
        exec(stack.code(seed=7), space)
    assert str(sum(layer.parameters for layer in stack.plan())) in said.getvalue()
    ours, theirs = stack.build(seed=7), space["model"]
    assert list(ours.state_dict()) == list(theirs.state_dict())
    x = torch.randn(2, *stack.input)
    assert torch.equal(ours(x), theirs(x))


def test_code_of_every_setting_runs():
    rows = [{"kind": "conv", "stride": 2, "padding": 3, "dilation": 2, "bias": False}, {"kind": "batchnorm"},
            {"kind": "activation", "function": "rrelu", "upper": 0.5}, {"kind": "avgpool", "padding": 1},
            {"kind": "activation", "function": "leaky_relu", "negative_slope": 0.2},
            {"kind": "activation", "function": "softmax"}, {"kind": "maxpool", "kernel": 3, "stride": 1},
            {"kind": "dropout", "p": 0.1}, FLAT, {"kind": "batchnorm"}, {"kind": "dense", "bias": False}]  # fmt: skip
    stack, space = parse({"rows": rows, "name": 'a """quoted""" \\ name', "input": [2, 21, 17]}), {}
    with contextlib.redirect_stdout(io.StringIO()), torch.random.fork_rng():
        exec(stack.code(), space)
    x = torch.randn(3, 2, 21, 17)
    assert torch.equal(stack.build()(x), space["model"](x))


def test_building_leaves_torchs_own_random_numbers_alone():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    PRESETS["lenet"].build()
    assert torch.equal(torch.rand(3), expected)


def test_for_training_drops_the_softmax_and_says_what_is_missing():
    ready = PRESETS["notebook"].for_training((1, 28, 28), 10)
    assert ready.rows == PRESETS["notebook"].rows[:-1]
    with pytest.raises(ExplorerError, match="dense row of 7 units"):
        PRESETS["notebook"].for_training((1, 28, 28), 7)
    with pytest.raises(ExplorerError, match="flatten and a dense row"):
        parse([CONV]).for_training((1, 28, 28), 8)
    with pytest.raises(ExplorerError, match="no parameters"):
        parse([FLAT]).for_training((1, 2, 5), 10)
    with pytest.raises(ExplorerError, match="ends in nothing"):
        parse([]).for_training((1, 2, 5), 10)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([CONV, FLAT, CONV], r"row 3 \(conv\): its input is a vector of 5408"),
        ([DENSE], r"row 1 \(dense\): its input is 1 × 28 × 28 maps: put a flatten row"),
        ([{"kind": "maxpool"}] * 5, r"row 5 \(maxpool\): a window that spans 2 .* does not fit into 1 × 1"),
        ([{"kind": "conv", "kernel": 5, "dilation": 9}], "spans 37 .* padding of 5 or more"),
        ([{"kind": "maxpool", "padding": 2}], r"padding is 2: give at most half of the window, 1"),
        ([{"kind": "conv", "channels": 4096, "kernel": 1, "padding": 64}, ACT], r"row 2 .* 512 MB"),
        ([FLAT, {"kind": "dense", "units": 16384}, {"kind": "dense", "units": 16384}], r"row 3 .*parameters"),
        ([{"kind": "conv", "channels": 200, "padding": 1}, {"kind": "conv", "channels": 398, "kernel": 29,
          "padding": 14}], "row 2 .*billion"),
    ],
)  # fmt: skip
def test_an_impossible_row_is_named_with_its_reason(rows, said):
    with pytest.raises(ExplorerError, match=said):
        parse(rows).plan((1, 28, 28))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("[", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        ("[" * 60000, "nested too deeply|not JSON"),
        ("[" + "1," * 40000 + "1]", "characters"),
        ('{"rows": {}}', "no list of rows"),
        ("3", "no list of rows"),
        ("null", "no list of rows"),
        ('["conv"]', "row 1 is 'conv'"),
        ('[{"kind": ["conv"]}]', "kind"),
        ('[{"kind": "convolution"}]', "unknown"),
        ('[{"kind": "conv", "channels": NaN}]', "row 1 .*channels"),
        ('[{"kind": "conv", "channels": Infinity}]', "channels"),
        ('[{"kind": "conv", "channels": 1e400}]', "channels"),
        ('[{"kind": "conv", "channels": true}]', "channels is True"),
        ('[{"kind": "conv", "channels": 2.5}]', "whole number"),
        ('[{"kind": "conv", "channels": "8"}]', "channels"),
        ('[{"kind": "conv", "channels": null}]', "channels"),
        ('[{"kind": "conv", "channels": [8]}]', "channels"),
        ('[{"kind": "conv", "channels": 0}]', "from 1 to 4096"),
        ('[{"kind": "conv", "stride": -1}]', "stride"),
        ('[{"kind": "conv", "bias": 1}]', "true or false"),
        ('[{"kind": "conv", "padding_mode": "x"}]', "no setting"),
        ('[{"kind": "conv", "channels": ' + "9" * 4000 + "}]", "channels"),
        ('[{"kind": "conv", "channels": ' + "9" * 5000 + "}]", "not JSON"),
        ('[{"kind": "dropout", "p": 1}]', "p is 1"),
        ('[{"kind": "activation", "function": "__import__"}]', "row 1 .*unknown"),
        ('[{"kind": "activation", "function": "elu", "alpha": NaN}]', "row 1 .*alpha"),
        ('{"rows": [], "input": [3, 32]}', "not a shape"),
        ('{"rows": [], "input": [3, 32, 99999]}', "not a shape"),
        ('{"rows": [], "input": [true, 32, 32]}', "not a shape"),
        ('{"rows": [], "name": 7}', "name"),
        ('{"rows": [], "name": "a\\nb"}', "name"),
        (json.dumps([{"kind": "flatten"}] * 41), "41 rows: use at most 40"),
    ],
)
def test_hostile_json_is_refused_with_a_reason(text, said):
    with pytest.raises(ExplorerError, match=said):
        parse(text)


@pytest.mark.parametrize(
    "letters",
    ["", "%%%", "AAAA", "é", PRESETS["lenet"].link()[:-9], urlsafe_b64encode(zlib.compress(b" " * 10**8, 9)).decode()],
)
def test_a_broken_link_is_refused(letters):
    with pytest.raises(ExplorerError, match="link"):
        from_link(letters)


def test_defaults_fill_in_and_whole_floats_become_numbers():
    stack = parse([{"kind": "conv", "channels": 4.0}])
    assert stack.rows[0].plain() == {
        "kind": "conv",
        "channels": 4,
        "kernel": 3,
        "stride": 1,
        "padding": 0,
        "dilation": 1,
        "bias": True,
    }
    for kind in KINDS:
        assert parse([{"kind": kind}]).rows[0].kind == kind


def test_003s_figures_and_its_inputs():
    flat, wide = PRESETS["inputs"].plan()
    assert f"{flat.shape[0]:,}" == papers.SAID["inputs"].replace(" ", ",") and wide.parameters == 10 * 150_528 + 10
    kinds = [row.kind for row in PRESETS["figure-9"].rows if row.kind != "activation"]
    assert kinds == ["conv", "conv", "maxpool", "conv", "maxpool", "flatten", "dense"]
    assert [row.kind for row in PRESETS["figure-10"].rows].count("dense") == 3
