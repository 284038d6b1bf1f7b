import GalleySource
import Testing

struct SuggestionTests {
  @Test(arguments: [
    ("orderID", "orderId"), ("oderId", "orderId"), ("orderIdd", "orderId"), ("roderId", "orderId"),
    ("orderIf", "orderId"), ("payment-recieved", "payment-received"), ("adn", "and"),
  ])
  func `a slip of the finger finds its word`(word: String, expected: String) {
    #expect(
      Suggestion.nearest(to: word, among: ["orderId", "amount", "payment-received", "and", "currency"]) == expected)
  }

  @Test(arguments: ["customer", "xyz", "ordinal"])
  func `a word far from all others finds none`(word: String) {
    #expect(Suggestion.nearest(to: word, among: ["orderId", "amount", "currency"]) == nil)
  }

  @Test func `two words equally near are no answer`() {
    #expect(Suggestion.nearest(to: "cat", among: ["bat", "hat"]) == nil)
    #expect(Suggestion.nearest(to: "cat", among: ["bat", "hat", "Cat"]) == "Cat")
  }

  @Test func `the same candidate twice is one candidate`() {
    #expect(Suggestion.nearest(to: "amout", among: ["amount", "amount"]) == "amount")
  }

  @Test func `the word itself is never suggested`() {
    #expect(Suggestion.nearest(to: "amount", among: ["amount"]) == nil)
    #expect(Suggestion.nearest(to: "amount", among: ["amount", "amounts"]) == "amounts")
  }

  @Test func `a word of one letter is not like another letter`() {
    #expect(Suggestion.nearest(to: "x", among: ["y"]) == nil)
    #expect(Suggestion.nearest(to: "", among: ["y"]) == nil)
    #expect(Suggestion.nearest(to: "x", among: ["X"]) == "X")
  }

  @Test func `the answer does not depend on the order of candidates`() {
    let candidates = ["total", "totals", "tonal", "toal", "subtotal", "TOTAL"]
    forEachSeed(50) { random, seed in
      let answer = Suggestion.nearest(to: "totel", among: candidates.shuffled(using: &random))
      #expect(answer == Suggestion.nearest(to: "totel", among: candidates), "seed \(seed)")
    }
  }

  @Test func `long words and none at all are fine`() {
    let long = String(repeating: "a", count: 10_000)
    #expect(Suggestion.nearest(to: long, among: [long + "b"]) == nil)
    #expect(Suggestion.nearest(to: "amount", among: []) == nil)
  }
}
