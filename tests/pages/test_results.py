"""The Results page: its figures are those of the cards and of the benchmarks' files."""

import pytest

from explorer import results, weights

TABS = ["Accuracy", "Parameters", "Curves", "Benchmarks"]


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens(open_page, tab):
    app = open_page("Results", tab=tab)
    assert not app.exception and not app.error


def test_the_accuracies_are_those_of_the_cards(open_page):
    shown = {}
    for table in open_page("Results").table:
        for name, line in table.value.iterrows():
            shown |= {card: (name, line["ours"]) for card in line["card"].split(", ")}
    for name, card in weights.cards().items():
        assert card.model in shown[name][0]
    for row in results.rows():
        assert shown[row.names[0]][1] == row.text


def test_the_counts_are_equal(open_page):
    (table,) = open_page("Results", tab="Parameters").table
    assert set(table.value[""]) == {"✓ equal"}
    assert table.value.loc["cabeq-rn-3", "ours"] == "11,181,840"
