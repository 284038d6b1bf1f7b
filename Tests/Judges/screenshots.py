"""Judges how the mails look: renders each in Chromium at phone and desktop width, light and dark, and measures it.

    screenshots.py --galley .build/release/galley --out /tmp/mails [--template ID…] [--locale L…] [--sample S…]

Takes the renderings of `galley render --all`, writes one PNG for each mail × locale × sample × width × scheme and an
index.html beside them, and checks what a browser can measure: nothing sticks out sideways, no visible text is under
14 px, links that look like buttons are at least 44 px high, and text stands out from what is behind it by 4.5:1.
Without a list of samples only `default` is shown.
"""

import html
import os
import pathlib
import shutil
import sys

from playwright.sync_api import sync_playwright

import judging

WIDTHS = {600: 800, 375: 812}
SCHEMES = ["light", "dark"]

# Runs in the page and returns a list of complaints.
MEASURE = r"""
(limits) => {
  const complaints = [];
  const short = (element) => (element.textContent || element.tagName).trim().replace(/\s+/g, " ").slice(0, 40);
  const page = document.scrollingElement;
  // A phone lays a page without a viewport out at its own idea of a desktop, which is as bad.
  if (page.scrollWidth > limits.width) {
    const wide = [...document.querySelectorAll("body *")]
      .find((e) => e.getBoundingClientRect().right > limits.width + 0.5 && e.offsetParent);
    const cause = wide ? `: <${wide.tagName}> ${short(wide)}` : "";
    complaints.push(`is ${page.scrollWidth} px wide on ${limits.width}${cause}`);
  }
  const probe = document.createElement("div");
  probe.style.backgroundColor = "Canvas";
  document.body.append(probe);
  const canvas = getComputedStyle(probe).backgroundColor;
  probe.remove();
  const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const luminance = (c) => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const color = (text) => {
    const numbers = (text.match(/[\d.]+/g) || []).map(Number);
    return [numbers[0], numbers[1], numbers[2], numbers.length > 3 ? numbers[3] : 1];
  };
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (style.backgroundImage !== "none") return null;
      const found = color(style.backgroundColor);
      if (found[3] === 1) return found;
      if (found[3] > 0) return null;
    }
    return color(canvas);
  };
  const isVisible = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (style.display === "none" || style.visibility === "hidden" || Number(style.opacity) === 0) return false;
      if (style.overflow === "hidden" && e.getBoundingClientRect().height < 1) return false;
    }
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  let texts = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !/[\p{L}\p{N}]/u.test(walker.currentNode.data)) continue;
    if (seen.has(element) || !isVisible(element)) continue;
    seen.add(element);
    texts += 1;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    if (size < limits.text) complaints.push(`text of ${size} px: ${short(element)}`);
    const back = behind(element);
    if (back) {
      const [a, b] = [luminance(color(style.color)), luminance(back)].sort((x, y) => y - x);
      const ratio = (a + 0.05) / (b + 0.05);
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (ratio < (isLarge ? 3 : 4.5)) {
        const pair = `${style.color} on rgb(${back.slice(0, 3).join(", ")})`;
        complaints.push(`contrast ${ratio.toFixed(2)}:1, ${pair}: ${short(element)}`);
      }
    }
  }
  if (texts === 0) complaints.push("shows no text");
  let buttons = 0;
  for (const link of document.querySelectorAll("a[href]")) {
    if (!isVisible(link)) continue;
    const cell = link.closest("td, th");
    const text = link.textContent.trim();
    const isFilled = (e) => color(getComputedStyle(e).backgroundColor)[3] > 0 && e.textContent.trim() === text;
    const isPlain = getComputedStyle(link).textDecorationLine !== "none";
    if (!isFilled(link) && (isPlain || !cell || !isFilled(cell))) continue;
    buttons += 1;
    const height = link.getBoundingClientRect().height;
    if (height < limits.tap - 0.5) complaints.push(`button of ${height.toFixed(1)} px: ${short(link)}`);
  }
  return { complaints, texts, buttons };
}
"""


def browser_path():
    """The browser of the machine, or None."""
    names = [os.environ.get("GALLEY_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"]
    return next((found for found in (shutil.which(name) for name in names if name) if found), None)


def wanted(arguments, renderings):
    """The renderings that the command line asks for."""
    names = arguments.sample or ["default"]
    return [r for r in renderings
            if (not arguments.template or r["template"] in arguments.template)
            and (not arguments.locale or r["locale"] in arguments.locale)
            and ("all" in names or r["sample"] in names)]


def file_name(rendering, width, scheme):
    """A flat file name that sorts well."""
    words = [rendering["template"], rendering["locale"], rendering["sample"], str(width), scheme]
    return ".".join("".join(c if c.isalnum() or c in "-_" else "-" for c in word) for word in words) + ".png"


def shoot(browser, renderings, out, verdict):
    """Draws and measures; returns the lines of the index."""
    rows, buttons = [], 0
    for width, height in WIDTHS.items():
        for scheme in SCHEMES:
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme,
                                          java_script_enabled=True, offline=True, is_mobile=width < 600,
                                          device_scale_factor=2 if width < 600 else 1)
            # A mail must be readable with images off, so nothing is fetched.
            context.route("**/*", lambda route: route.abort())
            page = context.new_page()
            for rendering in renderings:
                name = file_name(rendering, width, scheme)
                page.set_content(rendering["html"], wait_until="domcontentloaded")
                page.screenshot(path=str(out / name), full_page=True)
                found = page.evaluate(MEASURE, {"text": 14, "tap": 44, "width": width})
                where = f"{rendering['template']} {rendering['locale']} '{rendering['sample']}' {width} {scheme}"
                verdict.check(found["texts"] > 0, f"{where}: shows text")
                for complaint in found["complaints"]:
                    verdict.check(False, f"{where}: {complaint}")
                if not found["complaints"]:
                    verdict.check(True, where)
                buttons += found["buttons"]
                rows.append((where, rendering["subject"], name, found["complaints"]))
            context.close()
    verdict.check(buttons > 0, "no link was taken for a button: nothing was measured")
    return rows


def write_index(rows, out):
    """A page to look through."""
    figures = "".join(
        f"<figure><figcaption><b>{html.escape(where)}</b><br>{html.escape(subject)}"
        + "".join(f"<br><span>{html.escape(complaint)}</span>" for complaint in complaints)
        + f"</figcaption><img loading=lazy src='{html.escape(name)}'></figure>"
        for where, subject, name, complaints in rows)
    (out / "index.html").write_text(
        "<!DOCTYPE html><meta charset=utf-8><title>Mails</title><style>body{font:14px sans-serif;background:#ddd}"
        "figure{display:inline-block;vertical-align:top;margin:12px}figcaption{max-width:400px}span{color:#c00}"
        "img{width:400px}</style>" + figures, encoding="utf-8")


def main():
    arguments = judging.parser(__doc__)
    arguments.add_argument("--out", required=True, type=pathlib.Path, help="the folder for the pictures")
    arguments.add_argument("--env", help="the environment (default: the first)")
    arguments.add_argument("--template", action="append", help="only this template (repeatable)")
    arguments.add_argument("--locale", action="append", help="only this locale (repeatable)")
    arguments.add_argument("--sample", action="append", help="this sample, or 'all' (repeatable)")
    arguments = arguments.parse_args()
    browser = browser_path()
    if browser is None:
        print("SKIPPED no Chromium here")
        sys.exit(1 if os.environ.get("CI") == "true" else 0)
    verdict = judging.Verdict(limit=200)
    galley = judging.Galley(arguments.galley)
    environment = ["--env", arguments.env] if arguments.env else []
    output = galley.succeed("render", "--all", "--site", arguments.site, *environment)
    renderings = wanted(arguments, [judging.json.loads(line) for line in output.decode().splitlines()])
    arguments.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        rows = shoot(chromium, renderings, arguments.out, verdict)
        chromium.close()
    write_index(rows, arguments.out)
    print(f"{len(rows)} pictures in {arguments.out}, start with index.html")
    verdict.finish()


if __name__ == "__main__":
    main()
