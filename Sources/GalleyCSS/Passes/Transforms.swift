import GalleyHTML
import GalleySource

/// What is done to a document once its styles are inlined; nothing, unless it is asked for.
///
/// Each transform reads values and not just text, leaves what it does not understand as it is, and never touches a
/// placeholder. Asked for again, all of them together change nothing in their own result. They work on what stands in
/// the document: in `style` attributes, and in the rules that had to stay in sheets.
public struct Transforms: Sendable, Hashable {
  /// Whether `var()` is replaced by its value where that is certain, and `calc()` of constants is reckoned out.
  public var resolvesVariables = false
  /// Whether colors are written as `#rrggbb`, or as `rgba()` where something shines through.
  public var writesSixDigitHex = false
  /// Whether lengths of zero lose their unit.
  public var dropsZeroUnits = false
  /// Whether longhands are written as the shorthand that means the same.
  public var mergesShorthands = false
  /// Whether styles are repeated in attributes such as `width` and `bgcolor`, for clients that read only those.
  public var mirrorsAttributes = false
  /// What relative addresses are completed with.
  public var base: BaseURL?
  /// What is added to the links that lead to the web.
  public var linkParameters: [LinkParameter] = []
  /// The hosts whose links get parameters, with the hosts below them; all, if there are none.
  public var linkHosts: [String] = []
  /// Whether white space, comments and classes that have no use are taken out.
  public var minifies = false
  /// Whether classes stay when the document is minified; otherwise they stay in any case.
  public var keepsClasses = false
  /// Whether classes get names that need no escape in a style sheet.
  public var renamesUnsafeClasses = false

  /// Makes transforms that do nothing.
  public init() {}

  /// The passes that do it, in the order in which they have to run.
  ///
  /// Variables become values before all else. Values come next, so that equal ones look equal when longhands are merged; attributes repeat what came of that;
  /// addresses are completed in these, too; classes go before those that stay are renamed; lines are laid out last.
  package var passes: [DocumentPass] {
    var passes: [DocumentPass] = []
    if resolvesVariables { passes.append(DocumentPass(telling: Self.resolveVariables)) }
    if writesSixDigitHex { passes.append(DocumentPass { ColorNotation().edits(for: $0) }) }
    if dropsZeroUnits { passes.append(DocumentPass { UnitlessZero().edits(for: $0) }) }
    if mergesShorthands { passes.append(DocumentPass { ShorthandMerge().edits(for: $0) }) }
    if mirrorsAttributes { passes.append(DocumentPass { AttributeMirror().edits(for: $0) }) }
    if base != nil || !linkParameters.isEmpty { passes.append(DocumentPass(telling: rewriteURLs)) }
    if minifies, !keepsClasses { passes.append(DocumentPass(telling: Self.removeClasses)) }
    if renamesUnsafeClasses { passes.append(DocumentPass(telling: Self.renameClasses)) }
    if minifies { passes.append(DocumentPass(telling: Self.minify)) }
    return passes
  }

  // MARK: Passes that tell what they could not do

  private static func resolveVariables(_ tree: HTMLTree, _ origins: OriginMap?) -> DocumentPass.Outcome {
    var options = VariablePass.Options()
    options.foldsAll = true
    let pass = VariablePass(options: options)
    var outcome = DocumentPass.Outcome()
    guard pass.concerns(tree.bytes) else { return outcome }
    let result = pass.edits(for: tree, origins: origins)
    outcome.edits = result.edits
    outcome.diagnostics = result.diagnostics
    return outcome
  }

  private func rewriteURLs(_ tree: HTMLTree, _ origins: OriginMap?) -> DocumentPass.Outcome {
    var rewriter = URLRewriter()
    rewriter.base = base
    rewriter.parameters = linkParameters
    rewriter.hosts = linkHosts
    return Self.outcome(rewriter.result(for: tree), tree, origins)
  }

  private static func removeClasses(_ tree: HTMLTree, _ origins: OriginMap?) -> DocumentPass.Outcome {
    outcome(ClassRemoval().result(for: tree), tree, origins)
  }

  private static func renameClasses(_ tree: HTMLTree, _ origins: OriginMap?) -> DocumentPass.Outcome {
    outcome(SafeClassNames().result(for: tree), tree, origins)
  }

  private static func minify(_ tree: HTMLTree, _ origins: OriginMap?) -> DocumentPass.Outcome {
    outcome(Minifier().result(for: tree), tree, origins)
  }

  private static func outcome(
    _ result: PassResult, _ tree: HTMLTree, _ origins: OriginMap?
  ) -> DocumentPass.Outcome {
    var outcome = DocumentPass.Outcome()
    outcome.edits = result.edits
    outcome.diagnostics = result.remarks.map { $0.diagnostic(in: tree, origins) }
    return outcome
  }
}

/// A parameter that links get, such as `utm_source=newsletter`.
public struct LinkParameter: Sendable, Hashable {
  /// The name.
  public let name: String
  /// The value, not encoded.
  public let value: String

  /// Makes a parameter.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// Makes the parameter of a campaign, `utm_` and the name.
  public init(campaign name: String, value: String) { self.init(name: "utm_\(name)", value: value) }

  /// The names that parameters of campaigns have, without their `utm_`.
  package static let campaignNames = [
    "source", "medium", "campaign", "term", "content", "id", "source_platform", "creative_format", "marketing_tactic",
  ]
}
