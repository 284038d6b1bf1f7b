import Foundation
import GalleyCSS
import GalleyHTML
import GalleySource
import Testing

/// A case of `Tests/Corpus/inline`: a document, its sheets, and what each element and the head are left with.
///
/// A file is a sentence and then cases. A case starts with `=== NUMBER TITLE`, the number being that of what it shows
/// in the list of the inliner's semantics; then come sections, each behind a line `--- NAME`:
/// - `css`: a sheet, written before the document in a `style` element; `sheet`: one from elsewhere, once or more;
/// - `html`: the document; the line end at its end is not a part of it;
/// - `expect`: a line `ELEMENT: DECLARATIONS` for each element with a style; all others have none;
/// - `kept`: what is left in `style` elements, as words; nothing without the section;
/// - `output`: the whole output to the byte; `expect` and `kept` are compared then only if they are there;
/// - `diagnostics`: their codes, a line each; not compared without the section;
/// - `options`: `purge`, or `no-conditionals`;
/// - `known`: why the case fails for now.
///
/// `⟦41⟧` stands for the character with that number, `⟦TEXT×9⟧` for nine times the text.
struct SemanticsCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let number: String
  private var sections: [String: [String]] = [:]

  static let folder = SuiteFiles.package.appending(path: "Tests/Corpus/inline")

  /// All cases, in the order of the files.
  static let all: [SemanticsCase] = SuiteFiles.names(folder, ext: "case").flatMap { name in
    cases(String(decoding: SuiteFiles.bytes(folder.appending(path: "\(name).case")), as: UTF8.self))
  }

  private init(_ title: Substring) {
    testDescription = String(title)
    number = String(title.prefix { $0 != " " })
  }

  private static func cases(_ text: String) -> [SemanticsCase] {
    var cases: [SemanticsCase] = []
    var section: String?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      if line.hasPrefix("=== ") {
        cases.append(SemanticsCase(line.dropFirst(4)))
        section = nil
      } else if cases.isEmpty {
        continue
      } else if line.hasPrefix("--- ") {
        section = String(line.dropFirst(4))
        cases[cases.count - 1].sections[section ?? "", default: []].append("")
      } else if let section {
        var texts = cases[cases.count - 1].sections[section] ?? [""]
        texts[texts.count - 1] += line + "\n"
        cases[cases.count - 1].sections[section] = texts
      } else if !line.isEmpty {
        Issue.record("'\(line)' stands in no section")
      }
    }
    return cases
  }

  /// The names of sections that mean nothing.
  var strangeSections: [String] {
    let known: Set = ["css", "sheet", "html", "expect", "kept", "output", "diagnostics", "options", "known"]
    return sections.keys.filter { !known.contains($0) }.sorted()
  }

  /// Why the case fails for now, if it does.
  var knownIssue: String? { sections["known"]?.first.map { $0.replacing("\n", with: " ") } }

  private func text(_ name: String) -> String? {
    sections[name]?.first.map { Self.expanded($0.hasSuffix("\n") ? String($0.dropLast()) : $0) }
  }

  /// A text with what `⟦…⟧` stands for.
  private static func expanded(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "⟦"), let close = rest[open...].firstIndex(of: "⟧") {
      result += rest[..<open]
      let inside = rest[rest.index(after: open)..<close]
      rest = rest[rest.index(after: close)...]
      if let cross = inside.lastIndex(of: "×"), let count = Int(inside[inside.index(after: cross)...]) {
        result += String(repeating: String(inside[..<cross]), count: count)
      } else if let scalar = UInt32(inside, radix: 16).flatMap(Unicode.Scalar.init) {
        result.unicodeScalars.append(scalar)
      } else {
        Issue.record("'⟦\(inside)⟧' stands for nothing")
      }
    }
    return result + rest
  }

  // MARK: - Checking

  private var document: [UInt8] {
    Array(((text("css").map { "<style>\($0)</style>" } ?? "") + (text("html") ?? "")).utf8)
  }

  private func inline(_ html: [UInt8], sheets: [[UInt8]]) -> (html: [UInt8], codes: [String]) {
    var options = InlineOptions()
    let words = (text("options") ?? "").split(separator: "\n")
    options.purgesUnmatched = words.contains("purge")
    options.inlinesConditionals = !words.contains("no-conditionals")
    let tree = HTMLTree.parse(html, placeholders: PlaceholderScanner.scan(html))
    let result = Inliner(options: options).inline(tree, sheets: sheets.map { StyleSheet($0) })
    return (result.edits.apply(to: html), result.diagnostics.map(\.code.name))
  }

  /// Inlines the document and compares all that the case expects.
  func check() {
    let sheets = (sections["sheet"] ?? []).map { Array(Self.expanded($0).utf8) }
    let result = inline(document, sheets: sheets)
    let output = String(decoding: result.html, as: UTF8.self)
    if let expected = text("output") { #expect(output == expected) }
    let isWhole = sections["output"] != nil
    if !isWhole || sections["expect"] != nil { checkElements(result.html, output) }
    if !isWhole || sections["kept"] != nil {
      #expect(Self.kept(result.html) == Self.words(text("kept") ?? ""), "\(output)")
    }
    if let codes = text("diagnostics") {
      #expect(result.codes.sorted() == codes.split(separator: "\n").map(String.init).sorted())
    }
    let again = String(decoding: inline(result.html, sheets: []).html, as: UTF8.self)
    #expect(again == output, "inlining again changes something")
  }

  private func checkElements(_ html: [UInt8], _ output: String) {
    var expected: [String: String] = [:]
    for line in (text("expect") ?? "").split(separator: "\n") {
      let colon = line.firstRange(of: ": ")
      expected[String(line[..<(colon?.lowerBound ?? line.endIndex)])] = colon.map { String(line[$0.upperBound...]) }
    }
    for (label, style) in StyleReading.elements(html, placeholders: PlaceholderScanner.scan(html)) {
      let wanted = expected.removeValue(forKey: label)
      let isSame = StyleReading(style ?? "") == StyleReading(wanted ?? "") && (style == nil) == (wanted == nil)
      #expect(isSame, "'\(label)' has '\(style ?? "no style")', not '\(wanted ?? "no style")', in \(output)")
    }
    #expect(expected.isEmpty, "there is no element of that name")
  }

  /// What stands in `style` elements outside of hidden conditional comments.
  private static func kept(_ html: [UInt8]) -> String {
    let tree = HTMLTree.parse(html, placeholders: PlaceholderScanner.scan(html))
    return words(
      tree.nodes.filter { $0.name == NameHash("style") && !$0.flags.contains(.inConditional) }
        .map { String(decoding: html[Int($0.contentStart)..<Int($0.contentEnd)], as: UTF8.self) }
        .joined(separator: "\n"))
  }

  private static func words(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

@Suite struct SemanticsTests {
  @Test(arguments: SemanticsCase.all)
  func `each element gets what the case says`(_ semantics: SemanticsCase) {
    #expect(semantics.strangeSections.isEmpty)
    if let reason = semantics.knownIssue {
      withKnownIssue("\(reason)") { semantics.check() }
    } else {
      semantics.check()
    }
  }

  @Test func `each of the inliner's semantics has a case`() {
    let numbers = (1...76).map(String.init) + ["33a"]
    var counts: [String: Int] = [:]
    for semantics in SemanticsCase.all { counts[semantics.number, default: 0] += 1 }
    let missing = numbers.filter { counts[$0] == nil }
    #expect(missing.isEmpty, "no case shows these")
    let strange = Set(counts.keys).subtracting(numbers).sorted()
    #expect(strange.isEmpty, "these are no numbers of the list")
    // 77 to 80 are of attributes, 81 to 84 of custom properties and calculations, 85 to 90 of transforms: all of that
    // is off unless asked for, and has tests beside its code.
    print(
      "inline: \(SemanticsCase.all.count) cases for \(counts.count) of \(numbers.count) numbers; 77 to 90 elsewhere")
  }
}
