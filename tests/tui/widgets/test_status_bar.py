from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from conduit_tui.tui.widgets.status_bar import (
    StatusBar,
    StatusView,
    context_meter,
    money,
    status_line,
)
from tests.tui.widgets.building import OneWidget, lines

FULL = StatusView(
    mode="INSERT",
    model="claude-sonnet",
    context_tokens=12_345,
    context_window=200_000,
    cost_usd=Decimal("0.021"),
    activity="answering",
    tokens_per_second=61.2,
    hint="Ctrl+C cancel",
)


def shown(view: StatusView, width: int) -> str:
    return status_line(view, width).plain


def test_a_wide_bar_shows_everything_with_the_hints_at_the_right_edge():
    line = shown(FULL, 120)
    assert line.startswith(
        " INSERT   claude-sonnet  ▰▱▱▱▱▱ 12.3k/200k  $0.021  answering 61 tok/s  "
    )
    assert line.endswith("  Ctrl+C cancel  F1 keys  Ctrl+P all ")
    assert cell_len(line) == 120


def test_counts_give_way_to_a_hint_about_the_next_press_alone():
    again = replace(FULL, hint="Ctrl+C again quits")
    assert "again quits" not in shown(again, 80)
    line = shown(replace(again, hint_is_news=True), 80)
    assert line.endswith("  Ctrl+C again quits ")
    assert line.startswith(" INSERT   claude-sonnet  ")
    assert cell_len(line) == 80


def test_of_several_hints_those_stay_that_fit():
    three = StatusView(model="demo", hint="Enter goes there  Esc leaves  / filters")
    assert shown(three, 65).endswith("  Enter goes there  Esc leaves  / filters ")
    assert shown(three, 50).endswith("  Enter goes there  Esc leaves ")
    assert shown(three, 36).endswith("  Enter goes there ")
    assert "Enter" not in shown(three, 30)


def test_what_is_least_wanted_goes_first_as_the_bar_narrows():
    assert "F1 keys" not in shown(FULL, 90)
    assert "Ctrl+C cancel" in shown(FULL, 90)
    assert "Ctrl+C cancel" not in shown(FULL, 80)
    assert "$0.021" in shown(FULL, 80)
    assert shown(FULL, 62) == " INSERT   claude-sonnet  ▰▱▱▱▱▱ 12.3k/200k  answering 61 tok/s"
    assert shown(FULL, 45) == " INSERT   claude-sonnet  answering 61 tok/s"
    assert shown(FULL, 20) == " INSERT   claude-so…"


def test_params_stand_beside_the_model_and_go_before_the_meter():
    view = replace(FULL, params='temp 0.2 · stop "' + "x" * 60)
    assert ' claude-sonnet  temp 0.2 · stop "xxxx' in shown(view, 140)
    assert "…  ▰▱▱▱▱▱ 12.3k/200k" in shown(view, 140)
    assert shown(view, 62) == shown(FULL, 62)


def test_what_went_comes_back_where_a_longer_part_went_after_it():
    view = replace(
        FULL,
        model="anthropic/claude-sonnet-5-5",
        params='temp 0.3 · effort high · stop "END"',
        activity="",
        tokens_per_second=None,
        hint="Esc reads",
    )
    line = shown(view, 80)
    assert "temp 0.3" not in line
    assert "12.3k/200k  $0.021 " in line
    assert line.endswith(" Esc reads ")


def test_unknown_figures_leave_no_gap():
    assert shown(StatusView(mode="NORMAL", model="m"), 12) == " NORMAL   m"
    assert shown(replace(FULL, activity="", tokens_per_second=None, cost_usd=None), 44).endswith(
        "200k"
    )


def test_the_meter_says_how_full_the_context_is():
    assert context_meter(None, 1000) == ""
    assert context_meter(12_345, None) == "12.3k tok"
    assert context_meter(0, 1000) == "▱▱▱▱▱▱ 0/1k"
    assert context_meter(1, 1000) == "▰▱▱▱▱▱ 1/1k"
    assert context_meter(5_000, 1000) == "▰▰▰▰▰▰ 5k/1k"


def test_an_estimate_is_marked() -> None:
    guessed = replace(FULL, context_is_exact=False, cost_is_estimated=True)
    assert "~12.3k/200k  ~$0.021  answering" in shown(guessed, 120)
    assert context_meter(12_345, None, is_exact=False) == "~12.3k tok"
    assert "$" not in shown(guessed, 63)


def test_a_price_that_is_not_known_in_part_is_not_hidden() -> None:
    assert "  $0.021 + ?  " in shown(replace(FULL, cost_is_partial=True), 120)


@pytest.mark.parametrize(
    ("tokens", "style"),
    [(89, "$foreground-muted"), (90, "$text-warning"), (101, "bold $text-error")],
)
def test_the_meter_warns_by_its_colour_when_it_is_nearly_full(tokens: int, style: str) -> None:
    line = status_line(replace(FULL, context_tokens=tokens, context_window=100), 120)
    (span,) = (each for each in line.spans if "/100" in line.plain[each.start : each.end])
    assert span.style == style


def test_money_has_as_many_digits_as_say_something():
    amounts = ("0", "0.00042", "0.0213", "1.256")
    assert [money(Decimal(each)) for each in amounts] == ["$0", "$0.00042", "$0.021", "$1.26"]


@given(
    st.integers(0, 200),
    st.text(max_size=40),
    st.text(max_size=40),
    st.text(max_size=40),
    st.booleans(),
)
def test_no_view_overflows_any_width_or_carries_escapes(width, model, activity, hint, has_cost):
    view = StatusView(
        model=model,
        activity=activity,
        hint=hint,
        hint_is_news=has_cost,
        notice="not saved",
        context_tokens=5,
        cost_usd=Decimal(1) if has_cost else None,
    )
    line = shown(view, width)
    assert cell_len(line) <= width
    assert "\x1b" not in line
    assert "\n" not in line


async def test_the_bar_paints_what_it_is_shown():
    app = OneWidget(StatusBar())
    async with app.run_test(size=(100, 3)) as pilot:
        app.widget.show(replace(FULL, model="[bold", notice="not saved"))
        await pilot.pause()
        assert "[bold  ▰▱▱▱▱▱ 12.3k/200k  $0.021  not saved" in lines(app, app.widget)[0]


@pytest.mark.parametrize("width", [1, 5, 20])
async def test_a_tiny_bar_still_begins_with_the_mode(width):
    app = OneWidget(StatusBar())
    async with app.run_test(size=(width, 1)) as pilot:
        app.widget.show(FULL)
        await pilot.pause()
        assert lines(app, app.widget)[0].startswith(" INSERT"[: width - 1])
