import Glibc
import Synchronization

/// The files below one folder of the disk, reached by descriptors.
///
/// The root is opened once. Every path is walked from there segment by segment with `openat` and `O_NOFOLLOW`, so that
/// no link and no race can lead out of it: what is checked is the descriptor, not the name. Opening never waits, so a
/// pipe can't stop a build. `unsafe` marks calls into the C library; each borrows memory for the length of the call.
package final class DiskFileSystem: FileSystem {
  private let root: Descriptor
  private let locks = Mutex<[String: Int32]>([:])

  /// Opens a folder as the root; links on the way to it are followed.
  package init(root path: String) throws(FileFailure) {
    let result = retrying { unsafe open(path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard result >= 0 else { throw .init(.open, path, .init(errno: errno)) }
    root = Descriptor(result)
  }

  package func kind(of path: String) throws(FileFailure) -> FileKind? {
    if path.isEmpty { return .folder }
    do throws(FileFailure) {
      let place = try parent(of: path, .inspect)
      var status = stat()
      if unsafe fstatat(place.folder.value, place.name, &status, AT_SYMLINK_NOFOLLOW) == 0 {
        return FileKind(mode: status.st_mode)
      }
      throw failure(.inspect, path)
    } catch {
      if error.cause == .notFound || error.cause == .isNotFolder { return nil }
      throw error
    }
  }

  /// What tells whether two paths lead to one file; nil if there is nothing. Links are not followed.
  package func identity(of path: String) throws(FileFailure) -> FileIdentity? {
    guard try kind(of: path) != nil, !path.isEmpty else { return nil }
    let place = try parent(of: path, .inspect)
    var status = stat()
    guard unsafe fstatat(place.folder.value, place.name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
    return FileIdentity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
  }

  /// The path of the current folder, or `.` where the system does not tell.
  package static var currentFolder: String {
    guard let path = unsafe getcwd(nil, 0) else { return "." }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  package func entries(of folder: String) throws(FileFailure) -> [FileEntry] {
    let descriptor = try openFolder(folder, .list)
    let copy = descriptor.take()
    guard let stream = unsafe fdopendir(copy) else {
      let problem = failure(.list, folder)
      close(copy)
      throw problem
    }
    defer { unsafe closedir(stream) }
    var entries: [FileEntry] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else { break }
      let name = unsafe Self.name(of: entry)
      if name == [0x2E] || name == [0x2E, 0x2E] { continue }
      if let kind = unsafe FileKind(entryType: entry.pointee.d_type) {
        entries.append(FileEntry(name: name, kind: kind))
      } else if let kind = try unsafe kind(ofName: name, in: dirfd(stream), of: folder) {
        entries.append(FileEntry(name: name, kind: kind))
      }
    }
    guard errno == 0 else { throw failure(.list, folder) }
    return entries.sorted { $0.name.lexicographicallyPrecedes($1.name) }
  }

  package func read(_ path: String, limit: Int) throws(FileFailure) -> [UInt8] {
    for _ in 0..<2 {
      if let bytes = try readOnce(path, limit: limit) { return bytes }
    }
    throw FileFailure(.read, path, .changed)
  }

  package func makeFolder(_ path: String) throws(FileFailure) {
    let place = try parent(of: path, .create)
    guard unsafe mkdirat(place.folder.value, place.name, 0o777) == 0 else { throw failure(.create, path) }
  }

  package func create(_ path: String, _ bytes: [UInt8], isFlushed: Bool) throws(FileFailure) {
    let place = try parent(of: path, .create)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let result = retrying { unsafe openat(place.folder.value, place.name, flags, 0o666) }
    guard result >= 0 else { throw failure(.create, path) }
    let file = Descriptor(result)
    do throws(FileFailure) {
      try write(bytes, to: file, path: path)
      if isFlushed, retrying({ fsync(file.value) }) != 0 { throw failure(.flush, path) }
      guard close(file.take()) == 0 || errno == EINTR else { throw failure(.write, path) }
    } catch {
      unsafe unlinkat(place.folder.value, place.name, 0)
      throw error
    }
  }

  package func rename(_ path: String, to newPath: String) throws(FileFailure) {
    let place = try parent(of: path, .rename)
    let newPlace = try parent(of: newPath, .rename)
    guard unsafe renameat(place.folder.value, place.name, newPlace.folder.value, newPlace.name) == 0 else {
      throw failure(.rename, newPath)
    }
  }

  package func link(_ path: String, to newPath: String) throws(FileFailure) {
    let place = try parent(of: path, .link)
    let newPlace = try parent(of: newPath, .link)
    guard unsafe linkat(place.folder.value, place.name, newPlace.folder.value, newPlace.name, 0) == 0 else {
      throw failure(.link, newPath)
    }
  }

  package func remove(_ path: String) throws(FileFailure) {
    let place = try parent(of: path, .remove)
    guard unsafe unlinkat(place.folder.value, place.name, 0) == 0 else { throw failure(.remove, path) }
  }

  package func removeFolder(_ path: String) throws(FileFailure) {
    let place = try parent(of: path, .remove)
    guard unsafe unlinkat(place.folder.value, place.name, AT_REMOVEDIR) == 0 else { throw failure(.remove, path) }
  }

  package func flush(_ folder: String) throws(FileFailure) {
    let descriptor = try openFolder(folder, .flush)
    let result = retrying { fsync(descriptor.value) }
    // Some file systems have nothing to flush for a folder and say so.
    guard result == 0 || errno == EINVAL else { throw failure(.flush, folder) }
  }

  package func lock(_ folder: String) throws(FileFailure) {
    let descriptor = try openFolder(folder, .lock)
    guard retrying({ flock(descriptor.value, LOCK_EX | LOCK_NB) }) == 0 else {
      throw errno == EWOULDBLOCK ? FileFailure(.lock, folder, .locked) : failure(.lock, folder)
    }
    let value = descriptor.take()
    locks.withLock { $0[folder] = value }
  }

  package func unlock(_ folder: String) {
    if let value = locks.withLock({ $0.removeValue(forKey: folder) }) { close(value) }
  }

  deinit { for value in locks.withLock({ $0.values }) { close(value) } }

  // MARK: Walking

  /// The open folder that holds the last segment of a path, and that segment.
  private func parent(
    of path: String, _ operation: FileFailure.Operation
  ) throws(FileFailure) -> Place {
    let segments = try FilePath.segments(path, for: operation)
    guard let name = segments.last else { throw FileFailure(operation, path, .badPath) }
    return Place(folder: try walk(segments.dropLast(), operation, path), name: name)
  }

  private func openFolder(_ path: String, _ operation: FileFailure.Operation) throws(FileFailure) -> Descriptor {
    try walk(FilePath.segments(path, for: operation)[...], operation, path)
  }

  /// Opens the folder that the segments lead to.
  private func walk(
    _ segments: ArraySlice<String>, _ operation: FileFailure.Operation, _ path: String
  ) throws(FileFailure) -> Descriptor {
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
    var folder = Descriptor(retrying { unsafe openat(root.value, ".", flags) })
    guard folder.value >= 0 else { throw failure(operation, path) }
    for segment in segments {
      let next = retrying { unsafe openat(folder.value, segment, flags) }
      if next < 0 {
        let problem = errno
        // With O_DIRECTORY a link answers ENOTDIR too.
        if problem == ENOTDIR, isLink(segment, in: folder) { throw FileFailure(operation, path, .isLink) }
        throw FileFailure(operation, path, .init(errno: problem))
      }
      folder = Descriptor(next)
    }
    return folder
  }

  private func isLink(_ name: String, in folder: borrowing Descriptor) -> Bool {
    var status = stat()
    return unsafe fstatat(folder.value, name, &status, AT_SYMLINK_NOFOLLOW) == 0
      && FileKind(mode: status.st_mode) == .link
  }

  private func failure(_ operation: FileFailure.Operation, _ path: String) -> FileFailure {
    FileFailure(operation, path, .init(errno: errno))
  }

  // MARK: Reading and writing

  /// Reads a file, or returns nil if it changed meanwhile.
  private func readOnce(_ path: String, limit: Int) throws(FileFailure) -> [UInt8]? {
    let place = try parent(of: path, .read)
    let result = retrying {
      unsafe openat(place.folder.value, place.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    }
    guard result >= 0 else {
      throw FileFailure(.read, path, errno == ENXIO ? .isSpecial : .init(errno: errno))
    }
    let file = Descriptor(result)
    let before = try status(of: file, path)
    switch FileKind(mode: before.st_mode) {
    case .file: break
    case .folder: throw FileFailure(.read, path, .isFolder)
    case .link, .special: throw FileFailure(.read, path, .isSpecial)
    }
    guard before.st_size <= limit else { throw FileFailure(.read, path, .tooLarge(limit: limit)) }
    let bytes = try contents(of: file, count: Int(before.st_size) + 1, path: path)
    let after = try status(of: file, path)
    let isSame =
      bytes.count == Int(before.st_size) && after.st_size == before.st_size
      && after.st_mtim.tv_sec == before.st_mtim.tv_sec && after.st_mtim.tv_nsec == before.st_mtim.tv_nsec
    return isSame ? bytes : nil
  }

  private func status(of file: borrowing Descriptor, _ path: String) throws(FileFailure) -> stat {
    var status = stat()
    guard unsafe fstat(file.value, &status) == 0 else { throw failure(.inspect, path) }
    return status
  }

  /// Reads up to `count` bytes.
  private func contents(of file: borrowing Descriptor, count: Int, path: String) throws(FileFailure) -> [UInt8] {
    var problem: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let result = retrying {
          unsafe Glibc.read(file.value, buffer.baseAddress?.advanced(by: filled), count - filled)
        }
        if result < 0 { problem = errno }
        if result <= 0 { break }
        filled += result
      }
    }
    guard problem == 0 else { throw FileFailure(.read, path, .init(errno: problem)) }
    return bytes
  }

  private func write(_ bytes: [UInt8], to file: borrowing Descriptor, path: String) throws(FileFailure) {
    var problem: Int32 = 0
    unsafe bytes.withUnsafeBytes { buffer in
      var written = 0
      while written < buffer.count {
        let result = retrying {
          unsafe Glibc.write(file.value, buffer.baseAddress?.advanced(by: written), buffer.count - written)
        }
        if result <= 0 {
          problem = result < 0 ? errno : EIO
          break
        }
        written += result
      }
    }
    guard problem == 0 else { throw FileFailure(.write, path, .init(errno: problem)) }
  }

  // MARK: Folders

  /// The name of an entry, which stands in the entry's memory and is copied.
  private static func name(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
    let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
    let start = unsafe UnsafeRawPointer(entry).advanced(by: offset)
    let count = unsafe strlen(start.assumingMemoryBound(to: CChar.self))
    return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// The kind of a name for file systems that do not tell it with the name; nil if it has vanished.
  private func kind(ofName name: [UInt8], in folder: Int32, of path: String) throws(FileFailure) -> FileKind? {
    var status = stat()
    let text = name.map { CChar(bitPattern: $0) } + [0]
    if unsafe fstatat(folder, text, &status, AT_SYMLINK_NOFOLLOW) == 0 { return FileKind(mode: status.st_mode) }
    if errno == ENOENT { return nil }
    throw failure(.list, FilePath.join(path, Printable.name(name)))
  }
}

/// The number of a file on its disk: two paths lead to one file if and only if theirs are equal.
package struct FileIdentity: Hashable, Sendable {
  let device: UInt64
  let number: UInt64
}

/// An open file of the system, closed with its owner.
private struct Descriptor: ~Copyable {
  let value: Int32

  init(_ value: Int32) { self.value = value }

  /// Gives the descriptor away; the caller closes it.
  consuming func take() -> Int32 {
    let value = value
    discard self
    return value
  }

  deinit { if value >= 0 { close(value) } }
}

/// A name in an open folder.
private struct Place: ~Copyable {
  let folder: Descriptor
  let name: String
}

/// Repeats a call that a signal interrupted.
private func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}

extension FileKind {
  fileprivate init(mode: mode_t) {
    switch mode & S_IFMT {
    case S_IFREG: self = .file
    case S_IFDIR: self = .folder
    case S_IFLNK: self = .link
    default: self = .special
    }
  }

  /// The kind that a folder's entry tells, or nil if it does not.
  fileprivate init?(entryType: UInt8) {
    switch Int(entryType) {
    case Int(DT_REG): self = .file
    case Int(DT_DIR): self = .folder
    case Int(DT_LNK): self = .link
    case Int(DT_UNKNOWN): return nil
    default: self = .special
    }
  }
}

extension FileFailure.Cause {
  fileprivate init(errno code: Int32) {
    switch code {
    case ENOENT: self = .notFound
    case EACCES, EPERM: self = .accessDenied
    case EROFS: self = .readOnly
    case ENOSPC: self = .diskFull
    case EDQUOT: self = .quotaExceeded
    case EMFILE, ENFILE: self = .tooManyOpenFiles
    case EEXIST: self = .alreadyExists
    case ENAMETOOLONG: self = .nameTooLong
    case EISDIR: self = .isFolder
    case ENOTDIR: self = .isNotFolder
    case ELOOP: self = .isLink
    default: self = .system(code: code, text: unsafe String(cString: strerror(code)))
    }
  }
}
