package import GalleySource

/// The files of a site: which there are, and whether their names and kinds are good.
package struct SiteFiles: Sendable {
  /// The paths of all ordinary files with good names, in the order of their bytes.
  package let paths: [String]
  /// What is wrong with names and kinds.
  package let diagnostics: [Diagnostic]
  /// Whether there are more files than a site may have, so that `paths` are not all.
  package let isCut: Bool

  /// Lists the files below the given folders, or files, of a site; what is not there has no files.
  ///
  /// Hidden files and folders are left out. Links, special files and bad names are diagnostics and never opened.
  package init(
    below roots: [String], in fileSystem: some FileSystem, limits: FileLimits = .standard
  ) throws(FileFailure) {
    var walk = Walk(limits: limits)
    for root in roots.sorted(by: bytewise) {
      switch try fileSystem.kind(of: root) {
      case nil: continue
      case .folder: try walk.visit(root, depth: 1, in: fileSystem)
      case .file: walk.paths.append(root)
      case .link: walk.refuseLink(root)
      case .special: walk.refuseSpecial(root)
      }
      if walk.isFull { break }
    }
    paths = walk.paths.sorted(by: bytewise)
    diagnostics = walk.diagnostics
    isCut = walk.isFull
  }
}

/// Orders texts by their UTF-8 bytes, which no locale changes.
func bytewise(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

/// A walk over folders, in the order of bytes.
private struct Walk {
  let limits: FileLimits
  var paths: [String] = []
  var diagnostics: [Diagnostic] = []
  var isFull = false

  init(limits: FileLimits) { self.limits = limits }

  mutating func visit(_ folder: String, depth: Int, in fileSystem: some FileSystem) throws(FileFailure) {
    guard depth <= limits.depth else {
      return diagnostics.append(
        Diagnostic(
          .tooManyFiles, "'\(Printable.text(folder))' lies more than \(limits.depth) folders deep", at: nil,
          help: ["move it up, or out of the site's folders"]))
    }
    var names: [String] = []
    for entry in try fileSystem.entries(of: folder) where entry.name.first != UInt8(ascii: ".") {
      if isFull { return }
      guard let name = accept(entry, in: folder) else { continue }
      names.append(name)
      try add(FilePath.join(folder, name), entry.kind, depth: depth, in: fileSystem)
    }
    reportTwins(names, in: folder)
  }

  private mutating func add(
    _ path: String, _ kind: FileKind, depth: Int, in fileSystem: some FileSystem
  ) throws(FileFailure) {
    switch kind {
    case .link: refuseLink(path)
    case .special: refuseSpecial(path)
    case .folder where path.hasSuffix(".html"):
      diagnostics.append(
        Diagnostic(
          .notAFile, "'\(path)' is a folder with the name of a template", at: nil, help: ["rename the folder"]))
    case .folder: try visit(path, depth: depth + 1, in: fileSystem)
    case .file where paths.count == limits.files:
      isFull = true
      diagnostics.append(
        Diagnostic(
          .tooManyFiles, "the site has more than \(limits.files) files; '\(path)' is one too many", at: nil,
          help: ["move what is no source out of the site's folders"]))
    case .file: paths.append(path)
    }
  }

  /// The name of an entry, unless there is something wrong with it.
  private mutating func accept(_ entry: FileEntry, in folder: String) -> String? {
    let isPathTooLong = folder.utf8.count + 1 + entry.name.count > limits.bytesPerPath
    let problem =
      FileName.problem(entry.name, limits: limits)
      ?? (isPathTooLong ? "makes a path of more than \(limits.bytesPerPath) bytes" : nil)
    guard let problem else { return entry.text }
    let shown = Printable.name(entry.name)
    let short = shown.utf8.count > 80 ? String(shown.prefix(60)) + "…" : shown
    diagnostics.append(
      Diagnostic(
        .badName, "the name '\(short)' in '\(folder)' \(problem)", at: nil,
        help: ["rename it with letters, digits, '-', '_' and '.'"]))
    return nil
  }

  mutating func refuseLink(_ path: String) { diagnostics.append(SourceSet.link(path)) }

  mutating func refuseSpecial(_ path: String) { diagnostics.append(SourceSet.special(path)) }

  /// Complains about names that differ only in case or in the form of their letters.
  private mutating func reportTwins(_ names: [String], in folder: String) {
    var seen: [String: String] = [:]
    for name in names {
      let folded = name.lowercased()
      if let first = seen[folded] {
        let paths = "'\(FilePath.join(folder, first))' and '\(FilePath.join(folder, name))'"
        diagnostics.append(
          Diagnostic(.nameTwins, "\(paths) are one name on some disks", at: nil, help: ["rename one of the two"]))
      } else {
        seen[folded] = name
      }
    }
  }
}

extension SourceSet {
  /// What reading a source gave.
  package struct Reading: Sendable {
    /// The source, which is in the set even if it is not text, so that diagnostics can point into it; nil if there
    /// was nothing to read.
    package let id: SourceID?
    /// Whether the source is text that can be compiled.
    package let isText: Bool
    /// What is wrong with it.
    package let diagnostics: [Diagnostic]
  }

  /// Reads a file, checks that it is text, and adds it without a byte order mark.
  ///
  /// What an author can mend is a diagnostic; that the file is absent or can't be read is a failure.
  package mutating func read(
    _ path: String, from fileSystem: some FileSystem, limits: FileLimits = .standard
  ) throws(FileFailure) -> Reading {
    let bytes: [UInt8]
    do throws(FileFailure) {
      bytes = try fileSystem.read(path, limit: limits.bytesPerFile)
    } catch {
      guard let diagnostic = Self.diagnostic(for: error, path: path) else { throw error }
      return Reading(id: nil, isText: false, diagnostics: [diagnostic])
    }
    let next = SourceID(index: UInt32(sources.count))
    var (text, diagnostics) = SourceText.check(bytes, source: next)
    let id = add(path: path, bytes: text ?? bytes)
    if let text {
      diagnostics += SecretScanner.scan(text, source: id)
      if text.allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) {
        diagnostics.append(
          Diagnostic(
            .emptyFile, "'\(path)' has no content", at: SourceRange(id, 0, 0), help: ["fill it, or delete it"]))
      }
    }
    return Reading(id: id, isText: text != nil, diagnostics: diagnostics)
  }

  private static func diagnostic(for failure: FileFailure, path: String) -> Diagnostic? {
    switch failure.cause {
    case .isLink: link(path)
    case .isSpecial: special(path)
    case .isFolder: Diagnostic(.notAFile, "'\(path)' is a folder", at: nil, help: ["put a file in its place"])
    case .tooLarge(let limit):
      Diagnostic(
        .fileTooLarge, "'\(path)' has more than \(limit) bytes", at: nil,
        help: ["make it smaller, or move it out of the site's folders"])
    default: nil
    }
  }

  static func link(_ path: String) -> Diagnostic {
    Diagnostic(
      .sourceLink, "'\(path)' is a symbolic link", at: nil, help: ["replace the link by what it points to"])
  }

  static func special(_ path: String) -> Diagnostic {
    Diagnostic(
      .notAFile, "'\(path)' is a pipe, a device or a socket", at: nil, help: ["put an ordinary file in its place"])
  }
}
