package import GalleySource

/// What inlining other people's documents complains about.
extension DiagnosticCode {
  /// A sheet on a network.
  package static let remoteStyleSheet = DiagnosticCode(
    "inline/remote-sheet", .warning, summary: "A linked style sheet is a file beside the document",
    explanation: """
      Nothing is ever read from a network: a document that is inlined twice has to come out the same, and its address \
      could be anyone's. The link stays; but mail clients don't load linked sheets. Save the sheet beside the document \
      and link it there, or give it with '--css'.
      """,
    bad: #"<link rel="stylesheet" href="https://cdn.example/mail.css">"#,
    good: #"<link rel="stylesheet" href="mail.css">"#)
  /// A sheet outside of the folder.
  package static let outsideStyleSheet = DiagnosticCode(
    "inline/outside-sheet", .warning, summary: "A linked style sheet lies in the document's folder or below '--root'",
    explanation: """
      A document can come from anywhere, so its links can't reach any file of the machine: only those in its own \
      folder and below, or below the folder that '--root' names. With '--root', an address that starts with '/' counts \
      from there.
      """,
    bad: #"<link rel="stylesheet" href="../shared/mail.css">"#,
    good: #"<link rel="stylesheet" href="shared/mail.css">"#)
  /// A sheet that is not there.
  package static let missingStyleSheet = DiagnosticCode(
    "inline/missing-sheet", summary: "A linked style sheet can be read",
    explanation: """
      A document without one of its sheets would come out without its styles, and nobody would know. So such a \
      document is not written. Symbolic links are not followed.
      """,
    bad: #"<link rel="stylesheet" href="mial.css">"#, good: #"<link rel="stylesheet" href="mail.css">"#)
  /// An import.
  package static let importedStyleSheet = DiagnosticCode(
    "inline/import", .warning, summary: "A style sheet holds its rules itself",
    explanation: """
      '@import' is not followed. It stays in its sheet, where nearly all mail clients ignore it. Link the sheet \
      instead: '<link rel="stylesheet" href="colors.css">' is read from the document's folder.
      """,
    bad: "<style>@import url(colors.css);</style>", good: #"<link rel="stylesheet" href="colors.css">"#)
}

extension DiagnosticCode {
  /// The codes of inlining documents.
  static let inlineCodes: [DiagnosticCode] = [
    .remoteStyleSheet, .outsideStyleSheet, .missingStyleSheet, .importedStyleSheet,
  ]
}
