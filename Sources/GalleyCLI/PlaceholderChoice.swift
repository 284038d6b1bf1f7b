import ArgumentParser
import GalleyHTML
import GalleySource

/// The placeholders that documents hold: `auto`, `none`, or names of languages with commas between.
struct PlaceholderChoice: Sendable {
  /// The syntaxes; nil lets each document tell.
  let syntaxes: PlaceholderScanner.Syntaxes?

  /// Lets each document tell.
  static let auto = PlaceholderChoice(syntaxes: nil)

  private init(syntaxes: PlaceholderScanner.Syntaxes?) { self.syntaxes = syntaxes }

  /// The names that can be given, in the order of documentation.
  static let names = PlaceholderScanner.Syntaxes.named.map(\.name)

  /// Reads a choice.
  init(_ text: String) throws {
    switch text {
    case "auto": self = .auto
    case "none": self.init(syntaxes: [])
    default:
      var syntaxes: PlaceholderScanner.Syntaxes = []
      for word in text.split(separator: ",", omittingEmptySubsequences: false) {
        let name = word.trimming(" ")
        guard let found = PlaceholderScanner.Syntaxes.named.first(where: { $0.name == name }) else {
          let known = ["auto", "none"] + Self.names
          let nearest = Suggestion.nearest(to: name, among: known)
          let hint = nearest.map { "; did you mean '\($0)'?" } ?? "; there are: \(known.joined(separator: ", "))"
          throw ValidationError("there are no placeholders '\(name)'\(hint)")
        }
        syntaxes.formUnion(found.syntaxes)
      }
      self.init(syntaxes: syntaxes)
    }
  }
}

extension Substring {
  fileprivate func trimming(_ character: Character) -> String {
    var rest = self
    while rest.first == character { rest.removeFirst() }
    while rest.last == character { rest.removeLast() }
    return String(rest)
  }
}
