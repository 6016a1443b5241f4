// The days that the fee of a procedure covers, from the day before to ninety days after.
"use strict";

Site.charts = Site.charts || {};

// The first and last day of each global period that has days.
Site.charts.periods = { "000": [0, 0], "010": [0, 10], "090": [-1, 90] };

Site.charts.timeline = function (profile) {
  const period = Site.charts.periods[profile.global_days];
  if (!period) return null;
  const [first, last] = period;
  // A single day needs few others to be seen as one.
  const shown = last || 3;
  const words = [
    first < 0 && Site.words("code.days_before"), Site.words("code.day_of"),
    last > 0 && Site.plain("code.days_after", { n: last }),
  ].filter(Boolean);
  return Site.picture(`${Site.words("code.timeline")}: ${words.join(", ")}`, (width) => {
    const each = Math.min((width - 4) / (shown + 2), 140);
    const toX = (day) => 2 + (day + 1) * each;
    const cells = [];
    for (let day = -1; day <= shown; day += 1) {
      const isIn = day >= first && day <= last;
      cells.push(svg("rect", {
        x: toX(day), y: 34, width: Math.max(1, each - (shown > 20 ? 0.8 : 4)), height: 30, rx: shown > 20 ? 1 : 4,
        class: day === 0 ? "fill-accent" : isIn ? "fill-period" : "fill-quiet faint",
      }));
    }
    const marks = [[0, Site.words("code.day_of")]];
    if (last > 0) marks.push([last, Site.plain("code.days_after", { n: last })]);
    return {
      height: last > 0 || first < 0 ? 96 : 70,
      content: [cells,
        Site.svgLabel(toX(0) + each / 2, 24, marks[0][1], "chart-label", width),
        marks[1] && Site.svgLabel(toX(last) + each / 2, 84, marks[1][1], "chart-small", width),
        first < 0 && Site.svgLabel(toX(-1), 84, Site.words("code.days_before"), "chart-small", width)],
    };
  });
};
