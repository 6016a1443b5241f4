// What all pictures share: their width, scales, axes and the words that stand for them.
"use strict";

// A picture that is drawn anew when its width changes. ``draw`` takes the width in pixels and
// returns {height, content}; the text ``label`` says the same to those who do not see it.
Site.picture = function (label, draw) {
  const frame = h("div", { class: "picture", dir: "ltr" });
  let drawnAt = 0;
  const redraw = () => {
    const width = Math.round(frame.clientWidth) || 640;
    if (width === drawnAt) return;
    drawnAt = width;
    const { height, content } = draw(width);
    frame.replaceChildren(svg("svg", {
      viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label,
    }, content));
  };
  new ResizeObserver(redraw).observe(frame);
  requestAnimationFrame(redraw);
  return frame;
};

Site.scale = function (from, to, start, end) {
  const span = to - from || 1;
  return (value) => start + ((value - from) / span) * (end - start);
};

// Round numbers that divide a range into a few steps.
Site.ticks = function (from, to, wanted) {
  const rough = (to - from || 1) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const found = [];
  for (let tick = Math.ceil(from / step) * step; tick <= to + step / 1e6; tick += step) {
    found.push(Number(tick.toFixed(6)));
  }
  return found;
};

Site.svgText = function (x, y, text, classes = "", anchor = "middle") {
  return svg("text", { x, y, class: classes, "text-anchor": anchor }, text);
};

// A label that stays inside the picture.
Site.svgLabel = function (x, y, text, classes, width) {
  const half = text.length * 3.6;
  const anchor = x < half ? "start" : x > width - half ? "end" : "middle";
  const at = anchor === "start" ? Math.max(0, x - 4) : anchor === "end" ? Math.min(width, x + 4) : x;
  return Site.svgText(at, y, text, classes, anchor);
};

Site.legend = function (entries) {
  return h("ul", { class: "legend" }, entries.map(([classes, words]) =>
    h("li", {}, h("span", { class: `swatch ${classes}`, "aria-hidden": "true" }), words)));
};
