import GalleyHTML
package import GalleySource

/// What a pass comes to: its edits, and what it had to leave.
package struct PassResult: Sendable {
  /// The edits to the document's bytes.
  package var edits = EditList()
  /// What was left as it is.
  package var remarks: [PassRemark] = []
}

/// Something that a pass was asked to change and had to leave.
package struct PassRemark: Sendable, Hashable {
  /// What was left, and why.
  package enum Kind: Sendable, Hashable {
    /// A relative address with a placeholder in it.
    case relativeAddress
    /// All classes, because of rules that nobody sees.
    case classes
    /// A class whose name needs an escape.
    case unsafeClass(name: String)
    /// A line that mail can't carry as it is.
    case longLine
    /// A value that names a side, of which only the sender knows what stands there.
    case sideOfHole
    /// A comment `/*rtl:…*/` that says nothing we know.
    case unknownSideDirective
  }

  /// What it is.
  package let kind: Kind
  /// Its bytes in the document.
  package let range: Range<Int>

  /// The remark as a diagnostic; `origins` tells where the document's bytes were written.
  func diagnostic(in tree: HTMLTree, _ origins: OriginMap?) -> Diagnostic {
    let origin = origins?.origin(of: range)
    return diagnostic(text: Self.excerpt(tree.bytes[range]), at: origin?.range).included(through: origin?.calls ?? [])
  }

  private func diagnostic(text: String, at place: SourceRange?) -> Diagnostic {
    switch kind {
    case .relativeAddress:
      Diagnostic(
        .relativeAddress, "the address '\(text)' has a placeholder and stays relative", at: place,
        help: ["write the whole address"])
    case .classes:
      Diagnostic(
        .classesStay, "'\(text)' may bring rules that can't be seen here, so all classes stay", at: place,
        help: ["write the rules into a style element of the document, or ask for the classes to be kept"])
    case .unsafeClass(let name):
      Diagnostic(
        .unsafeClass, "the class '\(name)' keeps its name: a client, a placeholder or a selector needs it", at: place)
    case .longLine:
      Diagnostic(
        .longLine, "a line of more than 998 bytes can't be broken", at: place,
        help: ["add a space or a line break where one does no harm, or send the mail encoded"])
    case .sideOfHole:
      Diagnostic(
        .sideOfHole, "'\(text)' has a variable on one side, so left and right are not swapped", at: place,
        help: [
          "write the sides as declarations of their own, as in 'padding-left', or put '/*rtl:ignore*/' before it"
        ])
    case .unknownSideDirective:
      Diagnostic(
        .unknownSideDirective, "'\(text)' is not a directive that is understood", at: place,
        help: ["there are '/*rtl:ignore*/', '/*rtl:begin:ignore*/ … /*rtl:end:ignore*/' and '/*rtl:VALUE*/'"])
    }
  }

  /// The bytes on one line, shortened where they are many; a control that stands for a hole is shown as dots.
  private static func excerpt(_ bytes: ArraySlice<UInt8>) -> String {
    let line = String(decoding: bytes.prefix(60), as: UTF8.self).split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    let shown = line.map { $0.asciiValue.map { $0 < 0x20 } == true ? "…" : $0 }
    return String(shown) + (bytes.count > 60 ? "…" : "")
  }
}

extension DiagnosticCode {
  /// A relative address that could not be completed.
  package static let relativeAddress = DiagnosticCode(
    "inline/relative-address", .warning, summary: "An address that is to be completed holds no placeholder",
    explanation: """
      What a placeholder becomes is not known before the mail is sent, so an address with one is not put together with \
      a base: it could come out as another one than its author meant. It stays relative, and no mail client knows to \
      what. Write the whole address.
      """,
    bad: #"<img src="images/{{name}}.png">"#, good: #"<img src="https://cdn.example/images/{{name}}.png">"#)
  /// Classes that stay because nobody knows what uses them.
  package static let classesStay = DiagnosticCode(
    "inline/classes-stay", .info, summary: "Classes go only where all rules are known",
    explanation: """
      A sheet that is linked or imported, a rule that comes out of a placeholder, or a selector with one may ask for \
      any class. Then no class is removed when the document is minified.
      """,
    bad: #"<link rel="stylesheet" href="https://cdn.example/mail.css">"#,
    good: "<style>@media (max-width: 600px) { .wide { width: 100% } }</style>")
  /// A class that needs an escape and keeps it.
  package static let unsafeClass = DiagnosticCode(
    "inline/unsafe-class", .warning, summary: "A class has a name that needs no escape in a style sheet",
    explanation: """
      Some clients drop each rule, or the whole sheet, in which a selector has a backslash. Here the name could not be \
      changed everywhere at once: a placeholder stands in it or may complete it, a selector such as '[class*=":"]' \
      would notice, or a mail client gives the name a meaning. Give the class another name.
      """,
    bad: #"<p class="sm:w-1/2 sm:{{width}}">"#, good: #"<p class="sm-half">"#)
  /// A line that is longer than mail allows.
  package static let longLine = DiagnosticCode(
    "inline/long-line", .warning, summary: "A line of a mail has at most 998 bytes",
    explanation: """
      Servers may cut or break longer lines wherever they are, in the middle of a tag or of a letter \
      (https://www.rfc-editor.org/rfc/rfc5322#section-2.1.1). A document is broken into lines only where white space \
      stands and does not show, and here is none. A mail that is sent as quoted-printable or base64 has short lines in \
      any case.
      """,
    bad: #"<img src="data:image/png;base64,…1000 letters…">"#, good: #"<img src="https://cdn.example/logo.png">"#)
}
