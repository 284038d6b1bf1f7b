import GalleySource
import Testing

@Test func `edits apply in order of place`() {
  var edits = EditList()
  edits.replace(4..<5, with: Array("E".utf8))
  edits.insert(Array("<".utf8), at: 0)
  edits.delete(1..<2)
  #expect(String(decoding: edits.apply(to: Array("abcde".utf8)), as: UTF8.self) == "<acdE")
}
