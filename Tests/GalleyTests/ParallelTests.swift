import Galley
import GalleyCSS
import GalleySource
import GalleyTemplate
import Synchronization
import Testing

/// Work on many things at once: what comes out must not depend on how it is shared out.
@Suite struct ParallelTests {
  @Test(arguments: [1, 2, 3, 64, 0]) func `each element is worked on once, and results keep the order`(
    _ limit: Int
  ) async {
    for count in [0, 1, 2, 500] {
      let workers = Mutex(0)
      let reports = Mutex<Set<Int>>([])
      let results = await Array(0..<count).mapInParallel(
        limit: limit, progress: { done, _ in reports.withLock { _ = $0.insert(done) } },
        worker: { workers.withLock { $0 += 1 } }, { element, _ in element * 2 })
      #expect(results == (0..<count).map { $0 * 2 })
      #expect(reports.withLock { $0 } == Set(0..<count).subtracting([0]).union(count > 0 ? [count] : []))
      #expect(workers.withLock { $0 } <= max(limit, 1))
    }
  }

  /// Documents that share sheets, each a little different.
  private static let documents: [String] = (0..<60).map { number in
    """
    <style>.a { color: #123; width: \(number % 3)px } p:hover { top: 0 } .b\(number % 5) { margin: 0px }</style>
    <style>@media print { .a { color: red } } {{#if x}} p { top: 1px } {{/if}}</style>
    <p class="a b\(number % 7) c">{{ name }}<td class="a" style="color: blue">
    """
  }

  @Test func `documents come out the same with one worker, with many, and each alone`() async {
    var options = DocumentInliner.Options()
    options.passes = {
      var transforms = Transforms()
      transforms.mirrorsAttributes = true
      transforms.minifies = true
      return transforms.passes
    }()
    let inliner = DocumentInliner(options: options, sheets: [("last.css", Array("p { bottom: 0 }".utf8))])
    let scope = SheetScope(root: "site", folder: "", hasRoot: false) { () throws(FileFailure) in MemoryFileSystem() }
    @Sendable func inline(_ html: String, _ session: inout InlineSession) -> String {
      let outcome = inliner.inline(Array(html.utf8), path: "page.html", scope: scope, session: &session)
      let account = JSONWriter.write(.object(outcome.account.json))
      return String(decoding: outcome.bytes + account, as: UTF8.self) + "\(outcome.diagnostics)"
    }
    let alone = Self.documents.map { document in
      var session = inliner.makeSession()
      return inline(document, &session)
    }
    for limit in [1, 2, 16] {
      let results = await Self.documents.mapInParallel(
        limit: limit, progress: nil, worker: inliner.makeSession, { inline($0, &$1) })
      #expect(results == alone, "\(limit) workers")
    }
  }

  @Test func `mails that are compiled in one session are those that are compiled alone`() throws {
    var files = ["galley.yml": CorpusCase.configuration + "inline: {mirror-attributes: true, minify: true}\n"]
    files["partials/mail.css"] = ".a { width: 10px; color: #abc } @media print { .a { top: 0 } } .x { tpo: 1px; b }"
    for number in 0..<6 {
      files["templates/m\(number).html"] = """
        ---
        subject: 'A'
        ---
        <html><head><link rel="stylesheet" href="partials/mail.css"><style>.b\(number % 2) { margin: 0 }</style></head>
        <body><table><tr><td class="a b\(number % 2) b1">Hello</td></tr></table></body></html>
        """
    }
    let site = try Site.load(MemoryFileSystem(texts: files))
    let compiler = Compiler(site, try #require(site.configuration))
    let environment = try #require(site.configuration?.environments.first)
    var shared = compiler.makeSession()
    for template in site.templates {
      let unit = Unit(template: template, environment: environment, locale: "en")
      var own = compiler.makeSession()
      let alone = compiler.compile(unit, session: &own)
      let together = compiler.compile(unit, session: &shared)
      #expect(alone.html.bytes == together.html.bytes && alone.text.bytes == together.text.bytes)
      #expect(alone.diagnostics == together.diagnostics && !alone.diagnostics.isEmpty)
      for offset in alone.html.bytes.indices {
        let range = offset..<offset + 1
        #expect(alone.html.origins.origin(of: range) == together.html.origins.origin(of: range))
      }
    }
  }
}
