// The payment in every locality: one dot each, office above facility, with lowest, median, highest.
"use strict";

Site.charts = Site.charts || {};

Site.charts.places = function (found, chosen) {
  const profile = found.profile;
  const lines = [["office", "nonfacility"], ["facility", "facility"]]
    .filter(([, setting]) => profile[`${setting}_na`] !== "true")
    .map(([name, setting]) => ({ name, setting, cents: found[name] }));
  const all = lines.flatMap((line) => line.cents);
  const [least, most] = [Math.min(...all) / 100, Math.max(...all) / 100];
  const spoken = lines.map(({ name, setting }) => `${Site.words(`code.${name}`)}: ${["lowest", "median", "highest"]
    .map((rank) => `${Site.words(`code.${rank}`)} ${Site.money(profile[`${rank}_${setting}_payment`])} ${Site.place.title(profile[`${rank}_${setting}_locality_name`])}`)
    .join(", ")}`).join("; ");
  return Site.picture(spoken, (width) => {
    const toX = Site.scale(least, most, 10, width - 10);
    const height = lines.length * 104 + 24;
    const ticks = Site.ticks(least, most, width < 460 ? 4 : 8).map((tick) => [
      svg("line", { x1: toX(tick), x2: toX(tick), y1: 22, y2: height - 22, class: "grid" }),
      Site.svgLabel(toX(tick), height - 6, Site.money(tick, Number.isInteger(tick) ? 0 : 2), "chart-small", width),
    ]);
    const content = lines.map((line, n) => Site.charts.placeLine(line, n * 104, toX, chosen, profile, width));
    return { height, content: [ticks, content] };
  });
};

Site.charts.placeLine = function (line, top, toX, chosen, profile, width) {
  const middle = top + 66;
  const stacked = new Map();
  const dots = line.cents.map((cents, n) => {
    const x = toX(cents / 100);
    const column = Math.round(x / 7);
    const height = stacked.get(column) || 0;
    stacked.set(column, height + 1);
    const side = height % 2 ? 1 : -1;
    const y = middle + side * Math.ceil(height / 2) * 6.5;
    const [locality, state, name] = Site.data.localities[n];
    const isChosen = locality === chosen;
    return svg("circle", {
      cx: column * 7, cy: Math.max(top + 34, Math.min(top + 98, y)), r: isChosen ? 6 : 3.2,
      class: isChosen ? "dot-chosen" : `dot fill-${line.name}`, "data-place": locality,
    }, svg("title", {}, `${Site.place.title(name)}, ${state}: ${Site.money(cents / 100)}`));
  });
  // The chosen place lies above the others.
  dots.sort((one, other) => (one.getAttribute("class") === "dot-chosen") - (other.getAttribute("class") === "dot-chosen"));
  const median = Number(profile[`median_${line.setting}_payment`]);
  return svg("g", {},
    Site.svgText(0, top + 14, Site.words(`code.${line.name}`), "chart-label", "start"),
    svg("line", { x1: toX(median), x2: toX(median), y1: top + 32, y2: top + 98, class: "mark-median" }),
    Site.svgLabel(toX(median), top + 28, Site.plain("code.median_of", { figure: Site.isolated(Site.money(median)) }), "chart-small", width),
    dots);
};
