/// Something that the machine could not do with a file: which file, what was tried, and why it failed.
public struct FileFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was tried, as it reads behind "cannot".
  public enum Operation: String, Hashable, Sendable {
    case open, read, list, create, write, rename, link, remove, lock
    /// To look at the kind of a file.
    case inspect
    /// To make sure that data has reached the disk.
    case flush
  }

  /// Why it failed.
  public enum Cause: Hashable, Sendable {
    case notFound, accessDenied, readOnly, diskFull, quotaExceeded, tooManyOpenFiles, alreadyExists, nameTooLong
    /// A folder stands where a file was wanted.
    case isFolder
    /// Something else stands where a folder was wanted.
    case isNotFolder
    /// A symbolic link, which is not followed.
    case isLink
    /// A pipe, a device or a socket.
    case isSpecial
    /// More bytes than the limit.
    case tooLarge(limit: Int)
    /// The file was written to while it was read, twice.
    case changed
    /// The path is not one within the root.
    case badPath
    /// Another process is writing there.
    case locked
    /// The folder holds something that Galley did not write.
    case foreign
    /// Any other answer of the system, in its words.
    case system(code: Int32, text: String)
  }

  /// The path relative to the root, as a person would write it.
  public let path: String
  /// What was tried.
  public let operation: Operation
  /// Why it failed.
  public let cause: Cause

  /// Makes a failure.
  public init(_ operation: Operation, _ path: String, _ cause: Cause) {
    self.operation = operation
    self.path = path
    self.cause = cause
  }

  /// One line for a person: what could not be done, and why.
  public var description: String {
    "cannot \(operation.rawValue) '\(Printable.text(path.isEmpty ? "." : path))': \(causeText)"
  }

  /// What to do about it, where there is something to say.
  public var help: String? {
    switch cause {
    case .accessDenied: "check the owner and the permissions"
    case .readOnly: "choose a folder that can be written to, with '--out'"
    case .diskFull: "make room on the disk; what was there before is untouched"
    case .quotaExceeded: "make room; what was there before is untouched"
    case .tooManyOpenFiles: "raise the limit of open files with 'ulimit -n'"
    case .isLink: "replace the link by what it points to"
    case .isNotFolder, .foreign: "move it away, or choose another folder with '--out'"
    case .changed: "run again when the file is no longer being written"
    case .locked: "wait until the other build has finished"
    case .notFound, .alreadyExists, .nameTooLong, .isFolder, .isSpecial, .tooLarge, .badPath, .system: nil
    }
  }

  private var causeText: String {
    switch cause {
    case .notFound: "there is no such file or folder"
    case .accessDenied: "access is denied"
    case .readOnly: "the file system is read-only"
    case .diskFull: "the disk is full"
    case .quotaExceeded: "the disk quota is used up"
    case .tooManyOpenFiles: "too many files are open"
    case .alreadyExists: "it exists already"
    case .nameTooLong: "the name is too long"
    case .isFolder: "it is a folder"
    case .isNotFolder: "it is not a folder"
    case .isLink: "it is a symbolic link, and links are not followed"
    case .isSpecial: "it is a pipe, a device or a socket"
    case .tooLarge(let limit): "it is larger than \(limit) bytes"
    case .changed: "it changed while it was read"
    case .badPath: "it is not a path within the site"
    case .locked: "another build is writing there"
    case .foreign: "Galley did not write it"
    case .system(let code, let text): "\(text) (error \(code))"
    }
  }
}
