// What a total consists of: one bar for each setting, divided into work, expense and malpractice.
"use strict";

Site.charts = Site.charts || {};

Site.charts.breakdown = function (profile) {
  const bars = [
    ["nonfacility", Site.words("code.office")], ["facility", Site.words("code.facility")],
  ].map(([setting, label]) => ({
    label,
    parts: [["work", profile.work_rvu], ["practice", profile[`${setting}_pe_rvu`]], ["malpractice", profile.mp_rvu]],
    total: profile[`${setting}_total_rvu`], shown: Site.inSetting(profile, setting, "total_rvu"),
    isUnusual: profile[`${setting}_na`] === "true",
  }));
  const most = Math.max(...bars.map((bar) => Number(bar.total)));
  const spoken = bars.map((bar) => `${bar.label}: ${bar.shown}${bar.isUnusual ? "" : ` = ${bar.parts
    .map(([name, value]) => `${Site.words(`code.${name}`)} ${Site.figure("rvu", value)}`).join(" + ")}`}`).join("; ");
  const picture = Site.picture(spoken, (width) => {
    const right = 64;
    const toX = Site.scale(0, most, 0, width - right);
    const content = bars.map((bar, n) => {
      const top = n * 66;
      let at = 0;
      const parts = bar.parts.map(([name, value]) => {
        const length = toX(Number(value));
        const start = at;
        at += length;
        return [
          svg("rect", { x: start, y: top + 20, width: Math.max(0, length - 1), height: 30, class: `fill-${name}`, rx: 3 }),
          length > 44 && Site.svgText(start + length / 2, top + 40, Site.figure("rvu", value), `on-${name} figure`),
        ];
      });
      return svg("g", { class: bar.isUnusual ? "faint" : null },
        Site.svgText(0, top + 13, bar.label, "chart-label", "start"), parts,
        Site.svgText(at + 8, top + 41, bar.shown, "chart-total figure", "start"));
    });
    return { height: 122, content };
  });
  return [picture, Site.legend([
    ["fill-work", Site.words("code.work")], ["fill-practice", Site.words("code.practice")],
    ["fill-malpractice", Site.words("code.malpractice")],
  ])];
};
