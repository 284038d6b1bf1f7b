// Runs in a page of its own and draws documents in frames: see computed_styles.py, which is its only user.

// What is never rendered is never styled: a rule that matches it may go, and a `style` element may go itself.
const UNRENDERED = new Set([
  "area", "base", "datalist", "head", "link", "meta", "noembed", "noframes", "param", "script", "source",
  "style", "template", "title", "track",
]);

// Word's properties, and those of engines that died, mean nothing to Chromium. As custom properties they cascade.
const FOREIGN = /(?<![\w:(.#-])(mso|-ms|-moz)-(?=[\w-]+\s*:)/gi;
// A state that no element is in becomes one that each is in, of the same specificity.
const STATES = /:(hover|focus-within|focus-visible|focus|active|visited|target)(?![\w-])/gi;
const PSEUDO = /::?(before|after|first-line|first-letter|marker|placeholder)\b/g;
// Selectors that only match what a client makes of the document.
const GMAIL = /\bu\s*[+~]/;
const HACKS = /data-ogs|owa\]|office365|x-apple-|ExternalClass|ReadMsgBody|#outlook|MessageViewBody|moz-text/i;

const VIEWS = {
  plain: { changes: () => true, text: (text) => text, dress: () => {} },
  states: {
    changes: (text) => text.search(STATES) >= 0, text: (text) => text.replace(STATES, ":not(._never)"), dress: () => {},
  },
  clients: { changes: (text) => HACKS.test(text) || GMAIL.test(text), text: (text) => text, dress: dressAsClient },
};

// What the reading clients do to a document, all at once.
function dressAsClient(page) {
  const root = page.documentElement;
  for (const name of ["data-ogsc", "data-ogsb", "data-outlook-cycle", "owa", "office365"]) root.setAttribute(name, "");
  root.classList.add("ExternalClass", "ReadMsgBody", "moz-text-html", "yshortcuts");
  if (!root.id) root.id = /#MessageViewBody/.test(root.outerHTML) ? "MessageViewBody" : "outlook";
  for (const link of page.querySelectorAll("a")) link.setAttribute("x-apple-data-detectors", "true");
  if (GMAIL.test(root.outerHTML)) page.body.before(page.createElement("u"));
}

// An empty frame of a width.
function frameOf(width) {
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-same-origin";
  frame.style.cssText = `display: block; border: 0; width: ${width}px; height: 800px`;
  document.body.append(frame);
  return frame;
}

// Draws a document in a new frame, whose scripts and whose network are off. No rule makes the head visible.
async function draw(text, width, view) {
  const frame = frameOf(width);
  const page = frame.contentDocument;
  const loaded = new Promise((resolve) => { frame.addEventListener("load", resolve); setTimeout(resolve, 2000); });
  page.open();
  page.write(VIEWS[view].text(text.replace(FOREIGN, "--$1-")));
  page.close();
  if (page.readyState !== "complete") await loaded;
  VIEWS[view].dress(page);
  const hidden = new frame.contentWindow.CSSStyleSheet();
  hidden.replaceSync(`:root:root:root > head { display: none !important }`);
  page.adoptedStyleSheets = [hidden];
  for (const animation of page.getAnimations()) { animation.pause(); animation.currentTime = 0; }
  return { frame, page, window: frame.contentWindow };
}

// What the sheets and the attributes of a document touch: longhands and pseudo-elements, and its media queries.
function survey({ page }, names, pseudos, queries) {
  const query = (list) => { if (list?.length) queries.add(list.mediaText); };
  const declare = (style) => { for (const name of style) names.add(name); };
  const walk = (rules) => {
    for (const rule of rules) {
      const kind = rule.constructor.name;
      // Keyframes, fonts and pages declare nothing for an element.
      if (/Keyframe|Font|Page|Margin|Property|CounterStyle|PositionTry/.test(kind)) continue;
      if (rule.style) declare(rule.style);
      for (const [, name] of rule.selectorText?.matchAll(PSEUDO) ?? []) pseudos.add(`::${name}`);
      if (kind === "CSSContainerRule") queries.add("container");
      query(rule.media);
      if (rule.cssRules) walk(rule.cssRules);
    }
  };
  for (const sheet of page.styleSheets) {
    query(sheet.media);
    try { walk(sheet.cssRules); } catch { /* a sheet from elsewhere, which did not load */ }
  }
  for (const element of page.querySelectorAll("[style]")) declare(element.style);
}

// An empty frame of each width, in which queries are asked.
const probes = new Map();
function answers(queries, width) {
  if (!probes.has(width)) probes.set(width, frameOf(width));
  const { contentWindow } = probes.get(width);
  return [...queries].map((query) => query === "container" ? width : contentWindow.matchMedia(query).matches).join();
}

// Where an element is, as a person would say it.
function place(element) {
  const steps = [];
  for (let e = element; e && steps.length < 4; e = e.parentElement) {
    const twins = [...e.parentElement?.children ?? []].filter((other) => other.localName === e.localName);
    const index = twins.length > 1 ? `[${twins.indexOf(e) + 1}]` : "";
    steps.unshift(e.localName + (e.id ? `#${e.id}` : "") + index);
  }
  return steps.join(" > ");
}

// The elements that a style shows on, in order.
function rendered(page) {
  return [...page.querySelectorAll("*")].filter((e) => !UNRENDERED.has(e.localName) && !e.closest("head"));
}

// The values of all properties of all elements, row by row.
function read(window, elements, names, pseudos) {
  const values = [];
  for (const element of elements) {
    for (const pseudo of pseudos) {
      const style = window.getComputedStyle(element, pseudo);
      for (const name of names) values.push(style.getPropertyValue(name));
    }
  }
  return values;
}

// Whether a property is the one that an exception names, or one of those before its `*`.
function isNamed(name, property) {
  return name.endsWith("*") ? property.startsWith(name.slice(0, -1)) : property === name;
}

// What is known of a document: its queries, and which answers to them were looked at already. The cascade depends on
// nothing else, so a mode in which each query has the same answer shows nothing new.
const known = new Map();

// Compares a document with what was made of it.
async function compare({ key, before, afters, modes, exceptions }) {
  const results = afters.map(() => ({ compared: 0, differing: 0, differences: [], excepted: {}, trees: null }));
  if (!known.has(key)) known.set(key, { queries: null, seen: new Set() });
  const { seen } = known.get(key);
  for (const { width, view, label } of modes) {
    if (!VIEWS[view].changes(before)) continue;
    const mode = () => `${view} ${answers(known.get(key).queries, width)}`;
    if (known.get(key).queries && seen.has(mode())) continue;
    const first = await draw(before, width, view);
    const drawn = [];
    for (const after of afters) drawn.push(await draw(after, width, view));
    const touched = new Set(), pseudos = new Set([null]), queries = new Set();
    for (const one of [first, ...drawn]) survey(one, touched, pseudos, queries);
    known.get(key).queries ??= queries;
    seen.add(mode());
    const names = touched.has("all") ? [...first.window.getComputedStyle(first.page.documentElement)] : [];
    for (const name of touched) if (!names.includes(name)) names.push(name);
    const kinds = [...pseudos];
    const elements = rendered(first.page), shape = elements.map((element) => element.localName).join(" ");
    const expected = read(first.window, elements, names, kinds);
    const perElement = names.length * kinds.length;
    drawn.forEach((one, index) => {
      const result = results[index];
      const others = rendered(one.page);
      if (others.map((element) => element.localName).join(" ") !== shape) {
        result.trees ??= `${elements.length} elements before, ${others.length} after`;
        return;
      }
      const found = read(one.window, others, names, kinds);
      result.compared += expected.length;
      for (let at = 0; at < expected.length; at += 1) {
        if (expected[at] === found[at]) continue;
        const element = elements[Math.floor(at / perElement)];
        const property = names[at % names.length];
        const exception = exceptions.find(({ properties, selector }) =>
          properties ? properties.some((name) => isNamed(name, property)) : element.matches(selector));
        if (exception) {
          result.excepted[exception.line] = (result.excepted[exception.line] ?? 0) + 1;
          continue;
        }
        result.differing += 1;
        if (result.differences.length < 12) {
          const pseudo = kinds[Math.floor((at % perElement) / names.length)] ?? "";
          result.differences.push([label, place(element) + pseudo, property, expected[at], found[at]]);
        }
      }
    });
    for (const { frame } of [first, ...drawn]) frame.remove();
  }
  return results;
}
