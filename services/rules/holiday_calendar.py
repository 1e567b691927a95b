"""Public holidays of Austria, Germany and Switzerland by Land or canton, offline, with German names.

The owner's closures come on top: local customs (Berchtoldstag in Zürich, half days) are entered there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays

# In Bavaria Mariä Himmelfahrt is a public holiday wherever more Catholics than Protestants live (Art. 1 FTG), which is
# most places; in Saxony and Thuringia Fronleichnam is one in a few villages only, so it is left to the closures there.
_CATEGORIES = {("DE", "BY"): ("public", "catholic"), ("DE", "Augsburg"): ("public", "catholic")}

_REGIONS: dict[str, dict[str, str]] = {
    "AT": {
        "1": "Burgenland",
        "2": "Kärnten",
        "3": "Niederösterreich",
        "4": "Oberösterreich",
        "5": "Salzburg",
        "6": "Steiermark",
        "7": "Tirol",
        "8": "Vorarlberg",
        "9": "Wien",
    },
    "DE": {
        "BW": "Baden-Württemberg",
        "BY": "Bayern",
        "BE": "Berlin",
        "BB": "Brandenburg",
        "HB": "Bremen",
        "HH": "Hamburg",
        "HE": "Hessen",
        "MV": "Mecklenburg-Vorpommern",
        "NI": "Niedersachsen",
        "NW": "Nordrhein-Westfalen",
        "RP": "Rheinland-Pfalz",
        "SL": "Saarland",
        "SN": "Sachsen",
        "ST": "Sachsen-Anhalt",
        "SH": "Schleswig-Holstein",
        "TH": "Thüringen",
    },
    "CH": {
        "AG": "Aargau",
        "AR": "Appenzell Ausserrhoden",
        "AI": "Appenzell Innerrhoden",
        "BL": "Basel-Landschaft",
        "BS": "Basel-Stadt",
        "BE": "Bern",
        "FR": "Freiburg",
        "GE": "Genf",
        "GL": "Glarus",
        "GR": "Graubünden",
        "JU": "Jura",
        "LU": "Luzern",
        "NE": "Neuenburg",
        "NW": "Nidwalden",
        "OW": "Obwalden",
        "SH": "Schaffhausen",
        "SZ": "Schwyz",
        "SO": "Solothurn",
        "SG": "St. Gallen",
        "TI": "Tessin",
        "TG": "Thurgau",
        "UR": "Uri",
        "VD": "Waadt",
        "VS": "Wallis",
        "ZG": "Zug",
        "ZH": "Zürich",
    },
}


def holidays_of(country: str, region: str, years: Iterable[int]) -> dict[date, str]:
    """Public holidays with their German names, in order; `region` is a code of `regions_of`, '' the whole country.

    Raises ValueError for a country or region that is not known.
    """
    if country not in _REGIONS or (region and region not in _known_codes(country)):
        raise ValueError(f"unknown region {country} {region}")
    found: dict[date, str] = {}
    for year in sorted(set(years)):
        found.update(_year(country, region, year))
    return found


def regions_of(country: str) -> list[tuple[str, str]]:
    """Code and German name of each Land or canton, by name; [] for a country that is not AT, DE or CH."""
    return sorted(_REGIONS.get(country, {}).items(), key=lambda region: region[1])


def _known_codes(country: str) -> set[str]:
    return {*_REGIONS[country], *holidays.country_holidays(country).subdivisions}


@lru_cache(maxsize=64)
def _year(country: str, region: str, year: int) -> tuple[tuple[date, str], ...]:
    calendar = holidays.country_holidays(
        country,
        subdiv=region or None,
        years=[year],
        language="de",
        categories=_CATEGORIES.get((country, region), ("public",)),
    )
    return tuple(sorted(calendar.items()))
