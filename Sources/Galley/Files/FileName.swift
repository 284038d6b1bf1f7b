/// The rule for names of files and folders of a site.
enum FileName {
  /// What is wrong with a name, as it reads behind the name; nil if nothing is.
  static func problem(_ name: [UInt8], limits: FileLimits) -> String? {
    guard let text = String(validating: name, as: UTF8.self) else { return "is not UTF-8" }
    if name.count > limits.bytesPerName { return "is longer than \(limits.bytesPerName) bytes" }
    for scalar in text.unicodeScalars {
      if let problem = problem(scalar) { return problem }
    }
    if name.first == UInt8(ascii: "-") { return "starts with '-', which programs take for an option" }
    if name.last == UInt8(ascii: ".") { return "ends with '.', which Windows drops" }
    let stem = text.prefix { $0 != "." }.uppercased()
    if deviceNames.contains(stem) { return "is a device on Windows" }
    return nil
  }

  private static func problem(_ scalar: Unicode.Scalar) -> String? {
    switch scalar.value {
    case 0x0A, 0x0D: "holds a line end"
    case _ where UTF8Scan.isForbidden(scalar.value), 0x09: "holds a control character"
    case 0x20: "holds a space"
    case 0x5C: "holds '\\', which divides folders on Windows"
    case 0x22, 0x23, 0x25, 0x2A, 0x2B, 0x3A, 0x3C, 0x3E, 0x3F, 0x7C:
      "holds '\(scalar)', which means something in addresses or on some disks"
    case 0x80...0xA0, 0x200B...0x200F, 0x2028...0x202F, 0x2060...0x206F, 0xFEFF: "holds an invisible character"
    // Marks that compose with the letter before them: in composed form (NFC) they are part of that letter.
    case 0x0300...0x036F, 0x1100...0x11FF, 0x3099, 0x309A: "is written with decomposed letters (NFD)"
    default: nil
    }
  }

  private static let deviceNames: Set<String> = {
    let numbered = (0...9).flatMap { ["COM\($0)", "LPT\($0)"] }
    return Set(["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"] + numbered)
  }()
}
