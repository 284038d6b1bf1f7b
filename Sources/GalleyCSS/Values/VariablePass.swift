package import GalleyHTML
package import GalleySource

/// Replaces `var()` in `style` attributes by what it comes to, and reckons out `calc()`.
///
/// The pass runs over a document whose rules have been inlined, and reads it as a client does: custom properties come
/// from `style` attributes and from the rules that are still in sheets, such as those of `:root`, in the order of the
/// cascade, and are inherited. Where a rule that applies only sometimes might set one too (in `@media`, with `:hover`,
/// in a template's condition), and nothing surely beats it, nobody knows the value: the `var()` stays. So it does where
/// the value holds a placeholder. A declaration that is invalid at computed-value time becomes what it means,
/// `inherit` or `initial`. Documents without `html` or `body` tags have these elements all the same.
///
/// Custom properties themselves, sheets, and elements that opted out stay as they are. Running the pass on its result
/// changes nothing.
package struct VariablePass: Sendable {
  /// What is done besides.
  package struct Options: Sendable {
    /// Whether the declaration with its `var()` stays behind the one with the value.
    ///
    /// Then a `var()` that depends on a media query or a state gets a value in front of it, too: the one that holds
    /// without them, for clients that know no variables.
    package var keepsOriginal = false
    /// Whether math functions are reckoned out in all `style` attributes, not only where a `var()` was replaced.
    package var foldsAll = false

    /// Makes the options that hold unless something else is asked for.
    package init() {}
  }

  /// Something in a `style` attribute that not all clients understand.
  package struct Remark: Sendable, Hashable {
    /// What it is.
    package enum Kind: String, Sendable {
      /// A math function whose units only a client can reckon, such as `calc(100% - 20px)`.
      case mixedUnits
      /// A math function that stays for another reason.
      case math
      /// `env()`.
      case environment = "env"
      /// `attr()`.
      case attribute = "attr"
      /// `light-dark()`.
      case lightDark = "light-dark"
      /// A color that is made of another, such as `rgb(from red r g b)`.
      case relativeColor
    }

    /// What it is.
    package let kind: Kind
    /// The function as it stands in the new value.
    package let text: String
    /// The element.
    package let node: NodeID
    /// The bytes of the declaration in the document, or of the whole attribute where that has character references.
    package let range: Range<Int>
  }

  /// What the pass comes to.
  package struct Result: Sendable {
    /// The edits to the document's bytes.
    package var edits = EditList()
    /// What is wrong with the custom properties.
    package var diagnostics: [Diagnostic] = []
    /// What was left as it is.
    package var remarks: [Remark] = []
  }

  /// What is done besides.
  package let options: Options

  /// Makes a pass.
  package init(options: Options = Options()) { self.options = options }

  /// Works out the edits to a document.
  ///
  /// `sheets` are further sheets that come last in the cascade, if they are not in the document. `origins` tells where
  /// the document's bytes were written. Costs time proportional to the document, its custom declarations and what
  /// they expand to, which is limited.
  package func edits(
    for tree: HTMLTree, sheets: [StyleSheet] = [], origins: OriginMap? = nil
  ) -> Result {
    var run = VariableRun(tree, options: options, origins: origins)
    run.collectRules(sheets)
    run.visitElements()
    return run.result
  }

  /// Whether a document may have anything for the pass to do: a quick look, which errs on the safe side.
  package func concerns(_ bytes: [UInt8]) -> Bool {
    let range = 0..<bytes.count
    return options.foldsAll ? CalcFolder.concerns(bytes, range) : VariableResolver.mayRefer(bytes, range)
  }
}
