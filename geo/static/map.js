/* The map's own script. The base (land, neighbours, outlines) is drawn once; a draw only says what fills it.

   window.CSC_GEO holds the geometry, window.csc the map: a component's frame holds one map only.
   Text that comes with a draw reaches the page by textContent alone, so nothing in it can become markup. */
"use strict";

(function () {
  const GEO = window.CSC_GEO;
  const STILL = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const TOUCH = matchMedia("(pointer: coarse)").matches;
  const NARROW = 440; // px of map: a phone
  const CODES_FROM_ZOOM = 9.5;
  const NUMBERS = new Intl.NumberFormat("en-GB"); // made once: toLocaleString would make one for every number
  const STEP = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

  // This script runs before the map is made, so these become its options.
  L.Map.mergeOptions({ zoomAnimation: !STILL, fadeAnimation: !STILL, markerZoomAnimation: !STILL, inertia: !STILL });

  let map, box, legend, tooltip; // the map, its element, the legend's element, the one tooltip of all areas
  let areas, circles, inner, picked, focused, labels; // layer groups
  let state = null; // the latest draw
  let byId = Object.create(null); // area id -> its layer
  let moved = false, fitting = false, reserved = 0;

  /* ---- small makers ---- */

  function html(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  function svg(tag, attributes, ...children) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  /* ---- start: once ---- */

  function start(leafletMap, options) {
    map = leafletMap;
    box = map.getContainer();
    box.setAttribute("role", "region");
    document.body.append(patterns());
    map.attributionControl.setPrefix("").addAttribution(options.attribution);
    // A pane each, so that what lies above what never depends on the order in which layers are added.
    ["land", "areas", "localities", "county", "circles", "rings"].forEach((name, i) => { map.createPane(name).style.zIndex = 401 + i; });
    const land = drawn(GEO.land, "land", "csc-land").addTo(map);
    drawn(GEO.context, "land", "csc-council").addTo(map);
    drawn(GEO.county, "county", "csc-county").addTo(map);
    inner = L.layerGroup().addTo(map);
    picked = L.layerGroup().addTo(map);
    focused = L.layerGroup().addTo(map);
    labels = L.layerGroup().addTo(map);
    legend = L.DomUtil.create("div", "csc-legend", box);
    L.DomEvent.disableClickPropagation(legend);
    if (options.tiles) addTiles(options.tiles, land);
    map.zoomControl.setPosition("topright"); // at the left it would lie on Lundy
    addWholeCountyButton();
    keepFitted();
    map.on("zoomend moveend", drawLabels);
    map.on("zoomstart movestart", () => { if (!fitting) moved = true; });
    map.on("zoomend", dragOnlyWhenZoomed);
    map.on("mousemove", (event) => placeTooltip(event.containerPoint));
    // st_folium compares what it would send with what the page began with, which is null and not 0: left so, the map's
    // opening alone would run the page a second time.
    if (window.__GLOBAL_DATA__) window.__GLOBAL_DATA__.last_object_clicked_count = null;
  }

  function drawn(geojson, pane, className, more) {
    return L.geoJSON(geojson, { pane, className, interactive: false, ...more });
  }

  // Patterns take their colours from the style sheet, so a change of theme needs no redrawing.
  function patterns() {
    const square = (size, className) => svg("rect", { width: size, height: size, class: className });
    const pattern = (id, size, turn, ...parts) => svg("pattern",
      { id, width: size, height: size, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${turn})` }, ...parts);
    const all = [
      pattern("withheld", 6, 45, square(6, "csc-plain"), svg("rect", { width: 1.6, height: 6, class: "csc-ink" })),
      pattern("border", 6, 0, square(6, "csc-ground"), svg("circle", { cx: 3, cy: 3, r: 1.1, class: "csc-ink" })),
    ];
    for (let i = 0; i < 5; i++) {
      all.push(pattern(`muted-${i}`, 5, 0, square(5, `csc-muted csc-muted-${i}`), svg("rect", { width: 5, height: 0.9, class: "csc-stripe" })));
    }
    // Not display:none, which would switch the patterns off in some browsers.
    return svg("svg", { width: 0, height: 0, class: "csc-patterns", "aria-hidden": "true" }, svg("defs", {}, ...all));
  }

  // Tiles are a background to have when they come: after three failures and no success the map goes on without.
  function addTiles(url, land) {
    let loaded = 0, failed = 0;
    const tiles = L.tileLayer(url, { maxZoom: 18 });
    tiles.on("tileload", () => { if (!loaded++) map.removeLayer(land); });
    tiles.on("tileerror", () => { if (!loaded && ++failed >= 3) map.removeLayer(tiles); });
    tiles.addTo(map);
  }

  function addWholeCountyButton() {
    const button = html("a", "csc-whole", "⤢");
    button.href = "#";
    button.title = "Whole county";
    button.setAttribute("role", "button");
    button.setAttribute("aria-label", "Whole county");
    L.DomEvent.on(button, "click", (event) => { L.DomEvent.stop(event); moved = false; fit(); });
    map.zoomControl.getContainer().append(button);
  }

  /* ---- the county fills the map until someone moves it ---- */

  function fit() {
    fitting = true;
    map.invalidateSize({ pan: false });
    const room = box.clientHeight - legend.offsetHeight; // none before the frame and the style sheet are there
    if (!moved && box.clientWidth && room > 100) {
      reserved = legend.offsetHeight;
      map.fitBounds(L.geoJSON(GEO.county).getBounds(),
        { paddingTopLeft: [6, 8], paddingBottomRight: [6, reserved + 28], animate: false });
      dragOnlyWhenZoomed();
    }
    fitting = false;
    drawLabels();
  }

  // The style sheet arrives after the first draw, and only then has the legend its height. Later it may grow by a row: only
  // then is the county fitted again, so that a draw keeps zoom and centre.
  function keepFitted() {
    let width = 0, height = 0;
    new ResizeObserver(() => {
      if (box.clientWidth === width && box.clientHeight === height) return;
      [width, height] = [box.clientWidth, box.clientHeight];
      fit();
    }).observe(box);
    let styled = false;
    new ResizeObserver(() => {
      const now = getComputedStyle(legend).position === "absolute";
      if (now && (!styled || legend.offsetHeight > reserved)) fit();
      styled = now;
    }).observe(legend);
  }

  // With a finger, a map that fills the screen would trap the page's scrolling; zoomed in, it must move.
  function dragOnlyWhenZoomed() {
    if (TOUCH) map.dragging[fitting || !moved ? "disable" : "enable"]();
  }

  /* ---- draw: every time something changes ---- */

  function draw(next) {
    const before = state;
    state = next;
    document.documentElement.toggleAttribute("data-dark", state.dark);
    state.classes.forEach((colour, i) => document.documentElement.style.setProperty(`--csc-class-${i}`, colour));
    box.setAttribute("aria-label", state.name);
    box.classList.toggle("csc-counts", state.legend.sizes.length > 0);
    if (!before || before.level !== state.level) changeLevel();
    for (const [id, layer] of Object.entries(byId)) fillArea(layer, state.areas[id]);
    drawCircles();
    drawLegend();
    drawSelection();
    const named = ({ level, selected, legend }) => [level, selected, legend.sizes.length > 0].join();
    if (!before || named(before) !== named(state)) drawLabels();
    if (tooltip.isOpen()) tooltip.update();
  }

  function changeLevel() {
    if (areas) areas.remove();
    focused.clearLayers();
    byId = Object.create(null); // no inherited names: an id may be any word
    tooltip = L.tooltip({ sticky: true, direction: "top", className: "csc-tip", opacity: 1 }).setContent(lines);
    areas = drawn(GEO[state.level], "areas", "csc-area", { interactive: true, fillOpacity: 1, onEachFeature: (feature, layer) => {
      const id = feature.properties.id;
      byId[id] = layer;
      makeChoosable(layer, id);
      layer.on("add", () => makeReachable(layer, id));
    } }).bindTooltip(tooltip).addTo(map);
    map.getPane("areas").firstChild.setAttribute("role", "group");
    inner.clearLayers();
    if (state.level === "district" || state.level === "planning_area") drawn(GEO.locality, "localities", "csc-inner").addTo(inner);
    tabStop(state.selected in byId ? state.selected : Object.keys(byId)[0]);
  }

  function fillArea(layer, mark) {
    // Not setStyle, which would write all ten attributes of every area again.
    layer.options.fillColor = mark ? state.fills[mark[0]] : "var(--csc-plain)";
    layer.getElement().setAttribute("fill", layer.options.fillColor);
    layer.getElement().setAttribute("aria-label", words(layer).join(". "));
  }

  function drawCircles() {
    if (circles) circles.remove();
    const shown = Object.entries(state.areas).filter(([id, mark]) => mark[2] > 0 && id in byId);
    shown.sort((a, b) => b[1][2] - a[1][2]); // small ones on top of large ones
    circles = L.featureGroup(shown.map(([id, mark]) => {
      const circle = L.circleMarker(byId[id].feature.properties.at,
        { pane: "circles", radius: Math.max(2, radius(mark[2])), className: "csc-circle", fillOpacity: 0.85 });
      circle.feature = byId[id].feature;
      return makeChoosable(circle, id);
    })).bindTooltip(tooltip).addTo(map);
  }

  function radius(count) {
    return Math.sqrt(count / state.legend.sizes[0]) * (box.clientWidth < NARROW ? 14 : 20);
  }

  // The tooltip's content must be an element: st_folium puts a string through innerHTML.
  function lines(layer) {
    placeTooltip(map.latLngToContainerPoint(tooltip.getLatLng()));
    const body = html("div");
    for (const line of words(layer)) body.append(html("div", "", line));
    return body;
  }

  // An area's name and what is said of it: forms of words with their numbers put in (see choropleth.packed).
  function words(layer) {
    const { id, title } = layer.feature.properties;
    const said = state.areas[id] ? state.areas[id][1] : [];
    return [title, ...said.map(([form, ...numbers]) => {
      const parts = state.forms[form].split("{}");
      return numbers.length ? parts.map((part, i) => part + (i < numbers.length ? NUMBERS.format(numbers[i]) : "")).join("") : state.forms[form];
    })];
  }

  // Above the pointer, below it near the map's head, and never beyond its sides, where it would be cut off.
  function placeTooltip({ x, y }) {
    if (!tooltip) return;
    const half = 134; // px, of .csc-tip's greatest width
    tooltip.options.direction = y < 130 ? "bottom" : "top";
    tooltip.options.offset = [Math.max(half, Math.min(x, box.clientWidth - half)) - x, y < 130 ? 12 : 0];
  }

  /* ---- choosing an area, by click or by key ---- */

  // st_folium sends what toGeoJSON gives: the area and whether it is now selected, not its polygon.
  function makeChoosable(layer, id) {
    layer.toGeoJSON = () => ({ type: "Feature", properties: { id, selected: state.selected === id }, geometry: null });
    return layer.on("click", () => choose(id));
  }

  // A second click on the selected area unselects it: there is no other way back to the whole county on the map, and a row of
  // the table does the same. It shows at once; the page's next draw confirms it.
  function choose(id) {
    state.selected = state.selected === id ? null : id;
    drawSelection();
    drawLabels();
  }

  function drawSelection() {
    picked.clearLayers();
    for (const [id, layer] of Object.entries(byId)) layer.getElement().setAttribute("aria-pressed", String(id === state.selected));
    if (state.selected in byId) outline(picked, state.selected, "csc-selected");
    circles.eachLayer((circle) => circle.getElement().classList.toggle("csc-chosen", circle.feature.properties.id === state.selected));
  }

  function outline(group, id, className) {
    for (const part of ["csc-casing", className]) drawn(byId[id].feature, "rings", part).addTo(group);
  }

  // One tab stop for all areas, arrow keys between them: sixty stops would stand between a keyboard and the rest of the page.
  function makeReachable(layer, id) {
    const element = layer.getElement();
    element.setAttribute("role", "button");
    element.setAttribute("tabindex", "-1");
    element.dataset.area = id;
    element.addEventListener("focus", () => {
      tabStop(id);
      focused.clearLayers();
      if (element.matches(":focus-visible")) outline(focused, id, "csc-focus");
    });
    element.addEventListener("blur", () => focused.clearLayers());
    element.addEventListener("keydown", (event) => onKey(event, layer, id));
  }

  function tabStop(id) {
    for (const [other, layer] of Object.entries(byId)) layer.getElement().setAttribute("tabindex", other === id ? "0" : "-1");
  }

  function onKey(event, layer, id) {
    const ids = Object.keys(byId);
    if (event.key === "Enter" || event.key === " ") layer.fire("click", { latlng: L.latLng(layer.feature.properties.at) }, true);
    else if (event.key in STEP) byId[neighbour(id, STEP[event.key]) ?? id].getElement().focus();
    else if (event.key === "Home") byId[ids[0]].getElement().focus();
    else if (event.key === "End") byId[ids[ids.length - 1]].getElement().focus();
    else return;
    event.preventDefault(); // neither scroll the page
    event.stopPropagation(); // nor move the map
  }

  // The nearest area on that side; what lies sideways counts double, as the eye has it.
  function neighbour(id, [right, down]) {
    const point = (area) => map.project(byId[area].feature.properties.at);
    const from = point(id);
    let nearest, least = Infinity;
    for (const other of Object.keys(byId)) {
      const way = point(other).subtract(from);
      const along = way.x * right + way.y * down, across = Math.abs(way.x * down) + Math.abs(way.y * right);
      if (along > 0 && along + 2 * across < least) [nearest, least] = [other, along + 2 * across];
    }
    return nearest;
  }

  /* ---- names on the map ---- */

  // Greedy: the selected area first, then whatever does not touch what is already there.
  function drawLabels() {
    if (!state) return;
    labels.clearLayers();
    const taken = [];
    const put = (at, text, className) => {
      const point = map.latLngToContainerPoint(at), width = text.length * 3.4 + 5, height = 8;
      if (point.x < width || point.x > box.clientWidth - width) return;
      if (taken.some((t) => Math.abs(t.x - point.x) < t.width + width && Math.abs(t.y - point.y) < t.height + height)) return;
      taken.push({ x: point.x, y: point.y, width, height });
      const icon = L.divIcon({ className: "", iconSize: [0, 0], html: html("span", `csc-name ${className}`, text) });
      L.marker(at, { interactive: false, keyboard: false, icon }).addTo(labels);
    };
    if (state.selected in byId) putSelected(put);
    for (const [at, text, className] of wantedLabels()) put(at, text, className);
  }

  function putSelected(put) {
    const layer = byId[state.selected], { at, label } = layer.feature.properties;
    put([mainland(layer).getNorth(), at[1]], label, "csc-picked");
  }

  // The bounds of an area's largest part: Lundy must not draw its district's name out to sea.
  function mainland(layer) {
    const parts = layer.feature.geometry.type === "MultiPolygon" ? layer.getLatLngs().map((rings) => rings[0]) : [layer.getLatLngs()[0]];
    const size = (bounds) => (bounds.getNorth() - bounds.getSouth()) * (bounds.getEast() - bounds.getWest());
    return parts.map((ring) => L.latLngBounds(ring)).reduce((most, bounds) => (size(bounds) > size(most) ? bounds : most));
  }

  function wantedLabels() {
    const others = Object.values(byId).filter((layer) => layer.feature.properties.id !== state.selected);
    const ofAreas = (className) => others.map(({ feature: { properties } }) => [properties.at, properties.label, className]);
    const places = (kind, className) => GEO.places.filter((p) => p[3] === kind).map(([name, latitude, longitude]) => [[latitude, longitude], name, className]);
    const wanted = [];
    if (state.level !== "district") wanted.push(...ofAreas(""));
    else {
      if (!state.legend.sizes.length) wanted.push(...places("town", "")); // circles sit where the towns are
      if (map.getZoom() >= CODES_FROM_ZOOM) wanted.push(...ofAreas("csc-code"));
    }
    wanted.push(...places("council", "csc-away"));
    if (box.clientWidth >= NARROW) wanted.push(...places("county", "csc-away"));
    return wanted;
  }

  /* ---- legend ---- */

  function drawLegend() {
    const { title, classes, sizes, others } = state.legend;
    const parts = [html("h2", "", title)];
    if (sizes.length) parts.push(circleSizes(sizes));
    if (classes.length) {
      const list = html("ul", "csc-classes");
      for (const [fill, words, note] of classes) {
        const item = html("li");
        item.append(swatch(fill, "csc-bar"), html("span", "", words), html("small", "", note));
        list.append(item);
      }
      parts.push(list);
    }
    const list = html("ul", "csc-others");
    for (const [fill, words] of others) {
      const item = html("li");
      item.append(swatch(fill, "csc-swatch"), html("span", "", words));
      list.append(item);
    }
    parts.push(list);
    legend.replaceChildren(...parts);
  }

  function swatch(fill, className) {
    return svg("svg", { class: className, "aria-hidden": "true" }, svg("rect", { width: "100%", height: "100%", fill }));
  }

  function circleSizes(sizes) {
    const largest = radius(sizes[0]), height = 2 * largest + 2;
    const drawing = svg("svg", { class: "csc-sizes", width: 4 * largest + 130, height });
    let left = 1;
    for (const size of sizes) {
      const r = radius(size);
      const text = svg("text", { x: left + 2 * r + 6, y: height - 5 });
      text.textContent = NUMBERS.format(size);
      drawing.append(svg("circle", { cx: left + r, cy: height - 1 - r, r, class: "csc-circle" }), text);
      left += 2 * r + 56;
    }
    return drawing;
  }

  window.csc = { start, draw };
})();
