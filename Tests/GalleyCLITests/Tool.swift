import Foundation
import Testing

/// The built tool, run as a process: what a person at a terminal, or a pipeline, gets.
enum Tool {
  /// What a process said and how it ended.
  struct Outcome {
    let status: Int32
    let output: Data
    let messages: String

    /// Standard output as text.
    var text: String { String(decoding: output, as: UTF8.self) }
    /// The messages as JSON objects, one a line.
    var findings: [[String: Any]] {
      messages.split(separator: "\n").compactMap {
        (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
      }
    }
  }

  /// The package's folder, which is also the site's.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The tool: the one beside the test runner, or the one that GALLEY_BINARY names.
  static let binary: URL =
    ProcessInfo.processInfo.environment["GALLEY_BINARY"].map { URL(filePath: $0) }
    ?? URL(filePath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent().appending(path: "galley")

  /// Runs the tool in a folder.
  static func run(
    _ arguments: String..., in folder: URL = root, input: String = "", environment: [String: String] = [:]
  ) throws -> Outcome {
    try run(binary, arguments, in: folder, input: input, environment: environment)
  }

  /// Runs any program; its streams go through files, so that no pipe can fill up.
  static func run(
    _ program: URL, _ arguments: [String], in folder: URL, input: String = "", environment: [String: String] = [:]
  ) throws -> Outcome {
    let scratch = try TemporaryFolder()
    try scratch.write(input, to: "input")
    for name in ["output", "messages"] { try scratch.write("", to: name) }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment
      .merging(["NO_COLOR": "1"]) { _, new in new }.merging(environment) { _, new in new }
    process.standardInput = try FileHandle(forReadingFrom: scratch.url.appending(path: "input"))
    process.standardOutput = try FileHandle(forWritingTo: scratch.url.appending(path: "output"))
    process.standardError = try FileHandle(forWritingTo: scratch.url.appending(path: "messages"))
    try process.run()
    process.waitUntilExit()
    // A trap is a signal; no documented status says so.
    #expect(process.terminationReason == .exit, "\(program.lastPathComponent) \(arguments) was ended by a signal")
    return Outcome(
      status: process.terminationStatus, output: try scratch.data("output"),
      messages: String(decoding: try scratch.data("messages"), as: UTF8.self))
  }
}

/// A folder that goes away with its last user.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "galley-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// A folder with the site that `galley init` makes.
  static func withStarterSite() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let outcome = try Tool.run("init", in: folder.url)
    try #require(outcome.status == 0, "galley init: \(outcome.messages)")
    return folder
  }

  func write(_ text: String, to path: String) throws {
    let file = url.appending(path: path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  func data(_ path: String) throws -> Data { try Data(contentsOf: url.appending(path: path)) }

  func text(_ path: String) throws -> String { String(decoding: try data(path), as: UTF8.self) }

  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: url.appending(path: path).path) }

  /// Changes a text in a file, which must hold it.
  func change(_ old: String, to new: String, in path: String) throws {
    let text = try text(path)
    try #require(text.contains(old), "'\(path)' holds no '\(old)'")
    try write(text.replacing(old, with: new), to: path)
  }

  /// The files below a folder, each with its content.
  func files(below path: String) throws -> [String: Data] {
    let base = url.appending(path: path)
    var result: [String: Data] = [:]
    for case let name as String in FileManager.default.enumerator(atPath: base.path) ?? .init() {
      let file = base.appending(path: name)
      if try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
        result[name] = try Data(contentsOf: file)
      }
    }
    return result
  }
}
