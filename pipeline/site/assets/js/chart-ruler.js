// Minutes along a line, and below it how many units of each code they make, under every payer.
"use strict";

Site.charts = Site.charts || {};

Site.charts.ruler = function (tables, family, day, minutes) {
  const lines = ["medicare", "cpt"].flatMap((payer) => {
    const ranges = Site.care.ranges(tables, family, payer, day);
    return [...new Set(ranges.map((row) => row.hcpcs_code))].map((code) => ({ payer, code, ranges: ranges.filter((row) => row.hcpcs_code === code) }));
  });
  const shown = Math.max(210, Math.ceil((minutes + 30) / 60) * 60);
  const spoken = lines.map((line) => `${Site.words(`care.payer_${line.payer}`)}, ${Site.plain("care.ruler", { code: line.code })}: ${line.ranges
    .filter((row) => row.first_minute <= shown).map((row) => `${row.first_minute}–${row.last_minute ?? ""}: ${row.units}`).join("; ")}`).join(". ");
  return Site.picture(spoken, (width) => {
    const left = 4;
    const toX = Site.scale(0, shown, left, width - 4);
    const height = 30 + lines.length * 50 + 18;
    const ticks = Site.ticks(0, shown, width < 460 ? 5 : 8).map((tick) => [
      svg("line", { x1: toX(tick), x2: toX(tick), y1: 24, y2: height - 18, class: "grid" }),
      Site.svgLabel(toX(tick), height - 3, String(tick), "chart-small", width)]);
    const bands = lines.map((line, n) => {
      const top = 30 + n * 50;
      return [Site.svgText(left, top + 10, `${line.code} · ${Site.words(`care.payer_${line.payer}`)}`, "chart-small", "start"),
        line.ranges.filter((row) => row.first_minute < shown).map((row) => {
          const [from, to] = [toX(row.first_minute), toX(Math.min(shown, (row.last_minute ?? shown) + 1))];
          const isIn = minutes >= row.first_minute && (row.last_minute === null || minutes <= row.last_minute);
          return [svg("rect", { x: from, y: top + 15, width: Math.max(1, to - from - 1.5), height: 22, rx: 3, class: isIn ? "fill-accent" : "fill-period" }),
            to - from > 16 && Site.svgText((from + to) / 2, top + 31, `×${row.units}`, isIn ? "on-work figure" : "on-period figure")];
        })];
    });
    return { height, content: [ticks, bands,
      svg("line", { x1: toX(minutes), x2: toX(minutes), y1: 18, y2: height - 18, class: "mark-code" }),
      Site.svgLabel(toX(minutes), 13, String(minutes), "chart-strong", width)] };
  });
};
