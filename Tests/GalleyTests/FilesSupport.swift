import Galley
import Glibc
import Synchronization

/// A folder for one test, removed with everything in it at the end.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/galley-tests-XXXXXX".utf8).map { CChar(bitPattern: $0) } + [0]
    guard unsafe mkdtemp(&template) != nil else { throw FileFailure(.create, "/tmp", .accessDenied) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    let (folder, name) = FilePath.split(String(path.dropFirst()))
    guard let disk = try? DiskFileSystem(root: "/" + folder) else { return }
    try? disk.removeTree(name)
  }

  var disk: DiskFileSystem { get throws { try DiskFileSystem(root: path) } }

  func link(_ target: String, at name: String) { unsafe _ = symlink(target, path + "/" + name) }
  func pipe(at name: String) { unsafe _ = mkfifo(path + "/" + name, 0o644) }
  func forbid(_ name: String, mode: mode_t = 0) { unsafe _ = chmod(path + "/" + name, mode) }

  /// Makes an empty file whose name need not be UTF-8.
  func file(named name: [UInt8]) {
    let full = (Array(path.utf8) + [0x2F] + name).map { CChar(bitPattern: $0) } + [0]
    let descriptor = unsafe open(full, O_CREAT | O_WRONLY, 0o644)
    if descriptor >= 0 { close(descriptor) }
  }
}

/// Whether the tests run as somebody whom permissions do not stop.
var isSuperuser: Bool { geteuid() == 0 }

/// A file system that fails at the n-th change, once or from then on.
final class FaultyFileSystem: FileSystem {
  private let base: any FileSystem
  private let failing: ClosedRange<Int>
  private let cause: FileFailure.Cause
  private let count = Mutex(0)

  init(_ base: any FileSystem, failing: ClosedRange<Int>, cause: FileFailure.Cause = .diskFull) {
    self.base = base
    self.failing = failing
    self.cause = cause
  }

  /// How many changes there were.
  var changeCount: Int { count.withLock { $0 } }

  private func change(_ operation: FileFailure.Operation, _ path: String) throws(FileFailure) {
    let number = count.withLock { count in
      count += 1
      return count
    }
    if failing.contains(number) { throw FileFailure(operation, path, cause) }
  }

  func kind(of path: String) throws(FileFailure) -> FileKind? { try base.kind(of: path) }
  func entries(of folder: String) throws(FileFailure) -> [FileEntry] { try base.entries(of: folder) }
  func read(_ path: String, limit: Int) throws(FileFailure) -> [UInt8] { try base.read(path, limit: limit) }
  func makeFolder(_ path: String) throws(FileFailure) {
    try change(.create, path)
    try base.makeFolder(path)
  }
  func create(_ path: String, _ bytes: [UInt8], isFlushed: Bool) throws(FileFailure) {
    try change(.create, path)
    try base.create(path, bytes, isFlushed: isFlushed)
  }
  func rename(_ path: String, to newPath: String) throws(FileFailure) {
    try change(.rename, newPath)
    try base.rename(path, to: newPath)
  }
  func link(_ path: String, to newPath: String) throws(FileFailure) {
    try change(.link, newPath)
    try base.link(path, to: newPath)
  }
  func remove(_ path: String) throws(FileFailure) {
    try change(.remove, path)
    try base.remove(path)
  }
  func removeFolder(_ path: String) throws(FileFailure) {
    try change(.remove, path)
    try base.removeFolder(path)
  }
  func flush(_ folder: String) throws(FileFailure) {
    try change(.flush, folder)
    try base.flush(folder)
  }
  func lock(_ folder: String) throws(FileFailure) { try base.lock(folder) }
  func unlock(_ folder: String) { base.unlock(folder) }
}

/// A file system that remembers what was put in place, and what was flushed.
final class RecordingFileSystem: FileSystem {
  private let base: any FileSystem
  private let record = Mutex((renames: [String](), flushed: [String]()))

  init(_ base: any FileSystem) { self.base = base }

  var renames: [String] { record.withLock { $0.renames } }
  var flushed: [String] { record.withLock { $0.flushed } }

  func rename(_ path: String, to newPath: String) throws(FileFailure) {
    record.withLock { $0.renames.append(newPath) }
    try base.rename(path, to: newPath)
  }
  func create(_ path: String, _ bytes: [UInt8], isFlushed: Bool) throws(FileFailure) {
    if isFlushed { record.withLock { $0.flushed.append(path) } }
    try base.create(path, bytes, isFlushed: isFlushed)
  }
  func kind(of path: String) throws(FileFailure) -> FileKind? { try base.kind(of: path) }
  func entries(of folder: String) throws(FileFailure) -> [FileEntry] { try base.entries(of: folder) }
  func read(_ path: String, limit: Int) throws(FileFailure) -> [UInt8] { try base.read(path, limit: limit) }
  func makeFolder(_ path: String) throws(FileFailure) { try base.makeFolder(path) }
  func link(_ path: String, to newPath: String) throws(FileFailure) { try base.link(path, to: newPath) }
  func remove(_ path: String) throws(FileFailure) { try base.remove(path) }
  func removeFolder(_ path: String) throws(FileFailure) { try base.removeFolder(path) }
  func flush(_ folder: String) throws(FileFailure) { try base.flush(folder) }
  func lock(_ folder: String) throws(FileFailure) { try base.lock(folder) }
  func unlock(_ folder: String) { base.unlock(folder) }
}
