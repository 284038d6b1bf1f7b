public import GalleySource

/// In which form a contract is written.
public enum ContractFormat: String, Sendable, CaseIterable {
  /// JSON Schema, draft 2020-12.
  case jsonSchema = "json-schema"
  /// Pages for people.
  case markdown
  /// A module of dataclasses, Python 3.10 or later.
  case python
  /// A module of interfaces.
  case typescript
  /// Structures that are `Codable`.
  case swift

  /// How the name of a file of the format ends.
  public var suffix: String {
    switch self {
    case .jsonSchema: ".json"
    case .markdown: ".md"
    case .python: ".py"
    case .typescript: ".ts"
    case .swift: ".swift"
    }
  }

  /// All mails in one text.
  func document(_ contract: SiteContract) -> [UInt8] {
    switch self {
    case .jsonSchema: SchemaDocuments(contract).whole
    case .markdown: Array(MarkdownPages(contract).whole.utf8)
    case .python: Array(PythonModule(contract).text.utf8)
    case .typescript: Array(TypeScriptModule(contract).text.utf8)
    case .swift: Array(SwiftSource(contract).text.utf8)
    }
  }

  /// The same as files of a folder: one a mail, or one module for all.
  func files(_ contract: SiteContract) -> [OutputDirectory.File] {
    switch self {
    case .jsonSchema: SchemaDocuments(contract).files
    case .markdown: MarkdownPages(contract).files
    case .python: [OutputDirectory.File(path: "mails.py", bytes: document(contract))]
    case .typescript: [OutputDirectory.File(path: "mails.ts", bytes: document(contract))]
    case .swift: [OutputDirectory.File(path: "Mails.swift", bytes: document(contract))]
    }
  }
}

/// What senders must know, ready to be written in any format.
public struct BuiltContract: Sendable {
  /// The words by which a file is known as one of ours, so that it may be replaced.
  static let mark = "Written by galley contract"

  private let contract: SiteContract

  init(_ contract: SiteContract) { self.contract = contract }

  /// How many mails it is about.
  public var mailCount: Int { contract.mails.count }

  /// All of it in one text.
  public func document(_ format: ContractFormat) -> [UInt8] { format.document(contract) }

  /// Writes it into a folder, among whatever else is there, and returns how many files are new or changed, and of how many.
  ///
  /// A file that is there must be one of ours. A failure leaves the folder as it was. `nonce` tells temporary files of
  /// concurrent runs apart. Throws what the machine could not do.
  public func write(
    _ format: ContractFormat, into folder: String, nonce: String
  ) throws(FileFailure) -> (written: Int, all: Int) {
    let (disk, name) = try Workspace.nearestPlace(of: folder)
    let files = format.files(contract)
    let output = OutputDirectory(name, in: disk)
    let summary = try output.add(files, nonce: nonce, mark: Array(Self.mark.utf8))
    return (summary.written.count, files.count)
  }
}

extension Workspace {
  /// What has come of asking for a contract.
  public struct ContractResult: Sendable {
    /// Everything that was found.
    public var diagnostics: [Diagnostic]
    /// The contract, or nil where there are errors.
    public var contract: BuiltContract?
  }

  /// Compiles the selected mails and collects what their senders must know.
  public func contract(_ selection: Selection = Selection()) async -> ContractResult {
    let (contract, diagnostics) = await siteContract(selection)
    return ContractResult(diagnostics: diagnostics, contract: contract.map(BuiltContract.init))
  }
}
