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

  /// A text part written by hand does not lead where the HTML leads.
  package static let textLacksLink = DiagnosticCode(
    "text/lacks-link", .warning,
    summary: "A text part written by hand has the addresses of the HTML",
    explanation: """
      A reader of the text part gets nowhere without the address. Addresses are compared without scheme, case and a \
      slash at the end. What the HTML hides, and what stands within 'data-text="skip"', is not asked for.
      """,
    bad: "View your order in the portal.", good: "View your order: {{orderDetailsUrl}}")

  /// A text part written by hand leaves out how to end a subscription.
  package static let textLacksUnsubscribe = DiagnosticCode(
    "text/lacks-unsubscribe",
    summary: "The way out of a subscription stands in both parts of a mail",
    explanation: """
      A link of the HTML whose address, or the variable for it, is named 'unsubscribe' or 'opt-out' must stand in the \
      text part, too: the law and the big mailbox providers ask for it in what the reader sees, whichever part that is.
      """,
    bad: "You get this because you are a customer.", good: "Unsubscribe: {{unsubscribeUrl}}")

  /// A text part written by hand does not say what the HTML says.
  package static let textLacksValue = DiagnosticCode(
    "text/lacks-variable", .warning,
    summary: "A text part written by hand prints the variables of the HTML",
    explanation: """
      What a mail is about is in its variables: the number of an order, an amount, a date. Each that the HTML shows as \
      text belongs into the text part. Those in the addresses of images, or that only decide, are not asked for.
      """,
    bad: "Thank you for your order.", good: "Thank you for your order {{orderId}}.")

  /// A text part written by hand leads where the HTML does not.
  package static let textOtherLink = DiagnosticCode(
    "text/other-link", .warning,
    summary: "A text part written by hand has no addresses of its own",
    explanation: """
      The two parts of a mail are alternatives that say the same. An address in the text part alone is often one that \
      was changed in the HTML and not here.
      """,
    bad: "Terms: https://bbws.example/terms-2019", good: "Terms: https://bbws.example/terms")

  /// A text part written by hand says what the HTML does not say.
  package static let textOtherValue = DiagnosticCode(
    "text/other-variable", .warning,
    summary: "A text part written by hand prints no variables that the HTML does not show",
    explanation: "The two parts of a mail are alternatives that say the same to readers who see one of them.",
    bad: "Reference: {{payfastPaymentId}}", good: "Order: {{orderId}}")
}

/// All codes of this module, for `galley explain`.
package let textCodes: [DiagnosticCode] = [
  .emptyText, .markupInText, .textLacksLink, .textLacksUnsubscribe, .textLacksValue, .textOtherLink, .textOtherValue,
]
