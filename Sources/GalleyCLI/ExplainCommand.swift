import ArgumentParser
import Galley
import GalleySource

/// `galley explain`: the long text of a diagnostic.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Explains a diagnostic code, with a bad and a good example.",
    discussion: "Without a code it lists all codes.")

  @Argument(help: "The code, such as template/unclosed-block.", completion: .list(About.codes.map(\.name)))
  var code: String?

  func run() throws {
    guard let code else {
      let width = About.codes.map(\.name.count).max() ?? 0
      for code in About.codes {
        let padding = String(repeating: " ", count: width - code.name.count + 2)
        StandardStream.output.write("\(code.name)\(padding)\(code.summary)\n")
      }
      return
    }
    guard let found = About.codes.first(where: { $0.name == code }) else {
      let nearest = Suggestion.nearest(to: code, among: About.codes.map(\.name))
      let hint = nearest.map { "; did you mean '\($0)'?" } ?? "; 'galley explain' lists all codes"
      throw ValidationError("there is no diagnostic '\(code)'\(hint)")
    }
    StandardStream.output.write(Self.text(of: found))
  }

  private static func text(of code: DiagnosticCode) -> String {
    """
    \(code.severity.rawValue)[\(code.name)]
    \(code.summary)

    \(wrapped(code.explanation))

    Bad:

    \(indented(code.bad))

    Good:

    \(indented(code.good))

    """
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }.joined(separator: "\n")
  }

  /// The text with lines of at most 78 characters.
  private static func wrapped(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { paragraph in
      var lines: [String] = [""]
      for word in paragraph.split(separator: " ") {
        let line = lines[lines.count - 1]
        if line.isEmpty {
          lines[lines.count - 1] = String(word)
        } else if line.count + 1 + word.count <= 78 {
          lines[lines.count - 1] += " " + word
        } else {
          lines.append(String(word))
        }
      }
      return lines.joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
