// The section "All answers": searches, filters, sorts and draws the test rows, and opens those behind a confusion.
(() => {
  "use strict";
  const STEP = 25;
  const { form, note, labels, steps, searched, columns } = JSON.parse(document.getElementById("row-data").textContent);
  const names = Object.keys(columns);
  const rows = columns.index.map((_, place) => Object.fromEntries(names.map((name) => [name, columns[name][place]])));
  const [section, list, more, all, count] = ["rows", "row-list", "more-rows", "all-rows", "row-count"].map((id) => document.getElementById(id));
  const fields = [...section.querySelectorAll("input, select")];
  const number = (value) => (value === null ? "–" : value.toLocaleString("en", { maximumSignificantDigits: 6 }));

  // --- which rows ---

  const given = (name) => fields.find((field) => field.name === name)?.value ?? "";
  const listed = (value) => (Array.isArray(value) ? value : [value]);
  const isRight = (row) => listed(row.reference).every((label, step) => label === listed(row.output)[step]);
  const outcomes = {
    right: isRight,
    wrong: (row) => !isRight(row),
    exact: (row) => row.value === 0,
    inexact: (row) => row.value !== 0,
    empty: (row) => !row.output.trim(),
    repeating: (row) => row.repeats === 1,
  };

  function text(row) {
    row.text ??= searched.flatMap((name) => listed(row[name]).map((part) => (typeof part === "number" ? labels[part] : part))).join(" ").toLowerCase();
    return row.text;
  }

  // The steps of a row that have the chosen labels; a row of one label has one step.
  function hits(row) {
    const [reference, prediction] = [given("reference"), given("prediction")];
    if (!reference && !prediction) return [];
    const outputs = listed(row.output);
    return [...listed(row.reference).keys()].filter((step) => {
      const [right, output] = [listed(row.reference)[step], outputs[step]];
      return (!reference || right === Number(reference)) && (!prediction || output === Number(prediction)) && (given("outcome") !== "wrong" || right !== output);
    });
  }

  function chosen() {
    const words = given("query").toLowerCase().split(/\s+/);
    const outcome = outcomes[given("outcome")] ?? (() => true);
    const labelled = given("reference") || given("prediction");
    const found = rows.filter((row) => outcome(row) && (!labelled || hits(row).length) && words.every((word) => text(row).includes(word)));
    const [name, sign] = given("order").split(" ");
    // What is not finite is null, and worse than any number.
    return found.sort((a, b) => Number(sign) * ((a[name] ?? Infinity) - (b[name] ?? Infinity) || 0) || a.index - b.index);
  }

  // --- how a row looks ---

  function make(tag, name, ...children) {
    const node = document.createElement(tag);
    if (name) node.className = name;
    node.append(...children);
    return node;
  }

  function written(tag, name, ...children) {
    const node = make(tag, name, ...children);
    node.dir = "auto";
    return node;
  }

  // The words of a longest common subsequence of two lists, as their places in each.
  function common(first, second) {
    const best = Array.from({ length: first.length + 1 }, () => new Uint16Array(second.length + 1));
    for (let i = first.length - 1; i >= 0; i--) {
      for (let j = second.length - 1; j >= 0; j--) {
        best[i][j] = first[i] === second[j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
      }
    }
    const places = [new Set(), new Set()];
    for (let i = 0, j = 0; i < first.length && j < second.length; ) {
      if (first[i] === second[j]) { places[0].add(i++); places[1].add(j++); }
      else if (best[i + 1][j] >= best[i][j + 1]) i++;
      else j++;
    }
    return places;
  }

  // Words, those that are not shared within an element of their own, neighbours together.
  function marked(words, shared, tag) {
    const pieces = [];
    for (let start = 0, end; start < words.length; start = end) {
      end = start + 1;
      while (end < words.length && shared.has(end) === shared.has(start)) end++;
      const piece = words.slice(start, end).join(" ");
      pieces.push(shared.has(start) ? piece : make(tag, "", piece), " ");
    }
    return pieces;
  }

  function compared(row) {
    const output = row.output.split(/\s+/).filter(Boolean);
    const sides = row.references.map((text) => {
      const reference = text.split(/\s+/).filter(Boolean);
      const shared = common(output, reference);
      return { reference, shared, likeness: shared[0].size / (output.length + reference.length || 1) };
    });
    const { reference, shared } = sides.reduce((best, side) => (side.likeness > best.likeness ? side : best));
    return [output.length ? marked(output, shared[0], "mark") : ["(empty)"], marked(reference, shared[1], "u")];
  }

  function facts(...pairs) {
    return make("dl", "", ...pairs.flatMap(([name, ...content]) => [make("dt", "", name), written("dd", "answer", ...content)]));
  }

  function chips(output, reference, isRight) {
    const chip = (text, name) => make("span", "chip" + name, text);
    return isRight ? [chip(output, " ok"), " "] : [chip(output, " bad"), " instead of ", chip(reference, ""), " "];
  }

  function tokens(row, words) {
    const found = new Set(hits(row));
    const unknown = new Set(row.unknown);
    return written("p", "tokens", ...row.reference.flatMap((label, step) => {
      const [right, output] = [labels[label], labels[row.output[step]]];
      const states = [right !== output && "wrong", unknown.has(step) && "unknown", found.has(step) && "hit"].filter(Boolean);
      const token = make("span", states.join(" "), words[step]);
      token.dataset.tip = `${words[step]}: predicted ${output}, reference ${right}${unknown.has(step) ? ", never seen in training" : ""}`;
      if (right !== output) token.append(make("small", "", make("s", "", output), " ", right));
      else if (row.frames || found.has(step)) token.append(make("small", "", right));
      return [token, " "];
    }));
  }

  function strip(row) {
    const node = make("div", "strip", ...row.frames.map((frames, step) => {
      const part = make("i", row.reference[step] === row.output[step] ? "" : "wrong");
      part.style.flexGrow = frames;
      return part;
    }));
    node.setAttribute("aria-hidden", "true");
    return node;
  }

  function drawing(row) {
    const draw = (tag, attributes) => {
      const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
      return node;
    };
    const points = (heights) => heights.map((height, step) => `${step},${99 - height}`).join(" ");
    const label = `Truth and forecast from ${number(row.low)} to ${number(row.high)}`;
    const node = draw("svg", { class: "drawing", viewBox: `0 0 ${row.truth.length - 1 || 1} 99`, preserveAspectRatio: "none", role: "img", "aria-label": label });
    node.append(...["truth", "forecast"].map((name) => draw("polyline", { class: name, points: points(row[name]) })));
    return node;
  }

  // Each gives what stands above the line with the note, and what begins that line.
  const forms = {
    labels: (row) => [row.input ? [written("p", "", row.input)] : [], chips(labels[row.output], labels[row.reference], isRight(row))],
    words: (row) => [[tokens(row, row.words)], []],
    frames: (row) => {
      let end = 0;
      const spans = row.frames.map((frames) => (frames > 1 ? `${end + 1}–${(end += frames)}` : `${(end += 1)}`));
      return [[strip(row), tokens(row, spans)], []];
    },
    texts: (row) => {
      const [output, reference] = compared(row);
      return [[facts(...(row.input ? [["input", row.input]] : []), ["reference", ...reference], ["output", ...output])], []];
    },
    tunes: (row) => [[facts(["attributes", row.input], ["reference", make("code", "", row.references[0])], ["output", make("code", "", row.output || "(empty)")])], []],
    numbers: (row) => [[], [make("span", "chip", row.output), " for ", make("span", "chip ok", row.reference), " "]],
    forecasts: (row) => [[drawing(row)], []],
    likelihoods: (row) => [[written("p", "", row.input)], []],
  };

  function picture(uri) {
    if (!uri) return make("div", "no-picture", "not in this page");
    const node = make("img");
    Object.assign(node, { src: uri, alt: "The picture of this row", loading: "lazy" });
    return node;
  }

  function card(row) {
    const [above, begin] = forms[form](row);
    const measures = note.replace(/\{(\w+)\}/g, (_, name) => number(row[name]));
    const node = make("li", "picture" in row ? "card picture" : "card", ...above, make("p", "muted", ...begin, `${measures} · row\u00a0${row.index}`));
    if ("picture" in row) node.prepend(picture(row.picture));
    return node;
  }

  // --- what the reader does ---

  let found = [];

  function show() {
    const next = found.slice(list.childElementCount, list.childElementCount + STEP).map(card);
    list.append(...next);
    more.hidden = list.childElementCount >= found.length;
    return next[0];
  }

  function counted() {
    const size = (row, step) => row.frames?.[step] ?? 1;
    const total = steps && (given("reference") || given("prediction")) ? found.flatMap((row) => hits(row).map((step) => size(row, step))).reduce((sum, frames) => sum + frames, 0) : 0;
    return `${number(found.length)} of ${number(rows.length)} rows` + (total ? `, ${number(total)} ${steps}` : "");
  }

  function search() {
    found = chosen();
    list.replaceChildren();
    show();
    count.textContent = counted();
    all.hidden = found.length === rows.length && !given("query");
  }

  function choose(values) {
    for (const field of fields) field.value = values[field.name] ?? (field.name === "order" ? "index 1" : "");
    search();
  }

  function open(reference, prediction) {
    choose({ reference: labels.indexOf(reference), prediction: labels.indexOf(prediction) });
    location.hash = "rows";
    section.scrollIntoView();
    section.focus({ preventScroll: true });
  }

  for (const cell of document.querySelectorAll("td[data-reference]")) {
    const { reference, prediction } = cell.dataset;
    const times = cell.textContent.trim();
    if (!times) continue;
    const button = make("button", "", times);
    button.type = "button";
    button.setAttribute("aria-label", `${times}: ${reference} → ${prediction}, show the rows`);
    button.addEventListener("click", () => open(reference, prediction));
    cell.replaceChildren(button);
  }
  for (const field of fields) field.addEventListener("input", search);
  more.addEventListener("click", () => {
    const first = show();
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
  });
  all.addEventListener("click", () => { choose({}); fields[0].focus(); });
  for (const node of document.querySelectorAll("[data-scripted]")) node.hidden = false;
  search();
})();
