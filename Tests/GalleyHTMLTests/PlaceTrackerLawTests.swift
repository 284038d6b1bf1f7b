import GalleyHTML
import Testing

/// What both the lexer and the tracker can say of a place.
private struct Finding: Equatable, CustomStringConvertible {
  var what: String
  var element = ""
  var attribute = ""
  var isInConditional: Bool

  var description: String { "\(what) \(element) \(attribute)\(isInConditional ? " in conditional" : "")" }

  init(_ what: String, isInConditional: Bool) {
    self.what = what
    self.isInConditional = isInConditional
  }

  init(_ place: Place) {
    self.init("", isInConditional: place.isInConditional)
    switch place.kind {
    case .text: what = "text"
    case .escapableRawText(let name): (what, element) = ("escapable", name)
    case .rawText(let name): (what, element) = ("raw", name)
    case .attribute(let attribute):
      what = "value \(attribute.quote)"
      element = attribute.element
      self.attribute = attribute.name
    case .tagName: what = "tag name"
    case .insideTag: what = "tag"
    case .comment: what = "comment"
    case .declaration: what = "declaration"
    }
  }
}

/// Where the lexer finds the placeholder at `offset`.
private func lexedPlace(_ bytes: [UInt8], _ placeholders: [Placeholder], at offset: Int) -> Finding {
  var lexer = HTMLLexer(bytes, placeholders: placeholders)
  var raw: HTMLLexer.Token?
  var isInConditional = false
  func text(_ range: Range<Int>) -> String {
    var result: [UInt8] = []
    var index = range.lowerBound
    while index < range.upperBound {
      if let hole = placeholders.first(where: { $0.range.lowerBound == index }) {
        result += Array("…".utf8)
        index = hole.range.upperBound
      } else {
        result.append(bytes[index] &- 0x41 < 26 ? bytes[index] | 0x20 : bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
  while let token = lexer.next() {
    let isHere = token.start <= offset && offset < token.end
    var finding = Finding("", isInConditional: isInConditional)
    switch token.kind {
    case .text: finding.what = "text without a hole"
    case .placeholder:
      guard let raw else {
        finding.what = "text"
        break
      }
      finding.what = raw.element.traits.contains(.rawText) ? "raw" : "escapable"
      finding.element = text(raw.start + 1..<raw.nameEnd)
    case .startTag, .endTag, .unfinishedTag:
      let isEnd = bytes[token.start + 1] == 0x2F && placeholders.allSatisfy { $0.range.lowerBound != token.start + 1 }
      finding.what = offset <= token.nameEnd ? "tag name" : "tag"
      let attributes = lexer.attributes[token.firstAttribute...].prefix(token.attributeCount)
      if !isEnd, let attribute = attributes.first(where: { (Int($0.valueStart)..<Int($0.valueEnd)).contains(offset) }) {
        let quote: Place.Quote =
          attribute.quote == .double ? .double : attribute.quote == .single ? .single : .none
        finding.what = "value \(quote)"
        finding.element = text(token.start + 1..<token.nameEnd)
        finding.attribute = text(Int(attribute.nameStart)..<Int(attribute.nameEnd))
      }
      raw = token.beginsRawText ? token : nil
    case .comment, .conditionalOpen, .conditionalClose, .revealedOpen, .revealedClose:
      finding.what = "comment"
      if token.kind == .revealedOpen, bytes[token.start + 2] == 0x2D, offset > token.nameEnd {
        finding.isInConditional = true
      }
      if token.kind == .conditionalOpen { isInConditional = true }
      if token.kind == .conditionalClose { (isInConditional, raw) = (false, nil) }
    case .doctype, .cdata: finding.what = "declaration"
    }
    if isHere { return finding }
  }
  return Finding("nowhere", isInConditional: false)
}

/// Compares the tracker with the lexer at one offset of a sample; returns a complaint.
private func disagreement(_ sample: Sample, at offset: Int, keepsRest: Bool, random: inout SeededGenerator) -> String? {
  guard sample.placeholders.allSatisfy({ !($0.range.lowerBound < offset && offset < $0.range.upperBound) })
  else { return nil }
  var tracker = PlaceTracker()
  var position = 0
  func feed(to end: Int) {
    while position < end {
      let next = min(end, position + 1 + random.below(20))
      tracker.advance(over: sample.bytes[position..<next])
      position = next
    }
  }
  var placeholders: [Placeholder] = []
  for hole in sample.placeholders where hole.range.upperBound <= offset {
    feed(to: hole.range.lowerBound)
    tracker.passHole(hole.kind)
    position = hole.range.upperBound
    placeholders.append(hole)
  }
  feed(to: offset)
  var bytes = Array(sample.bytes[..<offset]) + [0x1A]
  placeholders.append(Placeholder(range: offset..<offset + 1, kind: .output))
  if keepsRest {
    bytes += sample.bytes[offset...]
    for hole in sample.placeholders where hole.range.lowerBound >= offset {
      placeholders.append(
        Placeholder(range: hole.range.lowerBound + 1..<hole.range.upperBound + 1, kind: hole.kind))
    }
  }
  let expected = lexedPlace(bytes, placeholders, at: offset)
  var found = Finding(tracker.place)
  if found.what.hasPrefix("value") == false, expected.what == "comment" || found.what == "tag" { found.element = "" }
  return found == expected
    ? nil
    : "\(found) instead of \(expected) at \(offset) of \(String(reflecting: String(decoding: bytes, as: UTF8.self)))"
}

@Test func `the tracker finds the place that the lexer finds`() {
  for seed in UInt64(1)...2500 {
    var random = SeededGenerator(seed: seed &* 7919)
    let sample =
      switch seed % 4 {
      case 0: Sample.noise(seed: seed)
      case 1 where !Suites.corpus.isEmpty: Sample.mutated(seed: seed, from: Suites.corpus)
      default: Sample.soup(seed: seed)
      }
    for _ in 0..<4 {
      let offset = random.below(sample.bytes.count + 1)
      for keepsRest in [false, true] {
        if let complaint = disagreement(sample, at: offset, keepsRest: keepsRest, random: &random) {
          Issue.record("seed \(seed): \(complaint)")
          return
        }
      }
    }
  }
}
