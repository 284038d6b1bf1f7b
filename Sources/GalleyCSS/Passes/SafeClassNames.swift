package import GalleyHTML
package import GalleySource

/// Gives classes names that need no escape in a style sheet: `sm:w-1/2` becomes `sm-w-1-2`.
///
/// Some clients drop each rule, or the whole sheet, in which a selector has a backslash. A name is changed everywhere
/// at once: in `class` attributes, in the selectors of all sheets, in `[class~=…]` and `[class=…]`, and in the same
/// places of conditional comments. New names are those of the characters that may stay, with `-` for each run of
/// others; one that is taken gets a number. Left alone are the names that clients use, names that a placeholder
/// touches or may become, and names whose change a selector such as `[class*=…]` would notice. The result depends on
/// nothing but the document.
package struct SafeClassNames: Sendable {
  /// Makes the pass.
  package init() {}

  /// The edits to a document that is inlined already.
  package func edits(for tree: HTMLTree) -> EditList { result(for: tree).edits }

  /// The edits, and the first place of each name in a sheet that stays although it needs an escape.
  package func result(for tree: HTMLTree) -> PassResult {
    var run = Renaming(tree)
    run.collect()
    guard run.hasUnsafeName else { return PassResult() }
    run.chooseNames()
    return PassResult(edits: run.edits(), remarks: run.remarks())
  }
}

/// The work on one document.
private struct Renaming {
  private let tree: HTMLTree
  private var attributes: [ClassAttribute] = []
  private var sheets: [(text: EmbeddedText, mentions: ClassMentions)] = []
  /// All names that are written somewhere, in document order.
  private var names: [[UInt8]] = []
  private var isKnown: Set<[UInt8]> = []
  private var blocked = BlockedNames()
  /// The new names by the old ones.
  private var renamed: [[UInt8]: [UInt8]] = [:]
  private(set) var hasUnsafeName = false
  private var hasUnknownTest = false

  init(_ tree: HTMLTree) { self.tree = tree }

  // MARK: - Collecting

  mutating func collect() {
    for index in tree.nodes.indices where tree.nodes[index].kind == .element {
      if tree.nodes[index].name.value == PassNames.style { collectSheet(tree.nodes[index]) }
      if let attribute = ClassAttribute(NodeID(index), of: tree) { collect(attribute) }
    }
  }

  private mutating func collectSheet(_ node: HTMLTree.Node) {
    let text = EmbeddedText(contentOf: node, in: tree)
    let mentions = ClassMentions(text)
    for mention in mentions.mentions {
      note(mention.name)
      if mention.ignoresCase { blocked.block(anyCaseOf: mention.name) }
    }
    for name in mentions.touched { blocked.block(name) }
    hasUnknownTest = hasUnknownTest || mentions.hasUnknownTest
    sheets.append((text, mentions))
  }

  private mutating func collect(_ attribute: ClassAttribute) {
    for word in attribute.words {
      if word.isTouched { blocked.block(attribute.pieces(of: word)) } else { note(attribute.name(word)) }
    }
    attributes.append(attribute)
  }

  private mutating func note(_ name: [UInt8]) {
    guard isKnown.insert(name).inserted else { return }
    names.append(name)
    if !ClassSpelling.isSafe(name) { hasUnsafeName = true }
  }

  // MARK: - Choosing

  mutating func chooseNames() {
    guard !hasUnknownTest else { return }
    // Names are compared without case, as documents without a doctype do.
    var taken = Set(names.map { $0.map(\.lowercasedASCII) })
    for name in names where !ClassSpelling.isSafe(name) && mayRename(name) {
      var base = ClassSpelling.safe(name)
      // Without quotes, in a conditional comment, a dash before the end of the tag may end the comment.
      if base.last == 0x2D { base.append(0x5F) }
      var candidate = base
      var number = 2
      // What a placeholder completes may block each name that begins or ends like this one, so there is a last try.
      let last = 2 * names.count + 16
      while taken.contains(candidate.map(\.lowercasedASCII)) || blocked.contains(candidate) {
        if number > last { break }
        candidate = base + Array("-\(number)".utf8)
        number += 1
      }
      if number > last { continue }
      taken.insert(candidate.map(\.lowercasedASCII))
      renamed[name] = candidate
    }
    keepTestsTrue()
  }

  private func mayRename(_ name: [UInt8]) -> Bool {
    if name.contains(where: \.isCSSWhitespace) || blocked.contains(name) { return false }
    return !ClientHacks.isClass(NameHash(name).value, name: name[...])
  }

  /// The most tests of whole values that are looked into; a document with more keeps its names.
  private static let mostTests = 64

  /// Takes back names until each test of a whole value comes out as it did.
  private mutating func keepTestsTrue() {
    let tests = sheets.flatMap(\.mentions.tests).filter { $0.operation != .present }
    guard !tests.isEmpty else { return }
    guard tests.count <= Self.mostTests else { return renamed.removeAll() }
    for _ in 0..<4 {
      let disturbed = attributes.filter { attribute in isDisturbed(attribute, tests) }
      if disturbed.isEmpty { return }
      for attribute in disturbed { for word in attribute.words { renamed[attribute.name(word)] = nil } }
    }
    renamed.removeAll()
  }

  private func isDisturbed(_ attribute: ClassAttribute, _ tests: [ClassMentions.Test]) -> Bool {
    let before = Array(attribute.text.bytes[attribute.text.range])
    let after = rename(attribute)
    if before == after { return false }
    if attribute.words.contains(where: \.isTouched) { return true }
    return tests.contains { test in
      var renamedTest = test
      if test.operation == .equals { renamedTest.value = rename(wordsOf: test.value) }
      return test.passes(before) != renamedTest.passes(after)
    }
  }

  private func rename(_ attribute: ClassAttribute) -> [UInt8] {
    var result: [UInt8] = []
    var position = attribute.text.range.lowerBound
    for word in attribute.words {
      result += attribute.text.bytes[position..<word.range.lowerBound]
      let name = attribute.name(word)
      result += word.isTouched ? name : renamed[name] ?? name
      position = word.range.upperBound
    }
    return result + attribute.text.bytes[position..<attribute.text.range.upperBound]
  }

  private func rename(wordsOf value: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var word: [UInt8] = []
    for byte in value + [0x20] {
      if byte.isCSSWhitespace {
        result += renamed[word] ?? word
        result.append(byte)
        word = []
      } else {
        word.append(byte)
      }
    }
    return result.dropLast()
  }

  // MARK: - Writing

  func edits() -> EditList {
    var edits = EditList()
    for attribute in attributes {
      for word in attribute.words where !word.isTouched {
        guard let name = renamed[attribute.name(word)] else { continue }
        edits.replace(attribute.text.document(word.range), with: name)
      }
    }
    for (text, mentions) in sheets {
      for mention in mentions.mentions {
        guard let name = renamed[mention.name] else { continue }
        edits.replace(text.document(mention.range), with: name)
      }
    }
    return edits
  }
}

extension Renaming {
  /// The names that stay unsafe, where a sheet mentions them first: elsewhere they do no harm.
  func remarks() -> [PassRemark] {
    var seen: Set<[UInt8]> = []
    var result: [PassRemark] = []
    for (text, mentions) in sheets {
      for mention in mentions.mentions where renamed[mention.name] == nil && !ClassSpelling.isSafe(mention.name) {
        guard seen.insert(mention.name).inserted else { continue }
        let name = String(decoding: mention.name, as: UTF8.self)
        result.append(PassRemark(kind: .unsafeClass(name: name), range: text.document(mention.range)))
      }
    }
    return result
  }
}

/// How a class may be written.
private enum ClassSpelling {
  /// Whether a name needs no escape in a selector.
  static func isSafe(_ name: [UInt8]) -> Bool {
    guard let first = name.first, name.allSatisfy({ $0.isNameByte && $0 != 0 }) else { return false }
    if first == 0x2D { return name.count > 1 && (name[1].isNameStart || name[1] == 0x2D) }
    return first.isNameStart
  }

  /// The name that stands for an unsafe one.
  static func safe(_ name: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var owesDash = false
    for byte in name {
      guard byte.isNameByte, byte != 0 else {
        owesDash = true
        continue
      }
      if owesDash, let last = result.last, last != 0x2D, byte != 0x2D { result.append(0x2D) }
      owesDash = false
      result.append(byte)
    }
    return isSafe(result) ? result : Array("c-".utf8) + result
  }
}

/// The names that may not be changed, and may not come about, because of placeholders.
private struct BlockedNames {
  private var prefixes: Set<UInt64> = []
  private var suffixes: Set<UInt64> = []
  private var anyCase: Set<[UInt8]> = []

  mutating func block(anyCaseOf name: [UInt8]) { anyCase.insert(name.map(\.lowercasedASCII)) }

  /// Blocks what a name with placeholders may become.
  ///
  /// One that is nothing but a value may become anything, so it blocks nothing.
  mutating func block(_ name: TouchedName) {
    if name.hasBlocks {
      for piece in name.pieces where !piece.isEmpty {
        prefixes.insert(NameHash(piece).value)
        suffixes.insert(NameHash(piece.reversed()).value)
      }
      return
    }
    if let first = name.pieces.first, !first.isEmpty {
      prefixes.insert(NameHash(first).value)
    } else if let last = name.pieces.last, !last.isEmpty {
      suffixes.insert(NameHash(last.reversed()).value)
    }
  }

  func contains(_ name: [UInt8]) -> Bool {
    if !anyCase.isEmpty, anyCase.contains(name.map(\.lowercasedASCII)) { return true }
    return hasStart(name, in: prefixes) || hasStart(name.reversed(), in: suffixes)
  }

  private func hasStart(_ name: some Sequence<UInt8>, in set: Set<UInt64>) -> Bool {
    guard !set.isEmpty else { return false }
    var hash = RunningHash()
    for byte in name {
      hash.add(byte)
      if set.contains(hash.value) { return true }
    }
    return false
  }
}
