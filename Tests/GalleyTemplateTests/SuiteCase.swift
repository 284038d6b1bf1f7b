import Foundation
import GalleyTemplate
import Testing

/// A value of JSON, as the suites of others give their data.
enum SuiteValue: Decodable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case list([SuiteValue])
  case record([String: SuiteValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([SuiteValue].self) {
      self = .list(value)
    } else {
      self = .record(try container.decode([String: SuiteValue].self))
    }
  }

  /// The value as one of ours; fields in the order of their names.
  var value: Value {
    switch self {
    case .null: .null
    case .boolean(let value): .boolean(value)
    case .number(let value): value == value.rounded() ? .integer(Int(value)) : .decimal(String(value))
    case .string(let text): .string(text)
    case .list(let items): .list(items.map(\.value))
    case .record(let fields): .record(fields.sorted { $0.key < $1.key }.map { Value.Field($0.key, $0.value.value) })
    }
  }

  /// A field of a record.
  subscript(name: String) -> SuiteValue? {
    if case .record(let fields) = self { fields[name] } else { nil }
  }
}

/// A case of a suite of others: a template, data, and what comes out.
struct SuiteCase {
  /// The file of the suite and the number of the case in it, counted from 1.
  let key: String
  let title: String
  let template: String
  let partials: [String: String]
  let data: SuiteValue
  /// What the template makes of the data, or nil where it is refused.
  let expected: String?
}

/// The cases of Handlebars and Mustache.
enum SuiteCases {
  private struct Entry: Decodable {
    var file: String?
    var it: String?
    var name: String?
    var template: String
    var data: SuiteValue
    var partials: [String: String]?
    var expected: String?
    var exception: Bool?
  }

  private struct MustacheFile: Decodable { var tests: [Entry] }

  /// The folder of a suite, or nil, with a line that says so, where it is absent.
  static func folder(_ name: String) -> URL? {
    let path = ProcessInfo.processInfo.environment["GALLEY_SUITES"]
    let root = path.map { URL(filePath: $0) } ?? package.appending(path: "../shared/suites")
    let folder = root.appending(path: name)
    if FileManager.default.fileExists(atPath: folder.path) { return folder }
    print("skipped: no \(folder.path); set GALLEY_SUITES")
    return nil
  }

  static let package = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The cases that the authors of Handlebars run on all implementations.
  static func handlebars(in folder: URL) throws -> [SuiteCase] {
    let data = try Data(contentsOf: folder.appending(path: "cases.json"))
    return numbered(try JSONDecoder().decode([Entry].self, from: data)) { $0.file ?? "" }
  }

  /// The specification of Mustache.
  static func mustache(in folder: URL) throws -> [SuiteCase] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
    return try names.sorted().flatMap { name in
      let data = try Data(contentsOf: folder.appending(path: name))
      let entries = try JSONDecoder().decode(MustacheFile.self, from: data).tests
      return numbered(entries) { _ in String(name.drop { $0 == "~" }.dropLast(".json".count)) }
    }
  }

  private static func numbered(_ entries: [Entry], file: (Entry) -> String) -> [SuiteCase] {
    var counts: [String: Int] = [:]
    return entries.map { entry in
      let name = file(entry)
      counts[name, default: 0] += 1
      return SuiteCase(
        key: "\(name) \(counts[name, default: 0])", title: entry.it ?? entry.name ?? "", template: entry.template,
        partials: entry.partials ?? [:], data: entry.data, expected: entry.exception == true ? nil : entry.expected)
    }
  }
}

/// Where the language differs from a suite of others, on purpose.
///
/// A line of `Tests/Corpus/suites/NAME.deviations` is `FILE NUMBERS: REASON`, where the numbers are those of cases in a
/// file of the suite, such as `basic 3, 7-9`. Lines that start with `#` are comments. A case that fails without a line
/// is an issue, and so is a listed case that passes or is not there.
struct SuiteDeviations {
  private let name: String
  private var reasons: [String: String] = [:]
  private var passed = 0
  private var listed: Set<String> = []

  init(_ name: String) throws {
    self.name = name
    let file = SuiteCases.package.appending(path: "Tests/Corpus/suites/\(name).deviations")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: ":", maxSplits: 1)
      let words = parts[0].split(separator: " ", maxSplits: 1)
      guard parts.count == 2, words.count == 2 else {
        Issue.record("\(name).deviations: '\(line)' is no 'FILE NUMBERS: REASON'")
        continue
      }
      for part in words[1].split(separator: ",") {
        let bounds = part.split(separator: "-").compactMap { Int($0.filter { $0 != " " }) }
        guard let first = bounds.first, let last = bounds.last, first <= last else {
          Issue.record("\(name).deviations: '\(line)' has no numbers")
          continue
        }
        for number in first...last where reasons.updateValue(String(parts[1]), forKey: "\(words[0]) \(number)") != nil {
          Issue.record("\(name).deviations lists '\(words[0]) \(number)' twice")
        }
      }
    }
  }

  /// Notes how a case went; `fault` says in what it fails.
  mutating func note(_ entry: SuiteCase, _ fault: String?) {
    guard let fault else {
      passed += 1
      return
    }
    if reasons[entry.key] == nil {
      Issue.record("\(name) '\(entry.key)' (\(entry.title)) fails: \(visible(entry.template))\n\(fault)")
    } else {
      listed.insert(entry.key)
    }
  }

  /// Prints how it went, and complains about lines that no case needs.
  func finish() {
    print("\(name): \(passed) cases pass, \(listed.count) deviate as listed")
    for key in reasons.keys.sorted() where !listed.contains(key) {
      Issue.record("\(name).deviations: '\(key)' passes, or is not there")
    }
  }
}
