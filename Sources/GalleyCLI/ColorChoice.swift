import ArgumentParser

/// When messages are colored.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never

  /// Whether messages on standard error are colored, as NO_COLOR (https://no-color.org) and the terminal have it.
  var isColored: Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto:
      (environmentValue("NO_COLOR") ?? "").isEmpty && environmentValue("TERM") != "dumb"
        && StandardStream.error.isTerminal
    }
  }
}
