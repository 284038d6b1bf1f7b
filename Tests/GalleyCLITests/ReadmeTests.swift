import Foundation
import Testing

/// What README.md shows is what happens.
struct ReadmeTests {
  /// The fenced blocks of README.md, in order, without their fences.
  private static func blocks() throws -> [String] {
    let text = try String(contentsOf: Tool.root.appending(path: "README.md"), encoding: .utf8)
    return text.split(separator: "```", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }
      .map { String($0.element.drop { $0 != "\n" }.dropFirst()) }
  }

  @Test func `the example before, after and with a mistake is true`() throws {
    let blocks = try Self.blocks()
    try #require(blocks.count == 3)
    let site = try TemporaryFolder.withStarterSite()
    try site.write(blocks[0], to: "templates/order_confirmation.html")
    let outcome = try Tool.run("build", in: site.url)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let output = try site.text("dist/dev/order_confirmation.html")
    for line in blocks[1].split(separator: "\n") {
      // "…" stands for what the example leaves out.
      var rest = output[...]
      for piece in line.split(separator: "…") {
        let found = rest.range(of: piece)
        #expect(found != nil, "'\(line)' is not in\n\(output)")
        rest = rest[(found?.upperBound ?? rest.endIndex)...]
      }
    }
    try site.change("name=customerName", to: "name=custmerName", in: "templates/order_confirmation.html")
    let failure = try Tool.run("build", in: site.url)
    #expect(failure.status == 1)
    #expect(failure.messages.hasPrefix(blocks[2]), "\(failure.messages)")
  }

  @Test func `it is short enough to be read`() throws {
    let text = try String(contentsOf: Tool.root.appending(path: "README.md"), encoding: .utf8)
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 121)
  }
}
