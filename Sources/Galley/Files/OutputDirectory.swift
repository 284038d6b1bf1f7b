/// The folder that a build writes: what is in it is one whole bundle.
///
/// How it is written:
/// 1. The folder is locked; another build that is writing there is a failure.
/// 2. Files that are there with the same bytes stay as they are.
/// 3. Every other file is written to a staging folder inside, whose name starts with `.galley-staging-`. Nearly
///    everything that can fail, fails here, and what was there before has not been touched.
/// 4. Each staged file is renamed to its place, the manifests of environments behind the other files and
///    `bundle.json`, which has been flushed to the disk, as the very last: it is the commit.
/// 5. Files of older bundles are removed, then the staging folder.
///
/// What holds: a reader of any one file sees its old or its new bytes, whole. A build that fails in steps 1 to 4 puts
/// back what it had replaced. Only a process that is killed between the first rename and the last leaves a mixture,
/// and then the digests in `bundle.json` do not fit the manifests, so that a reader who checks them knows; the next
/// build mends it. Staging folders of killed builds are removed by the next build. `.gitkeep` stays.
///
/// A folder that holds anything else than a bundle is refused, so that a wrong `--out` removes nothing.
package struct OutputDirectory: Sendable {
  /// One file of the output.
  package struct File: Sendable, Hashable {
    /// The path below the folder.
    package let path: String
    /// The content.
    package let bytes: [UInt8]

    /// Makes a file.
    package init(path: String, bytes: [UInt8]) {
      self.path = path
      self.bytes = bytes
    }
  }

  /// What a write did, in paths below the folder.
  package struct Summary: Sendable, Hashable {
    /// The files that are new or have other bytes, sorted.
    package var written: [String] = []
    /// How many files were there with the same bytes.
    package var unchangedCount = 0
    /// The files of older bundles that were removed, sorted.
    package var removed: [String] = []
  }

  /// The file whose presence commits a bundle.
  package static let commitFile = "bundle.json"
  /// The file that closes the folder of an environment.
  package static let manifestFile = "manifest.json"
  static let stagingPrefix = ".galley-staging-"

  private let fileSystem: any FileSystem
  private let folder: String

  /// Makes the output folder at a path of a file system.
  package init(_ folder: String, in fileSystem: any FileSystem) {
    self.fileSystem = fileSystem
    self.folder = folder
  }

  /// Makes the folder hold exactly the given files; `nonce` makes the names of temporary files.
  @discardableResult
  package func write(_ files: [File], nonce: String) throws(FileFailure) -> Summary {
    try prepareFolder()
    try fileSystem.lock(folder)
    defer { fileSystem.unlock(folder) }
    let environments = Set(files.map { String($0.path.prefix { $0 != "/" }) })
    try removeStaging()
    try refuseForeign(environments: environments)
    let present = try listing(of: "")
    var summary = Summary()
    var changed: [File] = []
    for file in files where try !isPresent(file, among: present) { changed.append(file) }
    summary.written = changed.map(\.path).sorted(by: bytewise)
    summary.unchangedCount = files.count - changed.count
    let wanted = Set(files.map(\.path))
    let stale = present.filter { !wanted.contains($0.key) && $0.key != ".gitkeep" }
    summary.removed = stale.keys.sorted(by: bytewise)
    if !changed.isEmpty {
      let staging = Staging(folder: folder, name: Self.stagingPrefix + nonce, in: fileSystem)
      try staging.replace(changed.sorted(by: Self.commitOrder), present: present, stale: Set(stale.keys))
    }
    try removeStale(summary.removed)
    return summary
  }

  /// Puts files into the folder among whatever else is there; nothing is removed.
  ///
  /// A file that is replaced must hold `mark`, by which it is known as one that was put there before. A failure leaves
  /// everything as it was.
  @discardableResult
  package func add(_ files: [File], nonce: String, mark: [UInt8]) throws(FileFailure) -> Summary {
    try prepareFolder()
    try fileSystem.lock(folder)
    defer { fileSystem.unlock(folder) }
    try removeStaging()
    var present: [String: FileKind] = [:]
    var summary = Summary()
    var changed: [File] = []
    for file in files {
      try refuseObstacles(above: file.path)
      guard let kind = try fileSystem.kind(of: join(file.path)) else {
        changed.append(file)
        continue
      }
      guard kind == .file else { throw FileFailure(.write, join(file.path), .foreign) }
      present[file.path] = kind
      let bytes = try fileSystem.read(join(file.path), limit: 64 << 20)
      if bytes == file.bytes { continue }
      guard Self.holds(bytes, mark) else { throw FileFailure(.write, join(file.path), .foreign) }
      changed.append(file)
    }
    summary.written = changed.map(\.path).sorted(by: bytewise)
    summary.unchangedCount = files.count - changed.count
    if !changed.isEmpty {
      let staging = Staging(folder: folder, name: Self.stagingPrefix + nonce, in: fileSystem)
      try staging.replace(changed.sorted { bytewise($0.path, $1.path) }, present: present, stale: [])
    }
    return summary
  }

  /// Refuses a path on which something else stands where a folder is needed.
  private func refuseObstacles(above path: String) throws(FileFailure) {
    var parent = FilePath.split(path).folder
    while !parent.isEmpty {
      switch try fileSystem.kind(of: join(parent)) {
      case .folder, nil: parent = FilePath.split(parent).folder
      case .link: throw FileFailure(.write, join(parent), .isLink)
      case .file, .special: throw FileFailure(.write, join(parent), .isNotFolder)
      }
    }
  }

  private static func holds(_ bytes: [UInt8], _ mark: [UInt8]) -> Bool {
    guard let first = mark.first else { return true }
    var rest = bytes[...]
    while let index = rest.firstIndex(of: first) {
      rest = rest[index...]
      if rest.starts(with: mark) { return true }
      rest = rest.dropFirst()
    }
    return false
  }

  /// Orders files so that manifests stand behind objects and the bundle behind all.
  private static func commitOrder(_ a: File, _ b: File) -> Bool {
    func rank(_ path: String) -> Int {
      if path == commitFile { return 2 }
      return path.hasSuffix("/" + manifestFile) && !path.dropLast(manifestFile.count + 1).contains("/") ? 1 : 0
    }
    let (x, y) = (rank(a.path), rank(b.path))
    return x != y ? x < y : bytewise(a.path, b.path)
  }

  private func prepareFolder() throws(FileFailure) {
    switch try fileSystem.kind(of: folder) {
    case .folder: return
    case nil: try fileSystem.makeFolders(folder)
    case .link: throw FileFailure(.write, folder, .isLink)
    case .file, .special: throw FileFailure(.write, folder, .isNotFolder)
    }
  }

  private func removeStaging() throws(FileFailure) {
    for entry in try fileSystem.entries(of: folder) {
      guard let name = entry.text, name.hasPrefix(Self.stagingPrefix) else { continue }
      try fileSystem.removeTree(FilePath.join(folder, name))
    }
  }

  /// Refuses a folder in which something stands that no bundle puts there.
  private func refuseForeign(environments: Set<String>) throws(FileFailure) {
    for entry in try fileSystem.entries(of: folder) {
      let shown = FilePath.join(folder, Printable.name(entry.name))
      guard let name = entry.text else { throw FileFailure(.write, shown, .foreign) }
      if name == Self.commitFile || name == ".gitkeep" || environments.contains(name) { continue }
      let manifest = FilePath.join(FilePath.join(folder, name), Self.manifestFile)
      guard entry.kind == .folder, try fileSystem.kind(of: manifest) == .file else {
        throw FileFailure(.write, shown, .foreign)
      }
    }
  }

  /// All that is in the folder, by path below it.
  private func listing(of below: String) throws(FileFailure) -> [String: FileKind] {
    var result: [String: FileKind] = [:]
    for entry in try fileSystem.entries(of: join(below)) {
      guard let name = entry.text else {
        throw FileFailure(.write, FilePath.join(join(below), Printable.name(entry.name)), .foreign)
      }
      let path = FilePath.join(below, name)
      if entry.kind == .folder {
        result.merge(try listing(of: path)) { first, _ in first }
      } else {
        result[path] = entry.kind
      }
    }
    return result
  }

  /// Whether a file is there with the very bytes.
  private func isPresent(_ file: File, among present: [String: FileKind]) throws(FileFailure) -> Bool {
    guard present[file.path] == .file else { return false }
    do throws(FileFailure) {
      return try fileSystem.read(join(file.path), limit: file.bytes.count) == file.bytes
    } catch {
      if case .tooLarge = error.cause { return false }
      throw error
    }
  }

  /// Removes files, and folders that hold nothing after that.
  private func removeStale(_ paths: [String]) throws(FileFailure) {
    var folders: Set<String> = []
    for path in paths {
      // What a new file or folder stands in place of is gone already.
      if let kind = try fileSystem.kind(of: join(path)), kind != .folder { try fileSystem.remove(join(path)) }
      var parent = FilePath.split(path).folder
      while !parent.isEmpty, folders.insert(parent).inserted { parent = FilePath.split(parent).folder }
    }
    for path in folders.sorted(by: { $0.utf8.count > $1.utf8.count }) {
      guard try fileSystem.kind(of: join(path)) == .folder, try fileSystem.entries(of: join(path)).isEmpty else {
        continue
      }
      try fileSystem.removeFolder(join(path))
    }
  }

  private func join(_ path: String) -> String { path.isEmpty ? folder : FilePath.join(folder, path) }
}

/// The folder beside the output in which files are made ready, and from which they are put in place.
private struct Staging {
  let folder: String
  let path: String
  let fileSystem: any FileSystem

  init(folder: String, name: String, in fileSystem: any FileSystem) {
    self.folder = folder
    path = FilePath.join(folder, name)
    self.fileSystem = fileSystem
  }

  /// A step that was taken, and what undoes it.
  private enum Step {
    /// A new file is at its place where there was none.
    case added(String)
    /// A new file is at its place; the one before it is kept in the staging folder.
    case replaced(String)
    /// A folder was made.
    case made(String)
    /// Something in the way was moved to a path in the staging folder.
    case moved(String, to: String)
  }

  /// Puts the files in their places, in the given order, or leaves everything as it was and fails.
  func replace(
    _ files: [OutputDirectory.File], present: [String: FileKind], stale: Set<String>
  ) throws(FileFailure) {
    var steps: [Step] = []
    do throws(FileFailure) {
      try prepare(files, present: present)
      try clearTheWay(for: files, stale: stale, steps: &steps)
      for file in files { try put(file.path, present: present, steps: &steps) }
      try fileSystem.flush(folder)
    } catch {
      for step in steps.reversed() { undo(step) }
      try? fileSystem.removeTree(path)
      throw error
    }
    try fileSystem.removeTree(path)
  }

  /// Writes the new files, and second names for the ones that they replace.
  private func prepare(_ files: [OutputDirectory.File], present: [String: FileKind]) throws(FileFailure) {
    try fileSystem.makeFolder(path)
    var made: Set<String> = []
    for file in files {
      for part in ["new", "old"] {
        let parent = FilePath.join(part, FilePath.split(file.path).folder)
        if made.insert(parent).inserted {
          try fileSystem.makeFolders(FilePath.join(path, parent.hasSuffix("/") ? String(parent.dropLast()) : parent))
        }
      }
      let isCommit = file.path == OutputDirectory.commitFile
      try fileSystem.create(FilePath.join(path, "new/" + file.path), file.bytes, isFlushed: isCommit)
      if present[file.path] == .file { try keep(file.path) }
    }
  }

  /// Keeps the bytes of a file that will be replaced.
  private func keep(_ file: String) throws(FileFailure) {
    let copy = FilePath.join(path, "old/" + file)
    do throws(FileFailure) {
      try fileSystem.link(FilePath.join(folder, file), to: copy)
    } catch {
      // A file system without links: a copy serves as well.
      let bytes = try fileSystem.read(FilePath.join(folder, file), limit: .max)
      try fileSystem.create(copy, bytes, isFlushed: false)
    }
  }

  /// Moves away what stands where a folder is needed, and folders that stand where a file is needed.
  private func clearTheWay(
    for files: [OutputDirectory.File], stale: Set<String>, steps: inout [Step]
  ) throws(FileFailure) {
    var folders: Set<String> = []
    for file in files {
      var parent = FilePath.split(file.path).folder
      while !parent.isEmpty, folders.insert(parent).inserted { parent = FilePath.split(parent).folder }
    }
    let needed = folders.sorted { $0.utf8.count < $1.utf8.count }
    for obstacle in needed where stale.contains(obstacle) { try move(obstacle, steps: &steps) }
    for file in files where try fileSystem.kind(of: FilePath.join(folder, file.path)) == .folder {
      try move(file.path, steps: &steps)
    }
    for parent in needed where try fileSystem.kind(of: FilePath.join(folder, parent)) == nil {
      try fileSystem.makeFolder(FilePath.join(folder, parent))
      steps.append(.made(parent))
    }
  }

  private func move(_ obstacle: String, steps: inout [Step]) throws(FileFailure) {
    let place = FilePath.join(path, "obstacle-\(steps.count)")
    try fileSystem.rename(FilePath.join(folder, obstacle), to: place)
    steps.append(.moved(obstacle, to: place))
  }

  private func put(_ file: String, present: [String: FileKind], steps: inout [Step]) throws(FileFailure) {
    try fileSystem.rename(FilePath.join(path, "new/" + file), to: FilePath.join(folder, file))
    steps.append(present[file] == .file ? .replaced(file) : .added(file))
  }

  /// Undoes a step as well as the machine lets us: the failure that brought us here is the one to report.
  private func undo(_ step: Step) {
    switch step {
    case .added(let file): try? fileSystem.remove(FilePath.join(folder, file))
    case .replaced(let file):
      try? fileSystem.rename(FilePath.join(path, "old/" + file), to: FilePath.join(folder, file))
    case .made(let made): try? fileSystem.removeFolder(FilePath.join(folder, made))
    case .moved(let obstacle, let place):
      try? fileSystem.rename(place, to: FilePath.join(folder, obstacle))
    }
  }
}
