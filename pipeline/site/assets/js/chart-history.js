// A figure over the releases loaded: steps, because a value holds from one release to the next.
"use strict";

Site.charts = Site.charts || {};

// ``lines`` is a list of {name, classes, values}, each with one value per release or null.
Site.charts.history = function (releases, lines, kind) {
  const all = lines.flatMap((line) => line.values).filter((value) => value !== null).map(Number);
  const spread = Math.max(...all) - Math.min(...all);
  const least = Math.max(0, Math.min(...all) - Math.max(spread * 0.25, Math.max(...all) * 0.08));
  const most = Math.max(...all) + (spread * 0.15 || Math.max(...all) * 0.08);
  const days = releases.map((one) => Date.parse(one.effective_from));
  // The day after each release: where the next one begins later, nothing is known in between.
  const ends = releases.map((one) => Date.parse(one.effective_to) + 86400000);
  const goesOn = (n) => n + 1 < days.length && days[n + 1] <= ends[n];
  const end = Math.max(...releases.map((one) => Date.parse(one.effective_to)));
  const spoken = lines.map((line) => `${line.name}: ${releases
    .map((one, n) => `${Site.releaseName(one.release_id)} ${Site.figure(kind, line.values[n])}`).join(", ")}`).join("; ");
  return Site.picture(spoken, (width) => {
    const [top, bottom] = [20, 150];
    const gutter = kind === "money" ? 52 : 36;
    const toX = Site.scale(days[0], end, gutter + 8, width - 8);
    const toY = Site.scale(least, most || 1, bottom, top);
    const ticks = Site.ticks(least, most, 3);
    const digits = Math.max(...ticks.map((tick) => (String(tick).split(".")[1] || "").length));
    const grid = ticks.map((tick) => [
      svg("line", { x1: gutter, x2: width, y1: toY(tick), y2: toY(tick), class: "grid" }),
      Site.svgText(gutter - 8, toY(tick) + 4, kind === "money" ? Site.money(tick, digits) : Site.number(tick, digits), "chart-small", "end"),
    ]);
    const steps = lines.map((line) => {
      let path = "";
      const dots = line.values.map((value, n) => {
        if (value === null) return null;
        const [from, to] = [toX(days[n]), toX(goesOn(n) ? days[n + 1] : Math.min(ends[n], end))];
        path += `${path && line.values[n - 1] !== null && goesOn(n - 1) ? "L" : "M"}${from} ${toY(value)}H${to}`;
        return svg("circle", { cx: from, cy: toY(value), r: 3.5, class: `fill-${line.classes}` },
          svg("title", {}, `${Site.releaseName(releases[n].release_id)}: ${Site.figure(kind, value)}`));
      });
      return [svg("path", { d: path, class: `line line-${line.classes}` }), dots];
    });
    return { height: 178, content: [grid, steps, Site.charts.releaseAxis(releases, days, toX, bottom, width)] };
  });
};

// The months of releases below their first day, as far as there is room for them.
Site.charts.releaseAxis = function (releases, days, toX, bottom, width) {
  let free = -Infinity;
  return releases.map((one, n) => {
    const x = toX(days[n]);
    const tick = svg("line", { x1: x, x2: x, y1: bottom, y2: bottom + 5, class: "axis" });
    const name = Site.calendar(one.effective_from, { year: "numeric", month: "short" });
    const hasRoom = x >= free;
    if (hasRoom) free = x + name.length * 11;
    return [tick, hasRoom && Site.svgLabel(x, bottom + 19, name, "chart-small", width)];
  });
};
