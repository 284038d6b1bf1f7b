import Foundation
import GalleyCSS
import GalleyHTML
import GalleySource
import Testing

/// The cases of juice (https://github.com/Automattic/juice), compared as the winning declaration of each longhand of
/// each element. What differs is listed in `Tests/Corpus/suites/juice.deviations`.
///
/// juice takes `!important` off what it inlines, so that importance is not compared. Its options for attributes, for
/// what stays in the head and for links are not ours, and nothing of that is in a `style` attribute.
@Suite struct JuiceSuiteTests {
  /// What juice is told by the file beside a case.
  private struct Options: Decodable {
    var extraCss: String?
  }

  @Test func `juice's cases agree`() throws {
    guard let folder = SuiteFiles.folder("juice") else { return }
    var deviations = Deviations("juice")
    for name in SuiteFiles.names(folder, ext: "out") {
      let sheet = SuiteFiles.bytes(folder.appending(path: "\(name).css"))
      compare(name, in: folder, sheets: [sheet], &deviations)
    }
    let contents = folder.appending(path: "juice-content")
    for name in SuiteFiles.names(contents, ext: "out") {
      let data = try Data(contentsOf: contents.appending(path: "\(name).json"))
      let extra = try JSONDecoder().decode(Options.self, from: data).extraCss
      compare(name, in: contents, sheets: extra.map { [Array($0.utf8)] } ?? [], &deviations)
    }
    deviations.finish()
  }

  private func compare(_ name: String, in folder: URL, sheets: [[UInt8]], _ deviations: inout Deviations) {
    let html = SuiteFiles.bytes(folder.appending(path: "\(name).html"))
    let output = Self.inline(html, sheets: sheets)
    #expect(Self.inline(output, sheets: []) == output, "\(name) is not inlined once and for all")
    let expected = SuiteFiles.bytes(folder.appending(path: "\(name).out"))
    let (ours, theirs) = (Self.elements(output), Self.elements(expected))
    let key = folder.lastPathComponent == "juice" ? name : "\(folder.lastPathComponent)/\(name)"
    guard ours.map(\.label) == theirs.map(\.label) else {
      return deviations.note("\(key), elements", differs: true) { "\(ours.map(\.label)), not \(theirs.map(\.label))" }
    }
    for (our, their) in zip(ours, theirs) {
      let (found, wanted) = (StyleReading(our.style ?? "").winners, StyleReading(their.style ?? "").winners)
      let names = Set(found.keys).union(wanted.keys).filter { found[$0] != wanted[$0] }.sorted()
      let properties = Set(names.compactMap { (wanted[$0] ?? found[$0])?.prefix { $0 != ":" } }).sorted()
      let list = properties.isEmpty ? "" : ", \(properties.joined(separator: " "))"
      deviations.note("\(key), \(our.label)\(list)", differs: !names.isEmpty) {
        "'\(our.style ?? "")', not '\(their.style ?? "")'"
      }
    }
  }

  private static func inline(_ html: [UInt8], sheets: [[UInt8]]) -> [UInt8] {
    let tree = HTMLTree.parse(html, placeholders: PlaceholderScanner.scan(html))
    return Inliner().inline(tree, sheets: sheets.map { StyleSheet($0) }).edits.apply(to: html)
  }

  private static func elements(_ html: [UInt8]) -> [(label: String, style: String?)] {
    StyleReading.elements(html, placeholders: PlaceholderScanner.scan(html))
  }
}
