// The list of a page's parts, which stays in view beside them where the screen is wide enough.
"use strict";

Site.contents = function () {
  const parts = document.querySelector("#content > .parts");
  const headings = [...parts.querySelectorAll(".part-head > h2")];
  const buttons = headings.map((heading) => h("button", { type: "button", onclick: () => Site.contents.go(heading) }, heading.textContent));
  const list = h("nav", { class: "contents", "aria-label": Site.words("code.contents") },
    h("p", { "aria-hidden": "true" }, Site.words("code.contents")), h("ul", {}, buttons.map((button) => h("li", {}, button))));
  const beside = h("div", { class: "with-contents" });
  parts.replaceWith(beside);
  beside.append(list, parts);
  Site.contents.follow(headings, buttons);
};

// The address says which code is shown, so a part has no address of its own.
Site.contents.go = function (heading) {
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  heading.closest(".part").scrollIntoView({ block: "start" });
};

// Marks the part that is read: the one that crosses a line in the upper part of the window.
Site.contents.follow = function (headings, buttons) {
  Site.contents.observer?.disconnect();
  Site.contents.observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const button = buttons[headings.findIndex((heading) => heading.closest(".part") === target)];
      if (isIntersecting) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }, { rootMargin: "-15% 0px -84% 0px" });
  for (const heading of headings) Site.contents.observer.observe(heading.closest(".part"));
};
