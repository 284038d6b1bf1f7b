import GalleyCSS
import GalleyHTML
import Testing

@Suite struct KnownNameTests {
  @Test func `names that are written as numbers are hashes of what they say`() {
    for (name, hash) in KnownName.all { #expect(NameHash(name).value == hash, "\(name)") }
  }

  @Test func `the bits of flags that are tested directly are theirs`() {
    #expect(HTMLTree.Node.bitsAreRight)
  }
}
