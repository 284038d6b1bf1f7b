import GalleyHTML

/// Where the linked sheets of a document may be read: one folder and what lies below it.
///
/// Nothing leads out of it: not `..`, not an absolute address, not a symbolic link; and nothing is ever read from a
/// network.
package struct SheetScope: Sendable {
  /// Where an address leads.
  enum Target: Hashable {
    /// A path below the scope's folder.
    case file(String)
    /// Something with a scheme or a host.
    case remote
    /// A place outside of the scope's folder.
    case outside
    /// Nowhere.
    case nothing
  }

  private let open: @Sendable () throws(FileFailure) -> any FileSystem
  /// The document's folder below the scope's.
  private let folder: String
  /// The scope's folder as a person wrote it.
  private let shown: String
  /// Whether an address that starts with `/` means the scope's folder.
  private let hasRoot: Bool

  /// The folder of a document on disk, and nothing outside of it.
  package init(folderOf path: String) {
    let root = PlainPath.folder(of: path)
    self.init(root: root, folder: "", hasRoot: false) { () throws(FileFailure) in try DiskFileSystem(root: root) }
  }

  /// A folder on disk in which the document lies, at `path` below it.
  package init(root: String, documentAt path: String) {
    self.init(root: root, folder: FilePath.split(path).folder, hasRoot: true) { () throws(FileFailure) in
      try DiskFileSystem(root: root)
    }
  }

  /// A folder of any file system.
  package init(
    root: String, folder: String, hasRoot: Bool, opening: @escaping @Sendable () throws(FileFailure) -> any FileSystem
  ) {
    open = opening
    shown = root
    self.folder = folder
    self.hasRoot = hasRoot
  }

  /// Reads the sheet at a path below the scope's folder.
  func read(_ path: String) throws(FileFailure) -> [UInt8] { try open().read(path) }

  /// The path as a person would write it.
  func shownPath(_ path: String) -> String { PlainPath.join(shown, path) }

  /// Where an address leads that stands in the document.
  func target(of value: ArraySlice<UInt8>) -> Target {
    var address = CharacterReference.decode(value, inAttribute: true)[...]
    while let last = address.last, last <= 0x20 { address.removeLast() }
    while let first = address.first, first <= 0x20 { address.removeFirst() }
    if address.isEmpty || address.first == 0x23 { return .nothing }
    if address.starts(with: Array("//".utf8)) || Self.hasScheme(address) { return .remote }
    let end = address.firstIndex { $0 == 0x3F || $0 == 0x23 } ?? address.endIndex
    guard let path = String(validating: Self.percentDecoded(address[..<end]), as: UTF8.self),
      !path.utf8.contains(where: { $0 < 0x20 || $0 == 0x5C })
    else { return .outside }
    let isRooted = path.utf8.first == UInt8(ascii: "/")
    if isRooted, !hasRoot { return .outside }
    let relative = isRooted ? String(path.drop { $0 == "/" }) : FilePath.join(folder, path)
    let normal = PlainPath.normalized(relative)
    if normal == ".." || normal.hasPrefix("../") || normal.hasPrefix("/") { return .outside }
    return normal == "." ? .nothing : .file(normal)
  }

  /// Whether an address begins with a scheme such as `https:`.
  static func hasScheme(_ address: ArraySlice<UInt8>) -> Bool {
    guard let first = address.first, isLetter(first), let colon = address.firstIndex(of: 0x3A) else { return false }
    return address[..<colon].allSatisfy { isLetter($0) || $0 &- 0x30 < 10 || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

  private static func percentDecoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if bytes[index] == 0x25, index + 2 < bytes.endIndex, let high = digit(bytes[index + 1]),
        let low = digit(bytes[index + 2])
      {
        result.append(high << 4 | low)
        index += 3
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46, 0x61...0x66: (byte | 0x20) - 0x57
    default: nil
    }
  }
}
