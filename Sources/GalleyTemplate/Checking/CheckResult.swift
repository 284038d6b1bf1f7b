package import GalleySource

/// What the checker has found out about one file.
package struct CheckResult: Sendable {
  /// The parts of a mail that a variable is used in.
  package struct Usage: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let html = Usage(rawValue: 1)
    package static let subject = Usage(rawValue: 2)
    package static let preheader = Usage(rawValue: 4)
    package static let text = Usage(rawValue: 8)
  }

  /// A message that is printed: a call of `t` whose key is written in the template.
  package struct MessageUse: Sendable {
    /// A value that is given to the message.
    package struct Argument: Sendable {
      package var name: String
      package var range: SourceRange
      package var type: ValueType
    }

    package var key: String
    package var keyRange: SourceRange
    package var callRange: SourceRange
    package var arguments: [Argument]
  }

  /// What is wrong.
  package var diagnostics: [Diagnostic] = []
  /// Where each declared variable or parameter is used; one that is not is absent.
  package var usage: [String: Usage] = [:]
  /// The messages used, in the order of writing.
  package var messages: [MessageUse] = []
  /// The calls of `t` whose key is computed: which message they print shows only when a mail is built.
  package var computedMessages: [SourceRange] = []
  /// The partials called, the layout included, in the order of writing.
  package var partials: [String] = []
}
