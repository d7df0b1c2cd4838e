// Draws the charts in the page's colours, again when the reader changes between light and dark, and shows tooltips.
(() => {
  "use strict";
  const specs = JSON.parse(document.getElementById("charts").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function config() {
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue("--" + name).trim();
    const font = getComputedStyle(document.body).fontFamily;
    const text = { labelColor: color("muted"), titleColor: color("muted"), labelFont: font, titleFont: font, labelFontSize: 11, titleFontSize: 11, titleFontWeight: "normal" };
    return {
      background: "transparent",
      font,
      view: { stroke: null },
      axis: { ...text, gridColor: color("line"), domain: false, ticks: false, labelPadding: 6, titlePadding: 8 },
      axisX: { grid: false, domain: true, domainColor: color("line") },
      axisBand: { grid: false },
      legend: { ...text, labelFontSize: 12, padding: 0 },
      range: {
        category: [color("accent"), color("warm"), color("good"), color("muted"), color("violet"), color("gold"), color("teal"), color("pink")],
        ramp: [color("sunken"), color("accent")],
        heatmap: [color("sunken"), color("accent")],
      },
      bar: { color: color("accent") },
      line: { color: color("accent") },
      circle: { color: color("accent") },
      rule: { color: color("muted") },
      text: { color: color("muted"), font },
    };
  }

  function draw() {
    const options = { actions: false, renderer: "svg", config: config(), tooltip: { theme: dark.matches ? "dark" : "light" } };
    for (const place of document.querySelectorAll("[data-chart]")) {
      const spec = { ...specs[place.dataset.chart], description: place.dataset.alt };
      window.vegaEmbed(place, spec, options).catch((error) => { place.textContent = "This chart could not be drawn: " + error.message; });
    }
  }

  const tip = document.getElementById("tip");
  document.addEventListener("pointerover", (event) => {
    const text = event.target.closest("[data-tip]")?.dataset.tip;
    tip.hidden = !text;
    tip.textContent = text ?? "";
  });
  document.addEventListener("pointermove", (event) => {
    if (tip.hidden) return;
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = Math.max(8, Math.min(event.clientX + 12, innerWidth - width - 8)) + "px";
    tip.style.top = (event.clientY + height + 20 < innerHeight ? event.clientY + 16 : event.clientY - height - 10) + "px";
  });
  // What was pointed at, or touched, has moved away.
  document.addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });

  draw();
  dark.addEventListener("change", draw);
})();
