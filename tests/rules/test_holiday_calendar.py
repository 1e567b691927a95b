from __future__ import annotations

from datetime import date

import pytest

from services.rules.holiday_calendar import holidays_of, regions_of


def test_austria_has_thirteen_with_austrian_names() -> None:
    found = holidays_of("AT", "6", [2026])
    assert len(found) == 13
    assert found[date(2026, 12, 26)] == "Stephanstag"
    assert date(2026, 4, 3) not in found  # Karfreitag is a working day


def test_bavaria_keeps_mariae_himmelfahrt_and_thuringia_works_on_fronleichnam() -> None:
    assert holidays_of("DE", "BY", [2026])[date(2026, 8, 15)] == "Mariä Himmelfahrt"
    assert date(2026, 6, 4) not in holidays_of("DE", "TH", [2026])
    assert date(2026, 11, 18) in holidays_of("DE", "SN", [2026])


def test_cantons_differ() -> None:
    assert len(holidays_of("CH", "ZH", [2026])) == 9
    assert len(holidays_of("CH", "TI", [2026])) == 15


def test_several_years_come_in_order_and_each_day_once() -> None:
    found = list(holidays_of("AT", "", [2027, 2026, 2026]))
    assert found == sorted(found)
    assert {day.year for day in found} == {2026, 2027}


@pytest.mark.parametrize(("country", "count"), [("AT", 9), ("DE", 16), ("CH", 26), ("FR", 0)])
def test_every_land_and_canton_has_a_name_and_a_calendar(country: str, count: int) -> None:
    regions = regions_of(country)
    assert len(regions) == count
    assert all(name and holidays_of(country, code, [2026]) for code, name in regions)


@pytest.mark.parametrize(("country", "region"), [("FR", ""), ("AT", "BY"), ("CH", "XX")])
def test_an_unknown_region_is_refused(country: str, region: str) -> None:
    with pytest.raises(ValueError, match="unknown region"):
        holidays_of(country, region, [2026])
