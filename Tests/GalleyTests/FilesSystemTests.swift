import Galley
import GalleySource
import Testing

/// What holds for both file systems, and what only a disk can show.
@Suite struct FilesSystemTests {
  @Test func `disk and memory answer alike`() throws {
    let folder = try TemporaryFolder()
    for system in [try folder.disk, MemoryFileSystem()] as [any FileSystem] {
      try system.makeFolders("a/b")
      try system.create("a/b/x", [1, 2, 3], isFlushed: true)
      try system.write([4], to: "a/y", nonce: "n")
      try system.write([5], to: "a/y", nonce: "n")
      try system.link("a/y", to: "a/z")
      #expect(try system.entries(of: "a").map(\.text) == ["b", "y", "z"])
      #expect(try system.entries(of: "a").map(\.kind) == [.folder, .file, .file])
      #expect(try system.read("a/b/x") == [1, 2, 3] && system.read("a/z") == [5])
      try system.rename("a/b", to: "c")
      #expect(try system.read("c/x") == [1, 2, 3])
      #expect(try system.kind(of: "a/b/x") == nil && system.kind(of: "") == .folder)
      try system.removeTree("a")
      #expect(try system.entries(of: "").map(\.text) == ["c"])
      try system.flush("")
      #expect(cause { try system.read("no") } == .notFound)
      #expect(cause { try system.read("c") } == .isFolder)
      #expect(cause { try system.read("c/x", limit: 2) } == .tooLarge(limit: 2))
      #expect(cause { try system.entries(of: "c/x") } == .isNotFolder)
      #expect(cause { try system.create("c/x", [], isFlushed: false) } == .alreadyExists)
      #expect(cause { try system.makeFolders("c/x/y") } == .isNotFolder)
      #expect(cause { try system.create("none/x", [], isFlushed: false) } == .notFound)
    }
  }

  @Test func `a lock keeps a second build out until it is given up`() throws {
    let folder = try TemporaryFolder()
    let (first, second) = (try folder.disk, try folder.disk)
    try first.makeFolder("dist")
    try first.lock("dist")
    #expect(cause { try second.lock("dist") } == .locked)
    first.unlock("dist")
    #expect(cause { try second.lock("dist") } == nil)
  }

  static let escapes = [
    "../x", "..", "a/../../x", "/etc/passwd", "//x", "a//b", "./x", ".", "a/./b", "a/", "x\0y", "a/..", "/",
  ]

  @Test(arguments: escapes) func `no path leads out of the root`(_ path: String) throws {
    let folder = try TemporaryFolder()
    for system in [try folder.disk, MemoryFileSystem()] as [any FileSystem] {
      #expect(cause { try system.read(path) } == .badPath)
      #expect(cause { _ = try system.kind(of: path) } == .badPath)
      #expect(cause { try system.create(path, [], isFlushed: false) } == .badPath)
      #expect(cause { try system.removeTree(path) } == .badPath)
    }
  }

  @Test func `links are never followed, whatever they lead to`() throws {
    let folder = try TemporaryFolder()
    let disk = try folder.disk
    try disk.makeFolder("real")
    try disk.create("real/x", [1], isFlushed: false)
    let targets = ["/etc/passwd", "/dev/zero", "nowhere", "loop", "real", "real/x"]
    for target in targets { folder.link(target, at: FilePath.split(target).name + "-link") }
    folder.link("loop", at: "loop")
    for entry in try disk.entries(of: "") where entry.kind != .folder {
      let name = try #require(entry.text)
      #expect(entry.kind == .link)
      #expect(cause { try disk.read(name) } == .isLink)
    }
    #expect(cause { try disk.read("real-link/x") } == .isLink)
    #expect(cause { try disk.create("real-link/y", [], isFlushed: false) } == .isLink)
    #expect(cause { try disk.entries(of: "real-link") } == .isLink)
    try disk.removeTree("real-link")
    #expect(try disk.read("real/x") == [1])
  }

  // Whoever waited for a pipe that nobody writes to would wait for ever.
  @Test(.timeLimit(.minutes(1))) func `a pipe is refused without waiting`() throws {
    let folder = try TemporaryFolder()
    folder.pipe(at: "pipe")
    #expect(cause { try DiskFileSystem(root: folder.path).read("pipe") } == .isSpecial)
    #expect(try folder.disk.kind(of: "pipe") == .special)
    #expect(cause { try DiskFileSystem(root: "/dev").read("zero") } == .isSpecial)
  }

  @Test func `a file that grows while it is read is a failure`() throws {
    // The size that the system tells of these files is not what can be read.
    #expect(cause { try DiskFileSystem(root: "/proc/self").read("status") } == .changed)
  }

  @Test func `a file is read up to the limit and no further`() throws {
    let folder = try TemporaryFolder()
    let limit = FileLimits.standard.bytesPerFile
    try folder.disk.create("good", [UInt8](repeating: 0x61, count: limit), isFlushed: false)
    try folder.disk.create("large", [UInt8](repeating: 0x61, count: limit + 1), isFlushed: false)
    #expect(try folder.disk.read("good").count == limit)
    #expect(cause { try folder.disk.read("large") } == .tooLarge(limit: limit))
  }

  @Test(.enabled(if: !isSuperuser)) func `what may not be read is a failure with its path`() throws {
    let folder = try TemporaryFolder()
    try folder.disk.create("x", [], isFlushed: false)
    folder.forbid("x")
    #expect(cause { try folder.disk.read("x") } == .accessDenied)
  }

  @Test func `a name that is too long is a failure with its path`() throws {
    let folder = try TemporaryFolder()
    #expect(cause { try folder.disk.read(String(repeating: "x", count: 300)) } == .nameTooLong)
  }

  @Test func `a folder swapped for a link never lets a reader out`() async throws {
    let folder = try TemporaryFolder()
    let disk = try folder.disk
    let outside = try TemporaryFolder()
    try outside.disk.create("secret", [0x58], isFlushed: false)
    try disk.makeFolder("real")
    try disk.create("real/secret", [0x6F], isFlushed: false)
    folder.link(outside.path, at: "link")
    try disk.rename("real", to: "place")
    let swapper = Task.detached {
      for _ in 0..<3_000 {
        try? disk.rename("place", to: "real")
        try? disk.rename("link", to: "place")
        try? disk.rename("place", to: "link")
        try? disk.rename("real", to: "place")
      }
    }
    var escapes = 0
    for _ in 0..<10_000 where (try? disk.read("place/secret")) == [0x58] { escapes += 1 }
    await swapper.value
    #expect(escapes == 0)
  }

  @Test func `a failure says what, where and why`() {
    let failure = FileFailure(.write, "dist/a\u{1B}[31m.html", .diskFull)
    #expect(failure.description == "cannot write 'dist/a\\u{1B}[31m.html': the disk is full")
    #expect(failure.help != nil)
  }

  @Test(arguments: 1...2) func `a file that can't be written is named as it was asked for, and the old one stays`(
    _ change: Int
  ) throws {
    let memory = MemoryFileSystem(texts: ["a/page.html": "old"])
    let faulty = FaultyFileSystem(memory, failing: change...change)
    let failure = #expect(throws: FileFailure.self) { try faulty.write([0x78], to: "a/page.html", nonce: "n") }
    #expect(failure?.path == "a/page.html")
    #expect(memory.files == ["a/page.html": Array("old".utf8)])
  }
}

/// The cause of the failure of a call, or nil if it succeeds.
func cause(_ call: () throws -> Void) -> FileFailure.Cause? {
  do {
    try call()
    return nil
  } catch {
    return (error as? FileFailure)?.cause
  }
}

/// The same for a call whose result does not matter.
func cause<Result>(_ call: () throws -> Result) -> FileFailure.Cause? {
  cause { () throws -> Void in _ = try call() }
}
