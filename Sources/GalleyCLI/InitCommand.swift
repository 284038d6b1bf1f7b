import ArgumentParser
import Galley

/// `galley init`: a small site that works.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Makes a small working site: a layout, a button, two locales, samples.")

  @Argument(help: "The folder; made where it is missing.", completion: .directory)
  var folder = "."

  func run() throws {
    do {
      let files = StarterSite.files.map { (path: $0.path, bytes: Array($0.text.utf8)) }
      let taken = try Workspace.create(files, in: folder, nonce: processNonce())
      if let taken {
        throw MachineFailure(
          description: "'\(folder)' already holds '\(taken)'; nothing was written. Name an empty folder")
      }
    } catch let failure as FileFailure {
      throw MachineFailure(failure)
    }
    let change = folder == "." ? "" : "cd \(folder)\n    "
    StandardStream.output.write(
      """
      Made a site with one mail in two locales. Next:
          \(change)galley build
          galley render order_confirmation

      """)
  }
}
