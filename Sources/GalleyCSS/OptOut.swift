import GalleyHTML

/// The attributes by which authors say that something is not to be inlined.
///
/// `data-galley="keep"` is ours: on a `style` element the whole sheet stays as it is, on any other element its `style`
/// attribute does. Those of other tools are understood as well.
enum OptOut {
  private static let galley = RunningHash.of("data-galley")
  private static let cssInline = RunningHash.of("data-css-inline")
  private static let premailer = RunningHash.of("data-premailer")
  /// Attributes that keep a sheet by their presence.
  private static let sheetNames: Set<UInt64> = [
    RunningHash.of("data-embed"), RunningHash.of("data-ignore-inlining"), RunningHash.of("data-roadie-ignore"),
    RunningHash.of("data-keep"),
  ]

  /// Whether an attribute of that name may say something about any element.
  static func isCandidate(_ name: UInt64) -> Bool { name == galley || name == cssInline || name == premailer }

  /// The names of the attributes that may say something about any element.
  static var names: [UInt64] { [galley, cssInline, premailer] }

  private static func value(_ attribute: HTMLTree.Attribute, _ tree: HTMLTree) -> [UInt8] {
    tree.bytes[Int(attribute.valueStart)..<Int(attribute.valueEnd)].map(\.lowercasedASCII)
  }

  private static func isValue(_ attribute: HTMLTree.Attribute, _ tree: HTMLTree, _ word: String) -> Bool {
    value(attribute, tree).elementsEqual(word.utf8)
  }

  /// Whether an attribute says that an element's `style` is left alone.
  static func keepsElement(_ attribute: HTMLTree.Attribute, _ tree: HTMLTree) -> Bool {
    switch attribute.name.value {
    case galley: isValue(attribute, tree, "keep")
    case cssInline, premailer: isValue(attribute, tree, "ignore")
    default: false
    }
  }

  /// Whether a `style` element says that its sheet is left alone.
  static func keepsSheet(_ attributes: ArraySlice<HTMLTree.Attribute>, _ tree: HTMLTree) -> Bool {
    attributes.contains { sheetNames.contains($0.name.value) || keepsElement($0, tree) }
  }

  /// Whether a `style` element says that its rules are inlined and stay as well.
  static func keepsCopy(_ attributes: ArraySlice<HTMLTree.Attribute>, _ tree: HTMLTree) -> Bool {
    attributes.contains { $0.name.value == cssInline && isValue($0, tree, "keep") }
  }
}
