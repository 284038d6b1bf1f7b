package import GalleySource

/// The partials of a site, with what a caller has to know of them.
package struct PartialLibrary: Sendable {
  /// A partial, and how it treats the block that it is given.
  struct Entry: Sendable {
    var partial: Partial
    /// Whether it prints the block anywhere.
    var printsBlock = false
    /// Whether it has nothing to print instead of a missing block.
    var needsBlock = false
    /// The partials it calls, where it calls them.
    var calls: [(name: String, range: SourceRange)] = []
  }

  private let entries: [String: Entry]
  /// The names, sorted.
  package let names: [String]
  /// Partials that call themselves, at once or through others.
  package let diagnostics: [Diagnostic]

  /// Makes a library of partials; of two with one name the first counts.
  package init(_ partials: [Partial]) {
    var entries: [String: Entry] = [:]
    for partial in partials where entries[partial.file.name] == nil {
      var entry = Entry(partial: partial)
      entry.read(partial.file.body)
      entries[partial.file.name] = entry
    }
    self.entries = entries
    names = entries.keys.sorted()
    diagnostics = Self.findCycles(entries, names)
  }

  subscript(name: String) -> Entry? { entries[name] }

  /// The partial with the given name.
  package func partial(_ name: String) -> Partial? { entries[name]?.partial }

  /// Goes through all calls in depth and reports each that closes a circle.
  private static func findCycles(_ entries: [String: Entry], _ names: [String]) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    var isDone: Set<String> = []
    for root in names where !isDone.contains(root) {
      var path: [(name: String, next: Int)] = [(root, 0)]
      var depth: [String: Int] = [root: 0]
      while let (name, next) = path.last {
        guard let calls = entries[name]?.calls, next < calls.count else {
          isDone.insert(name)
          depth[name] = nil
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let call = calls[next]
        if let start = depth[call.name] {
          diagnostics.append(cycle(path[start...].map { ($0.name, $0.next - 1) }, call, entries))
        } else if !isDone.contains(call.name), entries[call.name] != nil {
          depth[call.name] = path.count
          path.append((call.name, 0))
        }
      }
    }
    return diagnostics
  }

  private static func cycle(
    _ chain: [(name: String, call: Int)], _ call: (name: String, range: SourceRange), _ entries: [String: Entry]
  ) -> Diagnostic {
    var shown = chain.prefix(8).map(\.name)
    if chain.count > shown.count { shown.append("…") }
    let notes = chain.dropLast().prefix(8).compactMap { step in
      entries[step.name].map { Diagnostic.Note("'\(step.name)' calls on here", at: $0.calls[step.call].range) }
    }
    return Diagnostic(
      .recursivePartial, "partial '\(call.name)' calls itself: \((shown + [call.name]).joined(separator: " → "))",
      at: call.range, notes: notes, help: ["take one of the calls out; what repeats belongs into '{{#each}}'"])
  }
}

extension PartialLibrary.Entry {
  /// Looks through a body for calls.
  fileprivate mutating func read(_ nodes: [TemplateNode]) {
    for node in nodes {
      switch node {
      case .text, .literal, .output, .error: break
      case .block(let block):
        read(block.body)
        read(block.inverse ?? [])
      case .inline(let inline): read(inline.body)
      case .partial(let call):
        if call.name == "@partial-block" {
          printsBlock = true
          if call.block == nil { needsBlock = true }
        } else if !partial.declaration.slots.contains(where: { $0.name == call.name }) {
          calls.append((call.name, call.nameRange))
        }
        read(call.block ?? [])
      }
    }
  }
}
