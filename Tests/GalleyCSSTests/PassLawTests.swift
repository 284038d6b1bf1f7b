import Foundation
import GalleyCSS
import GalleyHTML
import GalleySource
import Growth
import Testing

/// Pieces of documents that are likely to meet each other badly.
private let pieces: [String] = [
  "a", "p", ".x", " ", "\n", "\r\n", "\t", "\u{C}", "  ", "{", "}", "(", ")", "[", "]", ";", ":", ",", "\"", "'", "\\",
  "/*",
  "*/", "url(", "url(x)", "@media x{", "@import ", "<!--", "-->", "1", "0px", "-", "+", ">", "&", "=", "<", "\u{0}",
  "é",
  "{{x}}", "<style>", "</style>", "<p class=", "<p style=\"", "<div>", "</div>", "<!--[if mso]>", "<![endif]-->",
  "style='", "<b id=i class='x:y y' style=color:red>", "margin:0px", "margin-top:1px;", "margin-right:1px;",
  "margin-bottom:1px;", "margin-left:1px;", "&quot;", "&#59;", "&amp;", "p{", "color:red}", ".x\\:y{", "[class~=x]{",
  "[class='x:y']{", "<pre>", "</pre>", "<td>", "<tr>", "</td>", "<table align=left>", "<head>", "<a href=",
  "<img src=\"",
  "https://x.com/", "?a", "#b", "../", "srcset='a 1x,b'", "<!-- c -->", "white-space:pre", "display:inline", "<svg>",
  "</svg>", "<br />", "/>", "<textarea>", "class=a:b", "class=\"{{x}}:b\"", "<link rel=stylesheet>", "&#32;", "&fjlig;",
]

/// A document of such pieces and of any bytes.
func randomPassText(_ random: inout SeededGenerator) -> [UInt8] {
  var text: [UInt8] = []
  for _ in 0..<random.below(60) {
    if random.chance(4) { text.append(UInt8(random.below(256))) } else { text += Array(random.pick(pieces).utf8) }
  }
  return text
}

/// Placeholders at each `{{x}}` and at some random places.
func randomPlaceholders(_ text: [UInt8], _ random: inout SeededGenerator) -> [Placeholder] {
  let isRich = random.chance(50)
  var result: [Placeholder] = []
  var index = 0
  while index < text.count {
    let isMark = text[index...].starts(with: "{{x}}".utf8)
    if isMark || isRich && random.chance(2) {
      let end = min(index + (isMark ? 5 : 1 + random.below(3)), text.count)
      result.append(Placeholder(range: index..<end, kind: random.pick([.output, .open, .middle, .close, .silent])))
      index = end
    } else {
      index += 1
    }
  }
  return result
}

/// The placeholders of a document where they stand after edits; nil if one was touched.
func moved(_ placeholders: [Placeholder], by edits: EditList) -> [Placeholder]? {
  let starts = edits.map(offsets: placeholders.map(\.range.lowerBound))
  var result: [Placeholder] = []
  for (placeholder, start) in zip(placeholders, starts) {
    guard let start else { return nil }
    result.append(Placeholder(range: start..<start + placeholder.range.count, kind: placeholder.kind))
  }
  return result
}

@Suite struct PassLawTests {
  @Test(arguments: Pass.all.map(\.name)) func `a pass takes any bytes, spares placeholders, and is done after one run`(
    _ name: String
  ) throws {
    let pass = try #require(Pass.all.first { $0.name == name })
    for seed in 0..<600 as Range<UInt64> {
      var random = SeededGenerator(seed: seed &+ 500_000)
      let text = randomPassText(&random)
      let placeholders = randomPlaceholders(text, &random)
      let edits = pass.edits(HTMLTree.parse(text, placeholders: placeholders))
      var end = 0
      for edit in edits.sorted() {
        #expect(edit.range.lowerBound >= end, "seed \(seed): edits overlap at \(edit.range)")
        if edit.range.lowerBound < end { return }
        end = edit.range.upperBound
        let isTouched = placeholders.contains { placeholder in
          placeholder.range.overlaps(edit.range)
            || placeholder.range.lowerBound < edit.range.lowerBound
              && edit.range.upperBound < placeholder.range.upperBound
        }
        #expect(!isTouched, "seed \(seed): a placeholder is touched at \(edit.range)")
      }
      let once = edits.apply(to: text)
      guard let after = moved(placeholders, by: edits) else {
        Issue.record("seed \(seed): a placeholder is gone")
        continue
      }
      let twice = pass.edits(HTMLTree.parse(once, placeholders: after)).apply(to: once)
      let isSame = once == twice
      #expect(
        isSame,
        """
        seed \(seed):
        \(String(decoding: text, as: UTF8.self).debugDescription)
        \(String(decoding: once, as: UTF8.self).debugDescription)
        \(String(decoding: twice, as: UTF8.self).debugDescription)
        """)
      if !isSame { return }
    }
  }

  @Test(arguments: Pass.all.map(\.name)) func `a pass over a real mail is done after one run`(_ name: String) throws {
    let pass = try #require(Pass.all.first { $0.name == name })
    let root = ProcessInfo.processInfo.environment["GALLEY_SUITES"] ?? "../shared/suites"
    let folder = URL(fileURLWithPath: root).appendingPathComponent("corpus")
    let paths = (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? [])
      .filter { $0.hasSuffix(".html") }.sorted()
    if paths.isEmpty { return print("no corpus found: set GALLEY_SUITES") }
    // One mail of three is enough for a debug build.
    for path in paths.enumerated().filter({ $0.offset % 3 == 0 }).map(\.element) {
      guard let data = FileManager.default.contents(atPath: folder.appendingPathComponent(path).path) else { continue }
      let bytes = [UInt8](data)
      for placeholders in [PlaceholderScanner.scan(bytes)] {
        let edits = pass.edits(HTMLTree.parse(bytes, placeholders: placeholders))
        let once = edits.apply(to: bytes)
        let after = try #require(moved(placeholders, by: edits), "\(path): a placeholder is gone")
        let again = pass.edits(HTMLTree.parse(once, placeholders: after))
        #expect(again.isEmpty, "\(path): \(again.entries.count) edits in the second run")
      }
    }
  }

  @Test(arguments: Pass.all.map(\.name)) func `a pass takes time in proportion to the document`(_ name: String) throws {
    let pass = try #require(Pass.all.first { $0.name == name })
    let piece = """
      <style>.a\\:b, [class~="c:d"] { margin-top: 0px; margin-left: 0px } @media x { td { display: block } }</style>
      <td  class="a:b {{x}} c:d"  style="margin-top: 0px; margin-right: 1px; margin-bottom: 0px; margin-left: 1px">
        <a href="x/../y?z">a  b</a>  <!-- x --> {{x}}

      """
    let growth = Growth(from: 100) { count in
      let bytes = Array(String(repeating: piece, count: count).utf8)
      return HTMLTree.parse(bytes, placeholders: PlaceholderScanner.scan(bytes))
    } work: {
      _ = pass.edits($0)
    }
    #expect(growth.isLinear, "\(growth)")
  }
}
