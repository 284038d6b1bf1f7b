import ArgumentParser
import Galley
import GalleySource

/// The program `galley`: arguments in, exit status out; one file a verb.
///
/// Exit status: 0 clean, 1 the sources have errors, 2 wrong usage or the machine could not do what was asked. Data goes
/// to standard output, everything said to people to standard error.
@main
struct GalleyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "galley",
    abstract: "Compiles e-mail templates: HTML sources in, checked and inlined HTML and text out.",
    discussion: """
      Start with 'galley init' in an empty folder, or with 'galley build' in a site. \
      Each command explains itself: 'galley help build'.
      """,
    version: "galley \(About.version)",
    subcommands: [
      InitCommand.self, BuildCommand.self, CheckCommand.self, RenderCommand.self, InlineCommand.self,
      ContractCommand.self, MessagesCommand.self, ExplainCommand.self,
    ])

  /// Runs the command and ends the process with the documented status.
  static func main() {
    ignoreBrokenPipes()
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      if arguments == ["--version"] {
        StandardStream.output.write(configuration.version + "\n")
      } else if let request = InlineRequest(plain: arguments) {
        try request.run()
      } else {
        var command = try parseAsRoot(arguments)
        try command.run()
      }
    } catch let outcome as Outcome {
      endProcess(outcome.rawValue)
    } catch let failure as MachineFailure {
      StandardStream.error.write("error: \(failure.description)\n")
      endProcess(Outcome.failed.rawValue)
    } catch {
      let message = unknownCommand(CommandLine.arguments) ?? fullMessage(for: error)
      if exitCode(for: error) == .success {
        StandardStream.output.write(message + "\n")
        endProcess(0)
      }
      StandardStream.error.write(message + "\n")
      endProcess(Outcome.failed.rawValue)
    }
  }

  /// What to say where the first word is no command, which the argument parser calls an unexpected argument.
  private static func unknownCommand(_ arguments: [String]) -> String? {
    let commands = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard let word = arguments.dropFirst().first, !word.hasPrefix("-"), word != "help", !commands.contains(word) else {
      return nil
    }
    let nearest = Suggestion.nearest(to: word, among: commands)
    let hint = nearest.map { ", did you mean '\($0)'?" } ?? "; there are: \(commands.joined(separator: ", "))"
    return "Error: there is no command '\(word)'\(hint)\n  See 'galley --help' for more information."
  }
}

/// How a run ended, other than well.
enum Outcome: Int32, Error {
  /// The sources have errors.
  case sourcesHaveErrors = 1
  /// Wrong usage, or the machine could not do what was asked.
  case failed = 2
}

/// What the machine could not do, in a sentence for people.
struct MachineFailure: Error, CustomStringConvertible {
  let description: String

  init(description: String) { self.description = description }

  /// What could not be done with a file, and what to do about it.
  init(_ failure: FileFailure) {
    description = failure.description + (failure.help.map { "\n  = help: \($0)" } ?? "")
  }
}
