/// The files of `galley inline`: what a command line names, and where the results go.
extension Workspace {
  /// The files that an argument means: itself, or what matches it where it is a pattern and no file of that name.
  package static func files(matching argument: String) throws(FileFailure) -> [String] {
    guard let glob = Glob(argument), !isFile(argument) else { return [argument] }
    return try glob.files(in: DiskFileSystem(root: glob.base))
  }

  /// What tells whether two paths lead to one file; nil where there is none.
  package static func identity(of path: String) -> FileIdentity? {
    do throws(FileFailure) {
      let (disk, name) = try place(of: path)
      return try disk.identity(of: name)
    } catch {
      return nil
    }
  }

  /// Writes a file anywhere as `writeFile` does, and makes the folders above it where they are missing.
  package static func writeFile(
    _ bytes: [UInt8], makingFoldersTo path: String, nonce: String
  ) throws(FileFailure) {
    let (disk, name) = try nearestPlace(of: path)
    try disk.makeFolders(FilePath.split(name).folder)
    try disk.write(bytes, to: name, nonce: nonce)
  }

  private static func isFile(_ path: String) -> Bool {
    do throws(FileFailure) {
      let (disk, name) = try place(of: path)
      return try disk.kind(of: name) == .file
    } catch {
      return false
    }
  }
}
