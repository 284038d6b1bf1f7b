import GalleyCSS

/// The short way for the command lines of scripts that start `galley inline` for each mail.
///
/// The argument parser looks at the declarations of all options before it reads the first, which takes longer than to
/// inline a mail. What is read here means the same there; whatever else stands on a command line, be it wrong, a
/// question for help, or an option whose value has a form, is left to the parser.
extension InlineRequest {
  /// Reads the arguments behind the program's name, or gives up.
  init?(plain arguments: [String]) {
    guard arguments.first == "inline" else { return nil }
    self.init()
    var rest = arguments.dropFirst()
    while let argument = rest.popFirst() {
      guard take(argument) || take(argument, valueIn: &rest) else { return nil }
    }
    // What is wrong is told by the parser, with the usage.
    do { try validate() } catch { return nil }
  }

  /// Takes a file or a flag.
  private mutating func take(_ argument: String) -> Bool {
    switch argument {
    case "--in-place": inPlace = true
    case "--purge": purge = true
    case "--quiet", "-q": quiet = true
    case "--resolve-variables": transforms.resolvesVariables = true
    case "--mirror-attributes": transforms.mirrorsAttributes = true
    case "--six-digit-hex": transforms.writesSixDigitHex = true
    case "--unitless-zero": transforms.dropsZeroUnits = true
    case "--merge-shorthands": transforms.mergesShorthands = true
    case "--safe-class-names": transforms.renamesUnsafeClasses = true
    case "--minify": transforms.minifies = true
    case "--keep-classes": transforms.keepsClasses = true
    default:
      guard Self.isPlain(argument) || argument == "-" else { return false }
      files.append(argument)
    }
    return true
  }

  /// Takes an option with its value.
  private mutating func take(_ option: String, valueIn rest: inout ArraySlice<String>) -> Bool {
    guard let value = rest.popFirst(), Self.isPlain(value) else { return false }
    switch option {
    case "--css": css.append(value)
    case "--output" where output == nil, "-o" where output == nil: output = value
    case "--out-dir" where outDir == nil: outDir = value
    case "--root" where root == nil: root = value
    case "--report" where report == nil: report = value
    default: return false
    }
    return true
  }

  private static func isPlain(_ word: String) -> Bool {
    !word.isEmpty && word.utf8.first != UInt8(ascii: "-") && word != "help"
  }
}
