/// What a path leads to; links are never followed.
package enum FileKind: Hashable, Sendable {
  case file, folder, link
  /// A pipe, a device or a socket.
  case special
}

/// One name in a folder.
package struct FileEntry: Hashable, Sendable {
  /// The name in the bytes of the file system, which need not be UTF-8.
  package let name: [UInt8]
  /// What the name leads to.
  package let kind: FileKind

  package init(name: [UInt8], kind: FileKind) {
    self.name = name
    self.kind = kind
  }

  /// The name as text, or nil if it is not UTF-8.
  package var text: String? { String(validating: name, as: UTF8.self) }
}

/// The door to files: a tree of folders below one root.
///
/// Paths are relative to the root, with `/` between segments; the root itself is the empty path. No path leads out of
/// the root: `.` and `..`, empty segments and NUL are refused, and symbolic links are not followed anywhere on the way.
/// Conformers are `DiskFileSystem` and `MemoryFileSystem`.
package protocol FileSystem: Sendable {
  /// What the path leads to, or nil if there is nothing.
  func kind(of path: String) throws(FileFailure) -> FileKind?
  /// The names in a folder, in the order of their bytes.
  func entries(of folder: String) throws(FileFailure) -> [FileEntry]
  /// The bytes of a file of at most `limit` bytes.
  func read(_ path: String, limit: Int) throws(FileFailure) -> [UInt8]
  /// Makes one folder, in one that exists.
  func makeFolder(_ path: String) throws(FileFailure)
  /// Makes a file that was not there before; with `isFlushed`, its data is on the disk when the call returns.
  func create(_ path: String, _ bytes: [UInt8], isFlushed: Bool) throws(FileFailure)
  /// Gives a file or folder another path, in one step; a file at the new path is replaced.
  func rename(_ path: String, to newPath: String) throws(FileFailure)
  /// Gives a file a second path.
  func link(_ path: String, to newPath: String) throws(FileFailure)
  /// Removes a file, a link or a special file.
  func remove(_ path: String) throws(FileFailure)
  /// Removes an empty folder.
  func removeFolder(_ path: String) throws(FileFailure)
  /// Makes sure that the names in a folder are on the disk.
  func flush(_ folder: String) throws(FileFailure)
  /// Keeps others, in this process and elsewhere, from locking a folder until `unlock`; the end of the process unlocks.
  func lock(_ folder: String) throws(FileFailure)
  /// Gives up a lock.
  func unlock(_ folder: String)
}

extension FileSystem {
  /// The bytes of a file of at most `FileLimits.bytesPerFile`.
  package func read(_ path: String) throws(FileFailure) -> [UInt8] {
    try read(path, limit: FileLimits.standard.bytesPerFile)
  }

  /// Writes a file so that a reader sees the old bytes or the new ones, never a part, also after a crash.
  ///
  /// The bytes go to a temporary file in the same folder, named with `nonce`, which is renamed when they are on disk.
  package func write(_ bytes: [UInt8], to path: String, nonce: String) throws(FileFailure) {
    let (folder, name) = FilePath.split(path)
    let temporary = FilePath.join(folder, ".galley-\(nonce)-\(name)")
    do throws(FileFailure) {
      try create(temporary, bytes, isFlushed: true)
      try rename(temporary, to: path)
      try flush(folder)
    } catch {
      try? remove(temporary)
      // The file that was asked for is the one to name; the temporary one is nobody's affair.
      throw error.path == temporary ? FileFailure(error.operation, path, error.cause) : error
    }
  }

  /// Makes a folder and the folders above it, as far as they are not there; others may be making them, too.
  package func makeFolders(_ path: String) throws(FileFailure) {
    var folder = ""
    for segment in try FilePath.segments(path, for: .create) {
      folder = FilePath.join(folder, segment)
      switch try kind(of: folder) {
      case .folder: continue
      case nil: try makeFolderUnlessPresent(folder)
      case .link: throw FileFailure(.create, folder, .isLink)
      case .file, .special: throw FileFailure(.create, folder, .isNotFolder)
      }
    }
  }

  private func makeFolderUnlessPresent(_ folder: String) throws(FileFailure) {
    do throws(FileFailure) {
      try makeFolder(folder)
    } catch {
      guard error.cause == .alreadyExists, try kind(of: folder) == .folder else { throw error }
    }
  }

  /// Removes whatever the path leads to, with all that is in it; links are removed, not followed.
  package func removeTree(_ path: String) throws(FileFailure) {
    guard let kind = try kind(of: path) else { return }
    guard kind == .folder else { return try remove(path) }
    for entry in try entries(of: path) {
      guard let name = entry.text else {
        throw FileFailure(.remove, FilePath.join(path, Printable.name(entry.name)), .badPath)
      }
      try removeTree(FilePath.join(path, name))
    }
    try removeFolder(path)
  }
}

/// The grammar of paths below a root.
package enum FilePath {
  /// The segments of a path; the root has none.
  package static func segments(_ path: String, for operation: FileFailure.Operation) throws(FileFailure) -> [String] {
    if path.isEmpty { return [] }
    let segments = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(String.init)
    var result: [String] = []
    for segment in segments {
      guard let segment, !segment.isEmpty, segment != ".", segment != "..", !segment.utf8.contains(0) else {
        throw FileFailure(operation, path, .badPath)
      }
      result.append(segment)
    }
    return result
  }

  /// A name below a folder.
  package static func join(_ folder: String, _ name: String) -> String { folder.isEmpty ? name : folder + "/" + name }

  /// The folder and the name of a path.
  package static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
    return (String(path[..<slash]), String(path[path.utf8.index(after: slash)...]))
  }
}

/// How much a site may hold.
package struct FileLimits: Hashable, Sendable {
  /// The bytes of one file.
  package var bytesPerFile = 2 << 20
  /// The files of the site.
  package var files = 2_000
  /// The folders above one another.
  package var depth = 32
  /// The bytes of one name.
  package var bytesPerName = 200
  /// The bytes of one path.
  package var bytesPerPath = 900

  /// The limits that hold where nothing else is said.
  package static let standard = FileLimits()

  package init() {}
}
