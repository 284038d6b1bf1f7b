package import GalleySource

extension DiagnosticCode {
  /// A side whose value only the sender knows.
  package static let sideOfHole = DiagnosticCode(
    "rtl/variable-side", .warning, summary: "A value that names sides holds no variable",
    explanation: """
      In a locale that is written from right to left, left and right are swapped in styles and attributes. Here the \
      value of one side, or the side itself, is known only when the mail is sent, so the value stays as it is. Write \
      the sides as declarations of their own: the name 'padding-left' is swapped whatever the value becomes.
      """,
    bad: #"<td style="padding: 0 8px 0 {{indent}}px">"#,
    good: #"<td style="padding-right: 8px; padding-left: {{indent}}px">"#)
  /// A directive that means nothing.
  package static let unknownSideDirective = DiagnosticCode(
    "rtl/unknown-directive", .warning, summary: "A comment that starts with 'rtl:' says something about left and right",
    explanation: """
      '/*rtl:ignore*/' before a rule or a declaration, or in a declaration, keeps it as it is; so does \
      '/*rtl:begin:ignore*/' up to '/*rtl:end:ignore*/'. '/*rtl:VALUE*/' in a declaration gives the value for text \
      that runs from right to left. The other directives of RTLCSS are not understood.
      """,
    bad: "p { /*rtl:remove*/ padding-left: 8px }", good: "p { padding-left: 8px /*rtl:0*/ }")
}
