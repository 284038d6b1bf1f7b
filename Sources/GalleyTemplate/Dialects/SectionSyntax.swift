/// How a dialect of sections and paths writes each construct: Handlebars, Mustache and their kin.
package struct SectionSyntax: Sendable, Hashable {
  /// How a path is spelled within loops and sections.
  package enum Paths: Sendable, Hashable {
    /// Loops name their items, and the variables of the template are fields of `@root`.
    case blockParameters
    /// The innermost item is `this`, an outer one is `../` up for each loop, and variables are fields of `@root`.
    case thisAndUp
    /// A name is looked up in the innermost section first and then in each one around it: it can be shadowed, and there
    /// is no way to ask for an outer one.
    case contextStack
    /// A name is looked up in the innermost section alone; `../` leads to what that was reached from, field by field.
    case contextChain
  }

  /// How a section is opened and closed; `$0` is the path.
  package struct Section: Sendable, Hashable {
    /// Opens it.
    package var open: String
    /// Closes it.
    package var close: String

    /// Makes a section.
    package init(_ open: String, _ close: String) {
      self.open = open
      self.close = close
    }
  }

  package var paths: Paths
  /// Prints a path, escaped by the engine where the engine escapes.
  package var output: String
  /// Prints a path as it is.
  package var rawOutput: String
  /// Prints a number. Handlebars.js adds two numbers that are printed as they are, one behind the other, so they are
  /// escaped, which makes texts of them.
  package var numberOutput = "{{$0}}"
  /// For a path that is truthy.
  package var truth: Section
  /// For a path that is not.
  package var falsity: Section
  /// For a number that is there, 0 or not.
  package var presence: Section?
  package var absence: Section?
  package var otherwise: String
  /// Loops over `$0`; the item is `$1` where loops name it.
  package var loop: Section
  /// For comparisons of `$0` with `$1`.
  package var comparisons: [SendExpression.Comparison: Section] = [:]
  /// For two truthy paths.
  package var both: Section?
  /// For two paths of which one is truthy.
  package var either: Section?
  /// Names of fields that must stand in brackets.
  package var bracketedNames: Set<String> = []
}
