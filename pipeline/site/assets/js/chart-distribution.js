// How the work RVUs of a section spread, on a scale of powers of ten, and where one code stands.
"use strict";

Site.charts = Site.charts || {};

Site.charts.distribution = function (section, code, work) {
  const steps = new Map(section.steps);
  const first = Math.min(...steps.keys());
  const last = Math.max(...steps.keys());
  const most = Math.max(...steps.values());
  const label = Site.plain("code.peers_chart", {
    n: Site.number(section.peer_count, 0), section: Site.words(`section.${section.section}`),
    code: code || Site.words("code.median"), figure: Site.figure("rvu", code ? work : section.median_work_rvu),
  });
  return Site.picture(label, (width) => {
    const [top, bottom] = [code ? 44 : 24, 168];
    const toX = Site.scale(first, last + 1, 6, width - 6);
    const toY = Site.scale(0, most, bottom, top);
    const ofWork = (value) => toX(Math.log10(value) * 8);
    const mine = code ? Math.floor(Math.log10(work) * 8) : null;
    const bars = [...steps].map(([step, count]) => svg("rect", {
      x: toX(step) + 1, y: toY(count), width: Math.max(1, toX(step + 1) - toX(step) - 2), height: bottom - toY(count),
      rx: 2, class: step === mine ? "fill-accent" : "fill-quiet",
    }, svg("title", {}, `${Site.number(10 ** (step / 8), 2)} – ${Site.number(10 ** ((step + 1) / 8), 2)}: ${count}`)));
    const ticks = [0.01, 0.1, 1, 10, 100].filter((tick) => Math.log10(tick) * 8 >= first && Math.log10(tick) * 8 <= last + 1);
    const axis = ticks.map((tick) => [
      svg("line", { x1: ofWork(tick), x2: ofWork(tick), y1: bottom, y2: bottom + 5, class: "axis" }),
      Site.svgLabel(ofWork(tick), bottom + 19, Site.number(tick, 0, 2), "chart-small", width),
    ]);
    const median = Number(section.median_work_rvu);
    const marks = [
      svg("line", { x1: ofWork(median), x2: ofWork(median), y1: top - 4, y2: bottom, class: "mark-median" }),
      Site.charts.medianLabel(ofWork(median), code ? ofWork(work) : null, top - 9, Site.figure("rvu", median), width),
    ];
    if (code) {
      marks.push(svg("line", { x1: ofWork(work), x2: ofWork(work), y1: 18, y2: bottom, class: "mark-code" }),
        Site.svgLabel(ofWork(work), 13, `${code}: ${Site.figure("rvu", work)}`, "chart-strong", width));
    }
    return {
      height: 194,
      content: [svg("line", { x1: 0, x2: width, y1: bottom, y2: bottom, class: "axis" }), bars, axis, marks],
    };
  });
};

// The median's label, on the side away from the line of the code where that is near.
Site.charts.medianLabel = function (x, mine, y, figure, width) {
  const words = Site.plain("code.median_of", { figure: Site.isolated(figure) });
  const half = words.length * 3.6;
  if (mine === null || Math.abs(mine - x) > half + 6) return Site.svgLabel(x, y, words, "chart-small", width);
  const isLeft = x < mine ? x > 2 * half : x > width - 2 * half;
  const edge = isLeft ? Math.min(x, mine) - 6 : Math.max(x, mine) + 6;
  return Site.svgText(edge, y, words, "chart-small", isLeft ? "end" : "start");
};
