package import GalleySource

extension DiagnosticCode {
  /// There is nothing to read in the mail but pictures.
  package static let emptyText = DiagnosticCode(
    "text/empty",
    summary: "A mail needs a text part that says something",
    explanation: """
      The text part is made from what the HTML shows: its text, and the alternative texts of its images. This mail has \
      neither, so readers without images, screen readers, watches and spam filters get nothing. Give the images an \
      'alt', or write the text part by hand in a file beside the template that ends in '.txt'.
      """,
    bad: "<img src=\"https://cdn.bbws.example/offer.png\" alt=\"\">",
    good: "<img src=\"https://cdn.bbws.example/offer.png\" alt=\"20 % off all plans until Friday\">")

  /// A value of type html comes into the text part.
  package static let markupInText = DiagnosticCode(
    "text/markup-value", .warning,
    summary: "Trusted markup does not belong into the text part",
    explanation: """
      A value of type 'html' is printed as it is, so in the text part its readers would see tags. Leave the element \
      out of the text part with 'data-text="skip"', or write the text part by hand in a file beside the template that \
      ends in '.txt'.
      """,
    bad: "<div>{{{announcement}}}</div>",
    good: "<div data-text=\"skip\">{{{announcement}}}</div>")
}

/// All codes of this module, for `galley explain`.
package let textCodes: [DiagnosticCode] = [.emptyText, .markupInText]
