import ArgumentParser
import GalleyCSS
import GalleyHTML
import GalleySource

/// What is done to a document once its styles are inlined: nothing, unless it is asked for.
struct TransformOptions: ParsableArguments {
  @Flag(name: .long, help: "Replaces var() by its value where that is certain, and calc() by what it comes to.")
  var resolveVariables = false

  @Flag(name: .long, help: "Repeats styles in attributes such as width and bgcolor, for clients that read only those.")
  var mirrorAttributes = false

  @Option(
    name: .long, help: ArgumentHelp("The address that completes relative ones: https://host/path/.", valueName: "url"),
    transform: TransformOptions.base)
  var base: BaseURL?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A parameter for links to the web, such as source=newsletter for utm_source; can be repeated.",
      valueName: "name=value"),
    transform: TransformOptions.parameter)
  var utm: [LinkParameter] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Only links to this host, and to those below it, get parameters; can be repeated.", valueName: "host"),
    transform: TransformOptions.host)
  var utmHost: [String] = []

  @Flag(name: .long, help: "Writes colors as #rrggbb, or as rgba() where something shines through.")
  var sixDigitHex = false

  @Flag(name: .long, help: "Takes the unit off lengths of zero.")
  var unitlessZero = false

  @Flag(name: .long, help: "Writes margin-top and its like as one margin where that means the same.")
  var mergeShorthands = false

  @Flag(name: .long, help: "Gives classes names that need no backslash in a style sheet.")
  var safeClassNames = false

  @Flag(name: .long, help: "Takes out white space, comments and classes that have no use; keeps lines short.")
  var minify = false

  @Flag(name: .long, help: "Leaves all classes in place when minifying.")
  var keepClasses = false

  func validate() throws {
    if utm.isEmpty, !utmHost.isEmpty { throw ValidationError("'--utm-host' needs a parameter: '--utm source=…'") }
    for (index, parameter) in utm.enumerated() where utm[..<index].contains(where: { $0.name == parameter.name }) {
      throw ValidationError("'\(parameter.name)' is given twice")
    }
  }

  /// What the options ask for.
  var transforms: Transforms {
    var transforms = Transforms()
    transforms.resolvesVariables = resolveVariables
    transforms.mirrorsAttributes = mirrorAttributes
    transforms.base = base
    transforms.linkParameters = utm
    transforms.linkHosts = utmHost
    transforms.writesSixDigitHex = sixDigitHex
    transforms.dropsZeroUnits = unitlessZero
    transforms.mergesShorthands = mergeShorthands
    transforms.renamesUnsafeClasses = safeClassNames
    transforms.minifies = minify
    transforms.keepsClasses = keepClasses
    return transforms
  }

  private static func base(_ text: String) throws -> BaseURL {
    if let base = BaseURL(text) { return base }
    throw ValidationError("'\(text)' can't complete other addresses: write it as https://host/path/")
  }

  private static func host(_ text: String) throws -> String {
    if BaseURL.isHost(text) { return text }
    throw ValidationError("'\(text)' is not a host: write its name alone, such as www.company.example")
  }

  /// Reads `source=newsletter`, also where the whole name is written.
  private static func parameter(_ text: String) throws -> LinkParameter {
    guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
      throw ValidationError("'\(text)' is no parameter: write it as source=newsletter")
    }
    let value = String(text[text.index(after: sign)...])
    var name = text[..<sign]
    if name.hasPrefix("utm_") { name = name.dropFirst(4) }
    let known = LinkParameter.campaignNames
    guard known.contains(String(name)) else {
      let nearest = Suggestion.nearest(to: String(name), among: known)
      let hint = nearest.map { "; did you mean '\($0)'?" } ?? "; there are: \(known.joined(separator: ", "))"
      throw ValidationError("there is no parameter '\(name)'\(hint)")
    }
    if value.isEmpty { throw ValidationError("'utm_\(name)' has no value") }
    if !PlaceholderScanner.scan(Array(value.utf8)).isEmpty {
      throw ValidationError("'\(value)' holds a placeholder, and would be encoded like any text")
    }
    return LinkParameter(campaign: String(name), value: value)
  }
}
