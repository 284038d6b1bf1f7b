import GalleyCSS
import GalleyHTML
import GalleySource

/// What must hold of the tokenizer, of style sheets and of `style` attributes.
enum CSSOracles {
  static func check(_ bytes: [UInt8]) throws(Finding) {
    let placeholders = FuzzInput.placeholders(bytes)
    let whole = 0..<bytes.count
    try checkTokens(bytes, placeholders)
    let sheet = StyleSheet(bytes, in: whole, placeholders: placeholders)
    try checkSheet(sheet)
    try checkDiagnostics(sheet)
    let own = StyleSheet.declarations(bytes, in: whole, placeholders: placeholders)
    for declaration in own { try checkDeclaration(declaration, bytes, in: whole) }
    try checkSurroundings(bytes, placeholders, sheet, own)
    if placeholders.isEmpty {
      for declaration in sheet.declarations {
        try checkAlone(declaration, bytes)
        try checkColor(Int(declaration.value.lowerBound)..<Int(declaration.value.upperBound), bytes)
      }
    }
  }

  /// A color as it is written anew is that color.
  private static func checkColor(_ value: Range<Int>, _ bytes: [UInt8]) throws(Finding) {
    guard let color = ColorValue(bytes, in: value) else { return }
    let text = color.text
    let again = ColorValue(text, in: 0..<text.count)
    let isSame = again?.red == color.red && again?.green == color.green && again?.blue == color.blue
    try hold(isSame && again?.text == text, "color", "\(quoted(bytes[value])) becomes \(quoted(text))")
  }

  /// Tokens tile the bytes and never split a placeholder.
  private static func checkTokens(_ bytes: [UInt8], _ placeholders: [Placeholder]) throws(Finding) {
    var tokenizer = CSSTokenizer(bytes, in: 0..<bytes.count, placeholders: placeholders)
    var position = 0
    var bounds: [Int] = []
    while true {
      let token = tokenizer.take()
      try hold(Int(token.start) == position, "tokens-tiling", "\(token) behind \(position)")
      if token.kind == .end { break }
      let isFine = token.end > token.start && token.unitStart >= token.start && token.unitStart <= token.end
      try hold(isFine, "tokens-progress", "\(token)")
      position = Int(token.end)
      bounds.append(position)
    }
    try hold(position == bytes.count, "tokens-tiling", "stopped at \(position) of \(bytes.count)")
    try holdUncut(bounds, placeholders, "tokens-placeholder")
  }

  /// Rules nest and are in order; selectors and declarations lie in their rules.
  private static func checkSheet(_ sheet: StyleSheet) throws(Finding) {
    var ends: [Int32: Int] = [:]
    for (index, rule) in sheet.rules.enumerated() {
      let isTree = rule.parent >= -1 && rule.parent < index && rule.subtreeEnd > index
      try hold(isTree && rule.subtreeEnd <= sheet.rules.count, "sheet-links", "\(index): \(rule)")
      let outer = rule.parent < 0 ? sheet.range : sheet.rules[Int(rule.parent)].block
      try hold(isWithin(rule.range, outer), "sheet-nesting", "\(index): \(rule.range) in \(outer)")
      if rule.parent >= 0 {
        let parentEnd = sheet.rules[Int(rule.parent)].subtreeEnd
        try hold(rule.subtreeEnd <= parentEnd, "sheet-links", "\(index) ends at \(rule.subtreeEnd)")
      }
      let end = ends[rule.parent, default: outer.lowerBound]
      try hold(rule.range.lowerBound >= end, "sheet-order", "\(index): \(rule.range) behind \(end)")
      ends[rule.parent] = rule.range.upperBound
      try hold(rule.prelude.isEmpty || isWithin(rule.prelude, rule.range), "sheet-prelude", "\(index): \(rule)")
      try hold(rule.block.isEmpty || isWithin(rule.block, rule.range), "sheet-block", "\(index): \(rule)")
      try hold(rule.selectors.upperBound <= sheet.selectors.selectors.count, "sheet-selectors", "\(index)")
      for selector in sheet.selectors.selectors[rule.selectors] {
        try hold(isWithin(selector.range, rule.prelude), "selector-range", "\(selector.range) in \(rule.prelude)")
      }
      try hold(rule.declarations.upperBound <= sheet.declarations.count, "sheet-declarations", "\(index)")
      for declaration in sheet.declarations[rule.declarations] {
        try hold(Int(declaration.rule) == index, "declaration-rule", "\(declaration.rule) in \(index)")
        try checkDeclaration(declaration, sheet.bytes, in: rule.block)
      }
    }
    for fault in sheet.faults {
      try hold(isWithin(fault.range, sheet.range), "fault-range", "\(fault) in \(sheet.range)")
    }
  }

  private static func isWithin(_ inner: Range<Int>, _ outer: Range<Int>) -> Bool {
    inner.lowerBound >= outer.lowerBound && inner.upperBound <= outer.upperBound
  }

  private static func checkDeclaration(
    _ declaration: StyleSheet.Declaration, _ bytes: [UInt8], in range: Range<Int>
  ) throws(Finding) {
    let (name, value) = (declaration.name, declaration.value)
    let isFine =
      Int(name.lowerBound) >= range.lowerBound && name.lowerBound < name.upperBound
      && name.upperBound <= value.lowerBound && value.upperBound <= declaration.end
      && Int(declaration.end) <= range.upperBound
    try hold(isFine, "declaration-range", "\(declaration) in \(range)")
  }

  /// What is wrong is told at a place inside, and steers no terminal.
  private static func checkDiagnostics(_ sheet: StyleSheet) throws(Finding) {
    var sources = SourceSet()
    let source = sources.add(path: "sheet.css", bytes: sheet.bytes)
    let origins = OriginMap(whole: source, count: sheet.bytes.count)
    try DiagnosticOracles.check(sheet.diagnostics { origins.origin(of: $0) }, sources)
  }

  /// A sheet means the same wherever it stands in a document.
  private static func checkSurroundings(
    _ bytes: [UInt8], _ placeholders: [Placeholder], _ sheet: StyleSheet, _ own: [StyleSheet.Declaration]
  ) throws(Finding) {
    let before = Array("<style>".utf8)
    let shift = before.count
    let padded = before + bytes + Array("*/\"')}</style>".utf8)
    let range = shift..<shift + bytes.count
    let shifted = placeholders.map {
      Placeholder(range: $0.range.lowerBound + shift..<$0.range.upperBound + shift, kind: $0.kind)
    }
    let inside = StyleSheet(padded, in: range, placeholders: shifted)
    try hold(outline(inside, shift) == outline(sheet, 0), "sheet-surroundings", quoted(bytes))
    let inAttribute = StyleSheet.declarations(padded, in: range, placeholders: shifted)
    let isSame = inAttribute.map { outline($0, shift) } == own.map { outline($0, 0) }
    try hold(isSame, "declarations-surroundings", quoted(bytes))
  }

  /// All that a sheet was found to be, with offsets from its start.
  private static func outline(_ sheet: StyleSheet, _ shift: Int) -> [[Int]] {
    var lines: [[Int]] = []
    for rule in sheet.rules {
      var line = [Int(rule.kind.rawValue), Int(rule.flags.rawValue), Int(rule.parent), Int(rule.subtreeEnd)]
      for range in [rule.range, rule.prelude, rule.block] {
        line += range.isEmpty ? [0, 0] : [range.lowerBound - shift, range.upperBound - shift]
      }
      line += [rule.selectors.lowerBound, rule.selectors.upperBound]
      lines.append(line + [rule.declarations.lowerBound, rule.declarations.upperBound])
    }
    for selector in sheet.selectors.selectors {
      let place = [selector.range.lowerBound - shift, selector.range.upperBound - shift]
      lines.append(place + [Int(truncatingIfNeeded: selector.specificity.value), Int(selector.traits.rawValue)])
    }
    return lines + sheet.declarations.map { outline($0, shift) }
      + sheet.faults.map { [$0.range.lowerBound - shift, $0.range.upperBound - shift] }
  }

  private static func outline(_ declaration: StyleSheet.Declaration, _ shift: Int) -> [Int] {
    [
      Int(declaration.name.lowerBound), Int(declaration.name.upperBound), Int(declaration.value.lowerBound),
      Int(declaration.value.upperBound), Int(declaration.end),
    ].map { $0 - shift } + [Int(declaration.flags.rawValue), Int(declaration.rule)]
  }

  /// A declaration's own bytes are that declaration.
  private static func checkAlone(_ declaration: StyleSheet.Declaration, _ bytes: [UInt8]) throws(Finding) {
    let start = Int(declaration.name.lowerBound)
    let text = Array(bytes[start..<Int(declaration.end)])
    let alone = StyleSheet.declarations(text, in: 0..<text.count)
    let isSame =
      alone.count == 1 && Int(alone[0].name.upperBound) == Int(declaration.name.upperBound) - start
      && Int(alone[0].value.lowerBound) == Int(declaration.value.lowerBound) - start
      && Int(alone[0].value.upperBound) == Int(declaration.value.upperBound) - start
      && alone[0].isImportant == declaration.isImportant
    try hold(isSame, "declaration-alone", "\(quoted(text)) is \(alone.count) declarations")
  }
}

/// What must hold of messages.
enum DiagnosticOracles {
  /// Throws unless places lie in their sources and the text has no control characters.
  static func check(_ diagnostics: [Diagnostic], _ sources: SourceSet) throws(Finding) {
    var human = DiagnosticRenderer(sources: sources)
    var short = DiagnosticRenderer(sources: sources, form: .short)
    for diagnostic in diagnostics {
      let ranges = [diagnostic.range] + diagnostic.notes.map(\.range)
      let edits = diagnostic.fixes.flatMap { $0.edits.map { Optional($0.range) } }
      for case let range? in ranges + edits {
        let isInside = Int(range.source.index) < sources.sources.count && range.start >= 0 && range.start <= range.end
        let isFine = isInside && range.end <= sources[range.source].bytes.count
        try hold(isFine, "diagnostic-range", "\(diagnostic.code.name) at \(range)")
      }
      let text = human.render(diagnostic) + short.render(diagnostic)
      let control = text.unicodeScalars.first { ($0.value < 0x20 && $0 != "\n") || (0x7F..<0xA0).contains($0.value) }
      try hold(control == nil, "diagnostic-control", text.debugDescription)
    }
  }
}
