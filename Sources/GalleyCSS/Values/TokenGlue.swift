/// Keeps tokens apart that were not written next to each other.
///
/// What is substituted into a value never runs together with its neighbors: `var(--a)px` with `--a: 1` is two tokens,
/// not `1px` (https://www.w3.org/TR/css-variables-1/#syntax).
enum TokenGlue {
  /// Whether a space is needed between text and a byte that follows it; in doubt it is.
  static func isNeeded(_ text: [UInt8], before next: UInt8) -> Bool {
    guard let last = text.last else { return false }
    if last == 0x2F && next == 0x2A || last == 0x3C && next == 0x21 { return true }
    let mayGoOn = next.isNameByte || next == 0x25 || next == 0x28 || next == 0x2B || next == 0x2E || next == 0x5C
    guard mayGoOn else { return false }
    if last.isNameByte || last == 0x23 || last == 0x40 || last == 0x2B || last == 0x2E { return true }
    return text.suffix(8).contains(0x5C)
  }

  /// Appends text, behind a space if it would otherwise run together with what is there.
  static func append(_ more: some Collection<UInt8>, to text: inout [UInt8]) {
    guard let first = more.first else { return }
    if isNeeded(text, before: first) { text.append(0x20) }
    text.append(contentsOf: more)
  }
}
