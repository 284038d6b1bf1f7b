// FuzzOracles: what must hold for any bytes at all.
//
// The oracles are shared by the fuzzers, which look for bytes that break them, and by the tests, which replay the
// seeds and each input that broke one before. They use only what the modules offer to each other, so the insides of
// a module may change without them. A trap is found by whoever runs them; all else is thrown as a `Finding`. Start
// with `FuzzTarget.check`.

/// One part of Galley that is fuzzed, with the oracles that hold for it.
package enum FuzzTarget: String, CaseIterable, Sendable {
  /// The HTML lexer, the tree, its events and the tracker of places.
  case html
  /// The CSS tokenizer, style sheets and `style` attributes.
  case css
  /// The parser and the matcher of selectors.
  case selectors
  /// The inliner, end to end.
  case inliner
  /// The passes over a finished document.
  case passes
  /// The template lexer, the parser and the checker.
  case template
  /// The evaluator of templates, and what it leaves for the sender.
  case evaluation
  /// The parser of messages, and the choices that they make.
  case messages

  /// Holds the target's oracles to an input; throws what is broken first.
  package func check(_ bytes: [UInt8]) throws(Finding) {
    switch self {
    case .html: try HTMLOracles.check(bytes)
    case .css: try CSSOracles.check(bytes)
    case .selectors: try SelectorOracles.check(bytes)
    case .inliner: try InlinerOracles.check(bytes)
    case .passes: try PassOracles.check(bytes)
    case .template: try TemplateOracles.check(bytes)
    case .evaluation: try EvaluationOracles.check(bytes)
    case .messages: try MessageOracles.check(bytes)
    }
  }
}

/// An input for which something does not hold.
package struct Finding: Error, Hashable, Sendable {
  /// The oracle that is broken, as a short name for a file.
  package let oracle: String
  /// What was found instead.
  package let message: String

  /// Makes a finding.
  package init(_ oracle: String, _ message: String) {
    self.oracle = oracle
    self.message = message
  }
}

/// Throws a finding unless something holds.
func hold(_ condition: Bool, _ oracle: String, _ message: @autoclosure () -> String) throws(Finding) {
  if !condition { throw Finding(oracle, message()) }
}

/// Bytes as a literal that can be read in one line.
func quoted(_ bytes: some Sequence<UInt8>) -> String {
  String(decoding: Array(bytes), as: UTF8.self).debugDescription
}
