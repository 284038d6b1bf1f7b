/// Paths as people write them on a command line, compared and put together without asking the disk.
package enum PlainPath {
  /// The path without `.` and doubled slashes, and with each `..` taken together with the folder before it.
  package static func normalized(_ path: String) -> String {
    let isAbsolute = path.utf8.first == UInt8(ascii: "/")
    var result: [Substring] = []
    for segment in path.utf8.split(separator: UInt8(ascii: "/")).map(Substring.init) where segment != "." {
      if segment == "..", let last = result.last, last != ".." {
        result.removeLast()
      } else if segment != ".." || !isAbsolute {
        result.append(segment)
      }
    }
    let text = result.joined(separator: "/")
    if isAbsolute { return "/" + text }
    return text.isEmpty ? "." : text
  }

  /// A path below a folder; an absolute one stays.
  package static func join(_ folder: String, _ path: String) -> String {
    if path.utf8.first == UInt8(ascii: "/") || folder.isEmpty || folder == "." { return path }
    return folder.hasSuffix("/") ? folder + path : folder + "/" + path
  }

  /// The folder that a path lies in, `.` for the current one.
  package static func folder(of path: String) -> String {
    let folder = FilePath.split(path).folder
    if folder.isEmpty { return path.utf8.first == UInt8(ascii: "/") ? "/" : "." }
    return folder
  }

  /// The way from a folder to a path below it, or nil if it is not below; relative ones start at `current`.
  package static func relative(_ path: String, to folder: String, current: String) -> String? {
    let from = normalized(join(current, folder))
    let to = normalized(join(current, path))
    if from == to { return "" }
    let prefix = from == "/" ? from : from + "/"
    guard to.utf8.starts(with: prefix.utf8) else { return nil }
    return String(decoding: to.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
  }
}
