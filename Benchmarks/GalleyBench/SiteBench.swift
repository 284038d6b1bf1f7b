import Foundation
import Galley
import GalleySource
import GalleyTemplate

/// The mails of a site in one environment, held in memory and evaluated when asked.
struct SiteBench {
  /// What is measured.
  enum Work: String {
    /// From the bytes of templates and partials to what is left for the sender, checked and written in its dialect.
    case whole
    /// From parsed files to what is left for the sender.
    case evaluate
    /// The same, and writing it in the dialect.
    case write
    /// Filling what was left with each mail's default sample.
    case fill
  }

  private let site: Site
  private let units: [Unit]

  /// A mail in one locale.
  private struct Unit {
    let template: Template
    let environment: Specializer.Environment
    let sample: Value
    /// What is left for the sender.
    let rest: Specialization
  }

  /// Reads the site of a folder.
  init(folder: String) throws {
    site = try Site.load(MemoryFileSystem(try Self.read(folder)))
    units = Self.units(of: site)
  }

  /// The number of mails.
  var count: Int { units.count }

  private static func read(_ folder: String) throws -> [String: [UInt8]] {
    let root = URL(filePath: folder, directoryHint: .isDirectory)
    var result = ["galley.yml": [UInt8](try Data(contentsOf: root.appending(path: "galley.yml")))]
    for name in ["templates", "partials", "locales"] {
      let below = FileManager.default.enumerator(atPath: root.appending(path: name).path)
      while let path = below?.nextObject() as? String {
        let url = root.appending(path: "\(name)/\(path)")
        if url.pathExtension.isEmpty { continue }
        result["\(name)/\(path)"] = [UInt8](try Data(contentsOf: url))
      }
    }
    return result
  }

  /// The site with its templates and partials parsed anew.
  private func parsed() -> Site {
    var site = site
    let sources = site.sources
    func parse(_ file: inout TemplateFile) {
      let bytes = sources[file.source].bytes
      file = TemplateParser.parse(source: file.source, bytes: bytes, name: file.name).0
    }
    for index in site.templates.indices { parse(&site.templates[index].file) }
    for name in site.partials.keys {
      if var partial = site.partials[name] {
        parse(&partial.file)
        site.partials[name] = partial
      }
    }
    return site
  }

  /// Checks the files, and evaluates each mail.
  private static func units(of site: Site) -> [Unit] {
    guard let configuration = site.configuration, let environment = configuration.environments.first,
      !SiteCheck.check(site).diagnostics.hasErrors
    else { return [] }
    let files = site.templates.map(\.file) + site.partials.values.map(\.file)
    let places = PlaceTable(files, sources: site.sources)
    return configuration.locales.supported.flatMap { locale in
      let globals = Globals.value(configuration, environment: environment, locale: locale)
      return site.templates.map { template in
        let dialect = Dialect.named(template.declaration.dialect?.name ?? configuration.dialect) ?? .jinja
        var environment = Specializer.Environment(
          sources: site.sources, partials: site.partials, globals: globals, catalogs: site.catalogs, locale: locale,
          dialect: dialect)
        environment.places = places
        environment.textPartials = site.textPartials
        let sample = site.samples[template.file.name]?.first { $0.name == "default" }
        return Unit(
          template: template, environment: environment, sample: sample?.value ?? .record([]),
          rest: Specializer.specialize(template, in: environment))
      }
    }
  }

  /// Does the work for all mails so many times; returns the processor time and the number of bytes made.
  func measure(_ work: Work, passes: Int) -> (time: Duration, written: Int) {
    var written = 0
    let start = clock()
    for _ in 0..<passes {
      switch work {
      case .whole: for unit in Self.units(of: parsed()) { written += Self.written(unit.rest, unit) }
      case .evaluate:
        for unit in units { written += Specializer.specialize(unit.template, in: unit.environment).html.bytes.count }
      case .write:
        for unit in units { written += Self.written(Specializer.specialize(unit.template, in: unit.environment), unit) }
      case .fill: for unit in units { written += Self.filled(unit) }
      }
    }
    return (.nanoseconds(Double(clock() - start) / Double(CLOCKS_PER_SEC) * 1e9), written)
  }

  private static func parts(_ rest: Specialization) -> [(AssembledText, GalleyTemplate.MailPart)] {
    [(rest.html, .html), (rest.subject ?? AssembledText(), .subject), (rest.preheader ?? AssembledText(), .preheader)]
  }

  private static func written(_ rest: Specialization, _ unit: Unit) -> Int {
    parts(rest).reduce(0) { $0 + DialectWriter.write($1.0, dialect: unit.environment.dialect, part: $1.1).count }
  }

  private static func filled(_ unit: Unit) -> Int {
    parts(unit.rest).reduce(0) {
      $0 + Interpreter.render($1.0, with: unit.sample, dialect: unit.environment.dialect, part: $1.1).bytes.count
    }
  }
}
