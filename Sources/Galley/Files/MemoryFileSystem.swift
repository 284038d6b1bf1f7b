import Synchronization

/// A file system that lives in memory: the twin of `DiskFileSystem` for tests and for sites that are not on a disk.
package final class MemoryFileSystem: FileSystem {
  private enum Node: Sendable {
    case file([UInt8])
    case folder
    case link
    case special

    var kind: FileKind {
      switch self {
      case .file: .file
      case .folder: .folder
      case .link: .link
      case .special: .special
      }
    }
  }

  private struct State: Sendable {
    var nodes: [String: Node] = [:]
    var locks: Set<String> = []
  }

  private let state = Mutex(State())

  /// Makes a tree of the given files, with the folders above them.
  package init(_ files: [String: [UInt8]] = [:]) {
    for (path, bytes) in files { put(.file(bytes), at: path) }
  }

  /// Makes a tree of texts.
  package convenience init(texts: [String: String]) { self.init(texts.mapValues { Array($0.utf8) }) }

  /// Puts a link that leads nowhere.
  package func putLink(at path: String) { put(.link, at: path) }

  /// Puts a pipe.
  package func putSpecial(at path: String) { put(.special, at: path) }

  /// All files with their bytes.
  package var files: [String: [UInt8]] {
    state.withLock { state in
      state.nodes.compactMapValues { node in if case .file(let bytes) = node { bytes } else { nil } }
    }
  }

  private func put(_ node: Node, at path: String) {
    state.withLock { state in
      var folder = FilePath.split(path).folder
      while !folder.isEmpty {
        if state.nodes[folder] == nil { state.nodes[folder] = .folder }
        folder = FilePath.split(folder).folder
      }
      state.nodes[path] = node
    }
  }

  package func kind(of path: String) throws(FileFailure) -> FileKind? {
    _ = try FilePath.segments(path, for: .inspect)
    return path.isEmpty ? .folder : state.withLock { $0.nodes[path]?.kind }
  }

  package func entries(of folder: String) throws(FileFailure) -> [FileEntry] {
    try check(folder, .list) { $0 == .folder }
    let prefix = folder.isEmpty ? "" : folder + "/"
    let found = state.withLock { state in
      state.nodes.compactMap { path, node -> FileEntry? in
        guard path.utf8.starts(with: prefix.utf8) else { return nil }
        let name = Array(path.utf8.dropFirst(prefix.utf8.count))
        return name.contains(UInt8(ascii: "/")) ? nil : FileEntry(name: name, kind: node.kind)
      }
    }
    return found.sorted { $0.name.lexicographicallyPrecedes($1.name) }
  }

  package func read(_ path: String, limit: Int) throws(FileFailure) -> [UInt8] {
    try check(path, .read) { $0 == .file }
    let node = state.withLock { $0.nodes[path] }
    guard case .file(let bytes) = node else { throw FileFailure(.read, path, .notFound) }
    guard bytes.count <= limit else { throw FileFailure(.read, path, .tooLarge(limit: limit)) }
    return bytes
  }

  package func makeFolder(_ path: String) throws(FileFailure) { try add(.folder, at: path) }

  package func create(_ path: String, _ bytes: [UInt8], isFlushed: Bool) throws(FileFailure) {
    try add(.file(bytes), at: path)
  }

  package func link(_ path: String, to newPath: String) throws(FileFailure) {
    try add(.file(try read(path, limit: .max)), at: newPath)
  }

  package func rename(_ path: String, to newPath: String) throws(FileFailure) {
    _ = try FilePath.segments(newPath, for: .rename)
    try check(path, .rename) { _ in true }
    try check(FilePath.split(newPath).folder, .rename) { $0 == .folder }
    let isFolder = try kind(of: path) == .folder
    let target = try kind(of: newPath)
    if target == .folder, !isFolder { throw FileFailure(.rename, newPath, .isFolder) }
    if isFolder, let target, target != .folder { throw FileFailure(.rename, newPath, .isNotFolder) }
    if isFolder, target == .folder, try !entries(of: newPath).isEmpty {
      throw FileFailure(.rename, newPath, .alreadyExists)
    }
    state.withLock { state in
      for (old, node) in state.nodes where old == path || old.utf8.starts(with: (path + "/").utf8) {
        state.nodes[old] = nil
        state.nodes[newPath + old.dropFirst(path.count)] = node
      }
    }
  }

  package func remove(_ path: String) throws(FileFailure) {
    try check(path, .remove) { $0 != .folder }
    state.withLock { _ = $0.nodes.removeValue(forKey: path) }
  }

  package func removeFolder(_ path: String) throws(FileFailure) {
    try check(path, .remove) { $0 == .folder }
    guard try entries(of: path).isEmpty else {
      throw FileFailure(.remove, path, .system(code: 39, text: "the folder is not empty"))
    }
    state.withLock { _ = $0.nodes.removeValue(forKey: path) }
  }

  package func flush(_ folder: String) throws(FileFailure) { try check(folder, .flush) { $0 == .folder } }

  package func lock(_ folder: String) throws(FileFailure) {
    try check(folder, .lock) { $0 == .folder }
    let isFree = state.withLock { $0.locks.insert(folder).inserted }
    if !isFree { throw FileFailure(.lock, folder, .locked) }
  }

  package func unlock(_ folder: String) { state.withLock { _ = $0.locks.remove(folder) } }

  private func add(_ node: Node, at path: String) throws(FileFailure) {
    _ = try FilePath.segments(path, for: .create)
    try check(FilePath.split(path).folder, .create) { $0 == .folder }
    if try kind(of: path) != nil { throw FileFailure(.create, path, .alreadyExists) }
    state.withLock { $0.nodes[path] = node }
  }

  /// Makes sure that the path leads to what `isWanted` accepts, and through folders only.
  private func check(
    _ path: String, _ operation: FileFailure.Operation, _ isWanted: (FileKind) -> Bool
  ) throws(FileFailure) {
    let segments = try FilePath.segments(path, for: operation)
    var current = ""
    for (index, segment) in segments.enumerated() {
      current = FilePath.join(current, segment)
      guard let kind = try kind(of: current) else { throw FileFailure(operation, path, .notFound) }
      if index < segments.count - 1, kind != .folder {
        throw FileFailure(operation, path, kind == .link ? .isLink : .isNotFolder)
      }
    }
    let kind = try kind(of: path)
    guard let kind, !isWanted(kind) else { return }
    throw FileFailure(operation, path, Self.cause(of: kind))
  }

  private static func cause(of kind: FileKind) -> FileFailure.Cause {
    switch kind {
    case .file: .isNotFolder
    case .folder: .isFolder
    case .link: .isLink
    case .special: .isSpecial
    }
  }
}
