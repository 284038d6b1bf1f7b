import Foundation
import GalleyHTML

/// A small random generator whose sequence depends on its seed alone.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }
}

/// A document of some kind with placeholders, made from a seed.
struct Sample {
  var bytes: [UInt8] = []
  var placeholders: [Placeholder] = []

  private static let pieces: [String] =
    """
    <|</|>|/>|/|=|"|'|a| |b|-|--|-->|--!>|!|]|]>|<!|<!-|<!--|<!-->|<!--->|<!DOCTYPE html>|<!doctype|<![CDATA[|]]>\
    |<![if mso]>|<![endif]>|<!--[if mso]>|<!--[if !mso]><!-->|<!--<![endif]-->|<![endif]-->|<!--[if |[if|<?xml ?>\
    |<p>|</p>|<p class="a">|<div>|</div>|<td|<td>|</td>|<tr>|<table>|</table>|<li>|<ul>|</ul>|<a href="|<a href=\
    |<a href='https://h.example/|https:|//|?|#|mailto:|<b>|<i>|</b>|</i>|<style>|</style>|</style|<script>|</script>\
    |<script|<title>|</title>|<textarea>|</textarea >|<svg>|</svg>|<svg/>|<style/>|<title/>|<plaintext>|<o:p/>|<br>\
    |<img src="x" alt=|&amp;|&#x41;|\u{0}|\u{0C}|é|<option>|<select>|<button>|</br>|<h1>|</h2>|<math>|<xmp>|</xmp>\
    |style="|onclick='|color:red|width=|<v:rect fill="t" />|<body>|<html>|</html>|<head>|<caption>|\r\n|\t
    """.split(separator: "|", omittingEmptySubsequences: false).map(String.init)

  /// Pieces of markup in any order, with placeholders among them.
  static func soup(seed: UInt64, count: Int = 40) -> Sample {
    var random = SeededGenerator(seed: seed)
    var sample = Sample()
    for _ in 0..<random.below(count) {
      if random.below(8) == 0 {
        sample.appendPlaceholder(&random)
      } else {
        sample.bytes += Array(pieces[random.below(pieces.count)].utf8)
      }
    }
    return sample
  }

  /// Random bytes, mostly those that mean something to HTML.
  static func noise(seed: UInt64, count: Int = 60) -> Sample {
    var random = SeededGenerator(seed: seed)
    var sample = Sample()
    let alphabet = Array("<>/=\"'!-[]? abpstyle&;:".utf8)
    for _ in 0..<random.below(count) {
      switch random.below(12) {
      case 0: sample.bytes.append(anyByte(&random))
      case 1: sample.appendPlaceholder(&random)
      default: sample.bytes.append(alphabet[random.below(alphabet.count)])
      }
    }
    return sample
  }

  /// A piece of a real mail in which something was deleted, doubled or replaced.
  static func mutated(seed: UInt64, from files: [[UInt8]]) -> Sample {
    var random = SeededGenerator(seed: seed)
    let file = files[random.below(files.count)]
    guard file.count > 10 else { return soup(seed: seed) }
    let start = random.below(file.count - 1)
    var piece = Array(file[start..<min(file.count, start + 20 + random.below(1500))])
    for _ in 0..<random.below(6) where piece.count > 4 {
      let at = random.below(piece.count - 2)
      switch random.below(3) {
      case 0: piece.removeSubrange(at..<min(piece.count, at + 1 + random.below(20)))
      case 1: piece.insert(contentsOf: pieces[random.below(pieces.count)].utf8, at: at)
      default: piece[at] = anyByte(&random)
      }
    }
    var sample = Sample(bytes: piece)
    var position = 0
    while random.below(3) > 0, position + 2 < piece.count {
      let lower = position + random.below(piece.count - position)
      let upper = min(piece.count, lower + 1 + random.below(6))
      sample.placeholders.append(Placeholder(range: lower..<upper, kind: kind(&random)))
      position = upper
    }
    return sample
  }

  /// Any byte but the one that marks holes, which no source may contain.
  private static func anyByte(_ random: inout SeededGenerator) -> UInt8 {
    let byte = UInt8(truncatingIfNeeded: random.below(256))
    return byte == 0x1A ? 0x1B : byte
  }

  private mutating func appendPlaceholder(_ random: inout SeededGenerator) {
    let start = bytes.count
    bytes += Array(["\u{1A}", "{{x}}", "{{\">-->\"}}", "</style>"][random.below(4)].utf8)
    placeholders.append(Placeholder(range: start..<bytes.count, kind: Self.kind(&random)))
  }

  private static func kind(_ random: inout SeededGenerator) -> Placeholder.Kind {
    [.output, .output, .output, .open, .middle, .close, .silent][random.below(7)]
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// The documents of others that tests run over.
enum Suites {
  /// The folder of suites, or nil where it is absent.
  static let root: URL? = {
    let packageRoot = URL(filePath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let path = ProcessInfo.processInfo.environment["GALLEY_SUITES"]
    let folder = path.map { URL(filePath: $0) } ?? packageRoot.appending(path: "../shared/suites")
    guard FileManager.default.fileExists(atPath: folder.path) else {
      print("skipped: no suites at \(folder.path); set GALLEY_SUITES")
      return nil
    }
    return folder
  }()

  /// The files below a folder of the suites with the given extension, in the order of their paths.
  static func files(_ folder: String, ext: String) -> [(path: String, bytes: [UInt8])] {
    guard let root else { return [] }
    let start = root.appending(path: folder)
    let names = (FileManager.default.enumerator(atPath: start.path)?.compactMap { $0 as? String } ?? []).sorted()
    return names.filter { $0.hasSuffix("." + ext) }.compactMap { name in
      (try? Data(contentsOf: start.appending(path: name))).map { (name, Array($0)) }
    }
  }

  /// The mails of the corpus.
  static let corpus: [[UInt8]] = files("corpus", ext: "html").map(\.bytes)
}
