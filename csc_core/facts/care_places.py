"""Where looked-after children came from and where they are placed: areas of the home, and coordinates for the distance."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from csc_core.codes import LEGAL_STATUS_GROUPS, PLACEMENT_TYPE_GROUPS
from geo.areas import OUT_OF_COUNTY
from geo.postcodes import MATCHED, PLACES, TERMINATED, coordinates, locate


def care_inputs(episodes: pd.DataFrame, placements: pd.DataFrame, addresses: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables that the facts about looked-after children read beside the case tables.

    `entry_home`: cla_episode_id, the areas of its home postcode, easting, northing (metres). `home_site`: table_id of an address
    of such a child, easting, northing. `placement_site`: cla_placement_id, easting, northing, out_of_county (missing where the
    postcode is not known). `legal_status_group` and `placement_type_group`: code, group.
    """
    homes = episodes.loc[episodes["home_postcode"].notna(), ["cla_episode_id", "home_postcode"]]
    lived = addresses.loc[addresses["person_id"].isin(episodes["person_id"]), ["table_id", "address_postcode"]]
    sites = placements["cla_placement_postcode"]
    # together, since the list of postcodes is read anew each time
    at = coordinates(pd.concat([homes["home_postcode"], lived["address_postcode"], sites]))
    of_homes, of_lived, of_sites = at[: len(homes)], at[len(homes) : len(homes) + len(lived)], at[len(homes) + len(lived) :]
    status = locate(sites)["status"]
    here = status.isin([MATCHED, TERMINATED])
    return {
        "entry_home": homes[["cla_episode_id"]].join(locate(homes["home_postcode"])[PLACES]).join(of_homes),
        "home_site": lived[["table_id"]].join(of_lived),
        "placement_site": placements[["cla_placement_id"]]
        .join(of_sites)
        .assign(out_of_county=(~here).astype("boolean").where(here | (status == OUT_OF_COUNTY))),
        "legal_status_group": _groups(LEGAL_STATUS_GROUPS, "legal_status_group"),
        "placement_type_group": _groups(PLACEMENT_TYPE_GROUPS, "placement_type_group"),
    }


def _groups(groups: Mapping[str, str], name: str) -> pd.DataFrame:
    return pd.DataFrame(list(groups.items()), columns=["code", name])
