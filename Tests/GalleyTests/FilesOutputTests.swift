import Galley
import Testing

@Suite struct FilesOutputTests {
  private static func files(_ version: String, _ extra: [String: String] = [:]) -> [OutputDirectory.File] {
    var texts = [
      "bundle.json": "bundle \(version)", "dev/manifest.json": "dev \(version)",
      "prod/manifest.json": "prod \(version)",
      "dev/a.html": "a", "dev/b/b.html": "b \(version)", "prod/a.html": "a \(version)",
    ]
    texts.merge(extra) { $1 }
    return texts.map { OutputDirectory.File(path: $0.key, bytes: Array($0.value.utf8)) }
  }

  private static func content(_ files: [OutputDirectory.File]) -> [String: [UInt8]] {
    Dictionary(uniqueKeysWithValues: files.map { ("dist/" + $0.path, $0.bytes) })
  }

  @Test func `a build writes what is new, keeps what is the same and removes what is stale`() throws {
    let folder = try TemporaryFolder()
    for system in [try folder.disk, MemoryFileSystem()] as [any FileSystem] {
      try system.makeFolder("dist")
      try system.create("dist/.gitkeep", [], isFlushed: false)
      let output = OutputDirectory("dist", in: system)
      let first = try output.write(Self.files("1", ["dev/old/x.html": "x"]), nonce: "n1")
      #expect(first.written.count == 7 && first.unchangedCount == 0 && first.removed.isEmpty)
      let second = try output.write(Self.files("2"), nonce: "n2")
      #expect(
        second.written == ["bundle.json", "dev/b/b.html", "dev/manifest.json", "prod/a.html", "prod/manifest.json"])
      #expect(second.unchangedCount == 1 && second.removed == ["dev/old/x.html"])
      #expect(try output.write(Self.files("2"), nonce: "n3").written.isEmpty)
      #expect(try system.entries(of: "dist").map(\.text) == [".gitkeep", "bundle.json", "dev", "prod"])
      #expect(try system.entries(of: "dist/dev").map(\.text) == ["a.html", "b", "manifest.json"])
      #expect(try system.read("dist/dev/b/b.html") == Array("b 2".utf8))
    }
  }

  @Test func `the output folder is made where there is none`() throws {
    let memory = MemoryFileSystem()
    try OutputDirectory("out/mails", in: memory).write(Self.files("1"), nonce: "n")
    #expect(memory.files.count == 6)
  }

  @Test func `a file becomes a folder and a folder a file`() throws {
    let folder = try TemporaryFolder()
    for system in [try folder.disk, MemoryFileSystem()] as [any FileSystem] {
      let output = OutputDirectory("dist", in: system)
      try output.write(Self.files("1", ["dev/x": "file", "dev/y/z": "deep"]), nonce: "n1")
      let next = Self.files("2", ["dev/x/w": "deep", "dev/y": "file"])
      try output.write(next, nonce: "n2")
      for file in next { #expect(try system.read("dist/" + file.path) == file.bytes) }
      #expect(try output.write(next, nonce: "n3").unchangedCount == next.count)
    }
  }

  @Test func `manifests come behind other files and the bundle behind all`() throws {
    let memory = MemoryFileSystem()
    let order = RecordingFileSystem(memory)
    try OutputDirectory("dist", in: order).write(Self.files("1", ["dev/x/manifest.json": "no manifest"]), nonce: "n")
    #expect(
      order.renames == [
        "dist/dev/a.html", "dist/dev/b/b.html", "dist/dev/x/manifest.json", "dist/prod/a.html",
        "dist/dev/manifest.json",
        "dist/prod/manifest.json", "dist/bundle.json",
      ])
    #expect(order.flushed == ["dist/.galley-staging-n/new/bundle.json"])
  }

  @Test func `a fault at any change leaves the old bundle or the new one`() throws {
    let (old, new) = (Self.files("1", ["dev/old/x": "x", "dev/f": "f"]), Self.files("2", ["dev/f/g": "g"]))
    var n = 1
    var oldCount = 0
    while true {
      let memory = MemoryFileSystem()
      try OutputDirectory("dist", in: memory).write(old, nonce: "n")
      let faulty = FaultyFileSystem(memory, failing: n...n)
      let failed = cause { try OutputDirectory("dist", in: faulty).write(new, nonce: "m") } != nil
      let present = memory.files.filter { !$0.key.contains(".galley-staging-") }
      let isOld = present == Self.content(old)
      // Behind the commit the new bundle is there; only the removal of what is old may be incomplete.
      let isNew =
        present.merging(Self.content(new)) { $1 } == present && present["dist/bundle.json"] == Array("bundle 2".utf8)
      #expect(isOld || isNew, "change \(n)")
      if !isOld, !failed { #expect(present == Self.content(new)) }
      oldCount += isOld ? 1 : 0
      try OutputDirectory("dist", in: memory).write(new, nonce: "o")
      #expect(memory.files == Self.content(new), "the next build after a fault at change \(n)")
      if faulty.changeCount < n { break }
      n += 1
    }
    #expect(n > 30 && oldCount > 20)
  }

  @Test func `a machine that fails from some change on leaves a mixture only with the old bundle's name on it`() throws
  {
    let (old, new) = (Self.files("1"), Self.files("2"))
    for n in 1...40 {
      let memory = MemoryFileSystem()
      try OutputDirectory("dist", in: memory).write(old, nonce: "n")
      let faulty = FaultyFileSystem(memory, failing: n...Int.max, cause: .readOnly)
      let problem = cause { try OutputDirectory("dist", in: faulty).write(new, nonce: "m") }
      if problem != nil { #expect(problem == .readOnly) }
      let bundle = memory.files["dist/bundle.json"]
      if bundle == Array("bundle 2".utf8) {
        #expect(Self.content(new).allSatisfy { memory.files[$0.key] == $0.value }, "change \(n)")
      } else {
        #expect(bundle == Array("bundle 1".utf8))
      }
      try OutputDirectory("dist", in: memory).write(new, nonce: "o")
      #expect(memory.files == Self.content(new), "the next build after change \(n)")
    }
  }

  @Test func `what is no folder of ours is refused and nothing is touched`() throws {
    let file = MemoryFileSystem(texts: ["dist": "a file"])
    #expect(cause { try OutputDirectory("dist", in: file).write(Self.files("1"), nonce: "n") } == .isNotFolder)
    let link = MemoryFileSystem()
    link.putLink(at: "dist")
    #expect(cause { try OutputDirectory("dist", in: link).write(Self.files("1"), nonce: "n") } == .isLink)
    let foreign = MemoryFileSystem(texts: ["dist/thesis.txt": "years of work", "dist/photos/cat.jpg": "cat"])
    #expect(cause { try OutputDirectory("dist", in: foreign).write(Self.files("1"), nonce: "n") } == .foreign)
    #expect(foreign.files.count == 2)
  }

  @Test func `a second build at the same time is refused`() throws {
    let folder = try TemporaryFolder()
    try folder.disk.makeFolder("dist")
    let other = try folder.disk
    try other.lock("dist")
    #expect(cause { try OutputDirectory("dist", in: folder.disk).write(Self.files("1"), nonce: "n") } == .locked)
    other.unlock("dist")
    try OutputDirectory("dist", in: folder.disk).write(Self.files("1"), nonce: "n")
  }

  @Test func `what a killed build left is removed`() throws {
    let memory = MemoryFileSystem(texts: [
      "dist/.galley-staging-dead/new/bundle.json": "half", "dist/dev/a.html": "half",
    ])
    try OutputDirectory("dist", in: memory).write(Self.files("1"), nonce: "n")
    #expect(memory.files == Self.content(Self.files("1")))
  }

  @Test func `an environment that is gone is removed with its folder`() throws {
    let memory = MemoryFileSystem()
    try OutputDirectory("dist", in: memory).write(
      Self.files("1", ["sit/manifest.json": "sit", "sit/a/a.html": "a"]), nonce: "n")
    let summary = try OutputDirectory("dist", in: memory).write(Self.files("1"), nonce: "m")
    #expect(summary.removed == ["sit/a/a.html", "sit/manifest.json"])
    #expect(try memory.kind(of: "dist/sit") == nil)
  }

  @Test(.enabled(if: !isSuperuser)) func `a folder that can't be written to is a failure`() throws {
    let folder = try TemporaryFolder()
    try folder.disk.makeFolder("dist")
    folder.forbid("dist", mode: 0o555)
    #expect(cause { try OutputDirectory("dist", in: folder.disk).write(Self.files("1"), nonce: "n") } == .accessDenied)
    folder.forbid("dist", mode: 0o755)
  }
}
