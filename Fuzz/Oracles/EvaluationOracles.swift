import GalleyHTML
import GalleySource
import GalleyTemplate

/// What must hold of the evaluator, within a budget, and of what it leaves for the sender.
///
/// An input is as for `TemplateOracles`. A further option chooses the dialect: `j`, which is the one without an option,
/// is Jinja; `h` Handlebars, `q` Liquid, `g` Go, `m` Mustache, `p` Postmark's Mustachio, `d` SendGrid, `e` SES and `i`
/// plain interpolation.
enum EvaluationOracles {
  static func check(_ bytes: [UInt8]) throws(Finding) {
    let input = FuzzInput(bytes)
    // Files that hold the byte of a hole are refused when they are read.
    if bytes.contains(AssembledText.token) { return }
    let site = TemplateSite(input)
    let dialect = dialect(input)
    let left = site.specialized(dialect)
    try DiagnosticOracles.check(left.diagnostics, site.sources)
    for text in [left.html, left.subject, left.preheader].compactMap(\.self) {
      try checkText(text, site.sources)
      for name in Dialect.names { _ = Dialect.named(name).map { spelled(text, $0) } }
    }
    try checkPlaces(left, site.specialized(dialect, withPlaces: false))
    if !site.isSound || left.diagnostics.hasErrors { return }
    for data in [TemplateSite.data(TemplateSite.harmless), TemplateSite.data("<b>\"'&"), TemplateSite.sparse] {
      try checkLaw(site, left, dialect, data)
    }
    try checkNeutrality(site, left, dialect, input)
  }

  static func dialect(_ input: FuzzInput) -> Dialect {
    let letters: [(Character, Dialect)] = [
      ("h", .handlebars), ("q", .liquid), ("g", .go), ("m", .mustache), ("p", .mustachio), ("d", .sendgrid),
      ("e", .ses), ("i", .interpolate),
    ]
    return letters.first { input.has($0.0) }?.1 ?? .jinja
  }

  private static func spelled(_ text: AssembledText, _ dialect: Dialect) -> Int {
    DialectWriter.write(text, dialect: dialect, part: .html).count
  }

  // MARK: The text

  /// Holes are where their bytes are, blocks are balanced, and each byte has its origin.
  static func checkText(_ text: AssembledText, _ sources: SourceSet) throws(Finding) {
    let marked = text.bytes.indices.filter { text.bytes[$0] == AssembledText.token }
    try hold(marked == text.holes.map(\.offset), "holes-offset", "\(marked), \(text.holes.map(\.offset))")
    try hold(text.origins.count == text.bytes.count, "origins-count", "\(text.origins.count) of \(text.bytes.count)")
    var open: [Bool] = []
    for hole in text.holes {
      switch hole.kind {
      case .output: break
      case .beginIf: open.append(true)
      case .beginEach: open.append(false)
      case .elseIf: try hold(open.last == true, "holes-balance", "an 'else if' in \(open)")
      case .otherwise: try hold(!open.isEmpty, "holes-balance", "an 'else' outside")
      case .endIf: try hold(open.popLast() == true, "holes-balance", "the end of a condition in \(open)")
      case .endEach: try hold(open.popLast() == false, "holes-balance", "the end of a loop in \(open)")
      }
    }
    try hold(open.isEmpty, "holes-balance", "\(open) stay open")
    for offset in stride(from: 0, to: text.bytes.count, by: 3) {
      guard let origin = text.origins.origin(of: offset..<offset + 1) else {
        throw Finding("origins-missing", "at \(offset)")
      }
      for range in [origin.range] + origin.calls {
        let isInside = Int(range.source.index) < sources.sources.count && range.end <= sources[range.source].bytes.count
        try hold(isInside, "origins-range", "\(range) at \(offset)")
      }
    }
  }

  /// A table of places changes nothing.
  private static func checkPlaces(_ known: Specialization, _ followed: Specialization) throws(Finding) {
    let isSame =
      known.html.bytes == followed.html.bytes && known.html.holes.map(\.offset) == followed.html.holes.map(\.offset)
      && known.uses == followed.uses && known.diagnostics == followed.diagnostics
    try hold(
      isSame, "places-table",
      "\(quoted(known.html.bytes)), \(quoted(followed.html.bytes)); \(known.diagnostics), \(followed.diagnostics)")
  }

  // MARK: Law 4

  /// What is filled after specializing is what is evaluated with everything, or a part, known.
  static func checkLaw(
    _ site: TemplateSite, _ left: Specialization, _ dialect: Dialect, _ data: Value
  ) throws(Finding) {
    let whole = site.specialized(dialect, known: known(data) { _ in true })
    try checkText(whole.html, site.sources)
    // What is left alone may be longer once it is known.
    if whole.diagnostics.contains(where: { $0.code == .evaluationBudget }) { return }
    if let error = whole.diagnostics.first(where: { $0.severity == .error }) {
      throw Finding("law-accepted", "\(error.code.name): \(error.message)")
    }
    try hold(whole.html.holes.isEmpty && whole.subject?.holes.isEmpty != false, "law-holes", "holes where all is known")
    let expected = filled(whole, dialect, .record([]))
    let found = filled(left, dialect, data)
    try hold(found == expected, "law-specialization", difference(found, expected))
    let half = site.specialized(dialect, known: known(data) { $0 % 2 == 0 })
    if half.diagnostics.hasErrors { return }
    let rest = filled(half, dialect, data)
    try hold(rest == expected, "law-partial", difference(rest, expected))
  }

  /// The chosen variables with their values; what is absent is known to be nothing.
  private static func known(_ data: Value, _ isChosen: (Int) -> Bool) -> Value {
    let names = TemplateSite.variables(SourceRange(SourceID(index: 0), 0, 0)).map(\.name)
    return .record(
      names.enumerated().filter { isChosen($0.offset) }.map { Value.Field($0.element, data[$0.element] ?? .null) })
  }

  private static func filled(_ result: Specialization, _ dialect: Dialect, _ data: Value) -> [[UInt8]] {
    [(result.html, MailPart.html), (result.subject, .subject), (result.preheader, .preheader)].map { text, part in
      text.map { Interpreter.render($0, with: data, dialect: dialect, part: part).bytes } ?? []
    }
  }

  private static func difference(_ found: [[UInt8]], _ expected: [[UInt8]]) -> String {
    let pair = zip(found, expected).first { $0 != $1 } ?? ([], [])
    return "\(quoted(pair.0)) is not \(quoted(pair.1))"
  }

  // MARK: Neutrality

  /// Texts that would mean something if they were not escaped, each with something of every place.
  private static let hostile = [
    "<script>\"'><img src=x onerror=a>--><!--]]></style></title><![endif]-->", "' onx='a\" ony=\"b` = {{x}}{%x%}\\",
    "&lt;b&gt; &#60;i&#62; %3C\r\n</p <!-- javascript:a //",
  ]

  /// What is in data or in globals changes no token of the finished mail.
  ///
  /// A comparison of texts may choose another branch, so templates with one are left out.
  private static func checkNeutrality(
    _ site: TemplateSite, _ left: Specialization, _ dialect: Dialect, _ input: FuzzInput
  ) throws(Finding) {
    let text = String(decoding: input.first + (input.second ?? []), as: UTF8.self)
    if text.contains("eq") || text.contains("ne") || text.contains("many") { return }
    let tokens = outline(left, dialect, TemplateSite.harmless)
    for value in hostile {
      let found = outline(left, dialect, value)
      try hold(found == tokens, "neutral-data", "\(quoted(value.utf8)): \(found) is not \(tokens)")
      let subject = left.subject.map { filled($0, .subject, dialect, value) } ?? []
      try hold(!subject.contains(0x0A) && !subject.contains(0x0D), "neutral-subject", quoted(subject))
      let other = site.specialized(dialect, globals: TemplateSite.globals(value))
      if other.diagnostics.hasErrors { continue }
      let known = outline(other, dialect, TemplateSite.harmless)
      try hold(known == tokens, "neutral-globals", "\(quoted(value.utf8)): \(known) is not \(tokens)")
    }
  }

  private static func filled(
    _ text: AssembledText, _ part: MailPart, _ dialect: Dialect, _ value: String
  ) -> [UInt8] {
    Interpreter.render(text, with: TemplateSite.data(value), dialect: dialect, part: part).bytes
  }

  /// The tags, comments and names of attributes of the HTML part filled with a text.
  private static func outline(_ result: Specialization, _ dialect: Dialect, _ value: String) -> [String] {
    let bytes = filled(result.html, .html, dialect, value)
    let tree = HTMLTree.parse(bytes)
    return tree.nodes.indices.map { index in
      let id = NodeID(index)
      let names = tree.attributes(of: id).map { attribute in
        String(decoding: bytes[Int(attribute.nameStart)..<Int(attribute.nameEnd)], as: UTF8.self)
      }
      let node = tree.nodes[index]
      return "\(node.kind) \(node.kind == .element ? tree.nameText(of: id) : "") \(names.joined(separator: " "))"
    }
  }
}
