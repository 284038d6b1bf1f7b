import ArgumentParser
import Galley

/// Which documents `galley inline` reads and where each result goes.
///
/// It is made and checked as a whole before the first document is read, so that a wrong argument writes nothing.
struct InlinePlan: Sendable {
  /// Where a document comes from.
  enum Input: Sendable, Hashable {
    case standardInput
    case file(String)

    /// The path for people.
    var name: String {
      switch self {
      case .standardInput: "<standard input>"
      case .file(let path): path
      }
    }
  }

  /// One document.
  struct Job: Sendable {
    let input: Input
    /// The file to write; nil for standard output.
    let output: String?
    /// Where its links may lead.
    let scope: SheetScope
  }

  /// Where results go.
  enum Destination: Hashable {
    case standardOutput
    case file(String)
    case folder(String)
    case inPlace
  }

  /// The documents, in the order of the arguments, those of a pattern in the order of their names.
  let jobs: [Job]

  /// Makes the plan of a command line.
  init(arguments: [String], destination: Destination, root: String?) throws {
    let current = DiskFileSystem.currentFolder
    let inputs = try Self.inputs(arguments)
    if inputs.contains(.standardInput), inputs.count > 1 || destination == .inPlace {
      throw ValidationError("standard input can only be inlined alone, and not in place")
    }
    if inputs.count > 1 {
      switch destination {
      case .standardOutput: throw ValidationError("\(inputs.count) documents need '--out-dir DIR', or '--in-place'")
      case .file: throw ValidationError("'--output' is for one document; for \(inputs.count) use '--out-dir DIR'")
      case .folder, .inPlace: break
      }
    }
    jobs = try inputs.map { input in
      let below = try Self.path(of: input, below: root, current: current)
      return Job(
        input: input, output: try Self.output(of: input, below: below, root: root, destination, current),
        scope: Self.scope(of: input, below: below, root: root))
    }
    if destination == .standardOutput { return }
    try Self.refuseDuplicates(jobs, current)
    if destination != .inPlace { try refuseOverwriting(current) }
  }

  /// Refuses a file to read that one of the documents would be written over.
  func refuseOutput(_ path: String, what: String) throws { try refuse(path, what: what, among: jobs.map(\.output)) }

  /// Refuses a file to write that is read or written as something else.
  func refuse(_ path: String, what: String) throws {
    try refuse(path, what: what, among: jobs.flatMap { [$0.input == .standardInput ? nil : $0.input.name, $0.output] })
  }

  private func refuse(_ path: String, what: String, among others: [String?]) throws {
    let current = DiskFileSystem.currentFolder
    let identity = Workspace.identity(of: path)
    let place = PlainPath.normalized(PlainPath.join(current, path))
    for case let other? in others {
      let isSame = PlainPath.normalized(PlainPath.join(current, other)) == place
      if isSame || identity != nil && Workspace.identity(of: other) == identity {
        throw ValidationError("\(what) '\(path)' is also one of the documents")
      }
    }
  }

  // MARK: Inputs

  private static func inputs(_ arguments: [String]) throws -> [Input] {
    if arguments.isEmpty { return [.standardInput] }
    var result: [Input] = []
    for argument in arguments {
      if argument == "-" {
        result.append(.standardInput)
        continue
      }
      let files = try files(matching: argument)
      if files.isEmpty { throw ValidationError("no file matches '\(argument)'") }
      result += files.map(Input.file)
    }
    if result.count == 1 { return result }
    // A document that is named twice is one document.
    var seen: Set<String> = []
    return result.filter { input in
      switch input {
      case .standardInput: seen.insert("-").inserted
      case .file(let path): seen.insert("./" + PlainPath.normalized(path)).inserted
      }
    }
  }

  private static func files(matching argument: String) throws -> [String] {
    do {
      return try Workspace.files(matching: argument)
    } catch {
      throw MachineFailure(error)
    }
  }

  private static func scope(of input: Input, below: String?, root: String?) -> SheetScope {
    if let root, let below { return SheetScope(root: root, documentAt: below) }
    if case .file(let path) = input { return SheetScope(folderOf: path) }
    return SheetScope(folderOf: "-")
  }

  /// The path of a document below the root; standard input lies in the root itself.
  private static func path(of input: Input, below root: String?, current: String) throws -> String? {
    guard let root else { return nil }
    guard case .file(let path) = input else { return "-" }
    guard let below = PlainPath.relative(path, to: root, current: current), !below.isEmpty else {
      throw ValidationError("'\(path)' does not lie in '\(root)', which '--root' names")
    }
    return below
  }

  // MARK: Outputs

  private static func output(
    of input: Input, below: String?, root: String?, _ destination: Destination, _ current: String
  ) throws -> String? {
    switch destination {
    case .standardOutput: return nil
    case .file(let path): return path
    case .inPlace: return input.name
    case .folder(let folder):
      guard case .file(let path) = input else {
        throw ValidationError("standard input has no name in '\(folder)': use '--output FILE'")
      }
      guard let relative = below ?? PlainPath.relative(path, to: ".", current: current) else {
        throw ValidationError(
          "'\(path)' lies outside of this folder: name with '--root DIR' the folder that '--out-dir' mirrors")
      }
      return PlainPath.join(folder, relative)
    }
  }

  private static func refuseDuplicates(_ jobs: [Job], _ current: String) throws {
    var places: [String: String] = [:]
    var identities: [FileIdentity: String] = [:]
    for job in jobs {
      guard let output = job.output else { continue }
      let name = job.input.name
      var other = places.updateValue(name, forKey: PlainPath.normalized(PlainPath.join(current, output)))
      if let identity = Workspace.identity(of: output) {
        other = identities.updateValue(name, forKey: identity) ?? other
      }
      if let other { throw ValidationError("'\(other)' and '\(name)' would both be written to '\(output)'") }
    }
  }

  private func refuseOverwriting(_ current: String) throws {
    var names: Set<String> = []
    var identities: Set<FileIdentity> = []
    for case .file(let path) in jobs.map(\.input) {
      names.insert(PlainPath.normalized(PlainPath.join(current, path)))
      if let identity = Workspace.identity(of: path) { identities.insert(identity) }
    }
    for output in jobs.compactMap(\.output) {
      let isNamed = names.contains(PlainPath.normalized(PlainPath.join(current, output)))
      let isSame = Workspace.identity(of: output).map(identities.contains) == true
      if isNamed || isSame {
        throw ValidationError("'\(output)' is one of the documents: ask for that with '--in-place'")
      }
    }
  }
}
