// GalleyCheck: everything that can say no to finished HTML.
//
// The module hides libxml2, which is seen by this file alone, through a header of our own, and it turns what libxml2
// and `HTMLTree` know into findings in an author's words. What must hold: limits are checked before libxml2 looks at a
// document; libxml2 reads a masked copy in which offsets are true, and nothing else; one cause gives one finding,
// whoever sees it; any document is accepted, from any number of threads at once. Start with `HTMLValidator`;
// `MarkupChecks` and `ReferenceChecks` hold what our own tree knows, `MarkupMask` what libxml2 gets to see.

private import CGalleyXML
package import GalleyHTML
package import GalleySource

/// Checks finished HTML with libxml2 and with what our own tree knows.
///
/// libxml2 is the independent judge of how elements nest. It stands where it stands when it complains, so the construct
/// is looked up in the tree. Costs two passes over the document and libxml2's one, which takes half of the time: about 20 ms a megabyte.
package enum HTMLValidator {
  /// How much of a document is looked at.
  package struct Limits: Sendable, Hashable {
    /// The largest document in bytes; libxml2 is never given more than 2 MiB.
    package var bytes = 2 << 20
    /// How many attributes an element may have; libxml2's time grows with the square.
    package var attributes = 256
    /// How deep elements may nest.
    package var depth = 200
    /// How many findings are told.
    package var findings = 200

    /// The limits of the design.
    package init() {}
  }

  /// The version of libxml2 in use, such as "2.9.14".
  package static var libraryVersion: String {
    let version = Int(galley_xml_version())
    return "\(version / 10_000).\(version / 100 % 100).\(version % 100)"
  }

  /// What is wrong with a document, in the order of its bytes.
  ///
  /// `placeholders` are sorted by place, lie within the bytes and do not overlap.
  package static func validate(
    _ bytes: [UInt8], placeholders: [Placeholder] = [], limits: Limits = Limits()
  ) -> [HTMLFinding] {
    if let finding = tooLarge(bytes.count, limits) { return [finding] }
    return validate(HTMLTree.parse(bytes, placeholders: placeholders), limits: limits)
  }

  /// What is wrong with a document whose tree is known, in the order of its bytes.
  package static func validate(_ tree: HTMLTree, limits: Limits = Limits()) -> [HTMLFinding] {
    if let finding = tooLarge(tree.bytes.count, limits) { return [finding] }
    var markup = MarkupChecks(tree, limits)
    markup.run()
    var findings = markup.findings
    findings += ReferenceChecks.findings(in: tree, limit: limits.findings)
    if !markup.exceedsLimits { findings += complaints(about: tree, knowing: markup) }
    findings.sort { a, b in
      (a.range.lowerBound, a.range.upperBound, a.code.name) < (b.range.lowerBound, b.range.upperBound, b.code.name)
    }
    return Array(findings.prefix(limits.findings))
  }

  /// What is wrong with a text, at the places where people wrote it.
  package static func diagnostics(
    for bytes: [UInt8], placeholders: [Placeholder], origins: OriginMap, limits: Limits = Limits()
  ) -> [Diagnostic] {
    validate(bytes, placeholders: placeholders, limits: limits).compactMap { $0.diagnostic(origins) }
  }

  /// What is wrong with a text whose tree is known, at the places where people wrote it.
  package static func diagnostics(
    for tree: HTMLTree, origins: OriginMap, limits: Limits = Limits()
  ) -> [Diagnostic] {
    validate(tree, limits: limits).compactMap { $0.diagnostic(origins) }
  }

  private static func tooLarge(_ count: Int, _ limits: Limits) -> HTMLFinding? {
    let limit = min(limits.bytes, Int(GALLEY_XML_MAX_BYTES))
    guard count > limit else { return nil }
    return HTMLFinding(
      code: .tooLarge, message: "\(count) bytes of HTML are too many to check", range: 0..<min(count, 1),
      help: ["keep a mail under \(limit) bytes"])
  }

  // MARK: libxml2

  /// A complaint of libxml2 with its texts.
  private struct Complaint {
    var code: Int32
    var offset: Int
    var message: String
    var name: String
  }

  /// What libxml2 says, where nothing else has said it.
  private static func complaints(about tree: HTMLTree, knowing markup: MarkupChecks) -> [HTMLFinding] {
    let masked = MarkupMask.mask(tree)
    let start = masked.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let locator = ComplaintLocator(tree, markup)
    return read(Array(masked[start...])).compactMap { complaint in
      locator.finding(complaint.code, at: complaint.offset + start, complaint.message, complaint.name)
    }
  }

  /// Lets libxml2 read a document and collects its complaints.
  private static func read(_ bytes: [UInt8]) -> [Complaint] {
    var complaints = Array(repeating: galley_xml_complaint(), count: 200)
    var text = Array(repeating: UInt8(0), count: 16_384)
    var found = 0
    // All four arrays are borrowed for the call and own their memory; the callee reads the first two, writes within
    // the bounds of the others, and keeps no pointer.
    let status = unsafe bytes.withUnsafeBufferPointer { input in
      unsafe ignoredCodes.withUnsafeBufferPointer { codes in
        unsafe complaints.withUnsafeMutableBufferPointer { complaints in
          unsafe text.withUnsafeMutableBufferPointer { text in
            unsafe galley_xml_check_html(
              input.baseAddress, input.count, codes.baseAddress, codes.count, complaints.baseAddress, complaints.count,
              text.baseAddress, text.count, &found)
          }
        }
      }
    }
    if status == GALLEY_XML_NO_MEMORY {
      return [Complaint(code: 2, offset: 0, message: "no memory to read the document", name: "")]
    }
    return complaints.prefix(found).map { complaint in
      Complaint(
        code: complaint.code, offset: Int(complaint.offset),
        message: String(decoding: text[Int(complaint.message_start)..<Int(complaint.message_end)], as: UTF8.self),
        name: String(decoding: text[Int(complaint.name_start)..<Int(complaint.name_end)], as: UTF8.self))
    }
  }

  /// Codes whose question the tree answers: a missing semicolon (23), a repeated attribute (42), a repeated identifier
  /// (513), an element that is not of HTML 4 (801).
  private static let ignoredCodes: [Int32] = [23, 42, 513, 801]
}
