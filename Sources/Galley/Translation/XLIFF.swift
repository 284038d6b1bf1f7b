import GalleyTemplate

/// The exchange format of translators, in the two versions that are in use.
///
/// XLIFF 1.2: http://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html; XLIFF 2.0:
/// http://docs.oasis-open.org/xliff/xliff-core/v2.0/xliff-core-v2.0.html.
public enum XLIFFVersion: String, Sendable, CaseIterable {
  case v1 = "1.2"
  case v2 = "2.0"

  /// The namespace of the elements.
  var namespace: String { "urn:oasis:names:tc:xliff:document:\(rawValue)" }
}

/// Writes the units of a locale for a translator.
///
/// Values are `<x/>` in version 1.2 and `<ph/>` in 2.0, links `<g>` and `<pc>`; their identifiers are what leads back, and what
/// stands in the pattern is told beside them. White space counts.
struct XLIFFWriter {
  let version: XLIFFVersion
  private var output = ""

  private init(_ version: XLIFFVersion) { self.version = version }

  /// The document for one locale; `original` is the file of the default locale.
  static func write(
    _ units: [TranslationUnit], version: XLIFFVersion, from source: String, to target: String, original: String
  ) -> [UInt8] {
    var writer = XLIFFWriter(version)
    writer.writeDocument(units, source, target, original)
    return Array(writer.output.utf8)
  }

  private mutating func writeDocument(
    _ units: [TranslationUnit], _ source: String, _ target: String, _ original: String
  ) {
    output = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    switch version {
    case .v1:
      output += """
        <xliff version="1.2" xmlns="\(version.namespace)">
          <file original="\(quoted(original))" source-language="\(source)" target-language="\(target)" \
        datatype="plaintext" xml:space="preserve">
            <body>

        """
      for unit in units { write1(unit) }
      output += "    </body>\n  </file>\n</xliff>\n"
    case .v2:
      output += """
        <xliff version="2.0" xmlns="\(version.namespace)" srcLang="\(source)" trgLang="\(target)">
          <file id="messages" original="\(quoted(original))" xml:space="preserve">

        """
      for unit in units { write2(unit) }
      output += "  </file>\n</xliff>\n"
    }
  }

  private mutating func write1(_ unit: TranslationUnit) {
    output += "      <trans-unit id=\"\(unit.id)\" resname=\"\(quoted(unit.name))\">\n        <source>"
    write(unit.source)
    output += "</source>\n"
    if let target = unit.target {
      output += "        <target state=\"translated\">"
      write(target)
      output += "</target>\n"
    }
    for note in unit.notes { output += "        <note>\(escaped(note))</note>\n" }
    output += "      </trans-unit>\n"
  }

  private mutating func write2(_ unit: TranslationUnit) {
    output += "    <unit id=\"\(unit.id)\" name=\"\(quoted(unit.name))\">\n"
    if !unit.notes.isEmpty {
      output += "      <notes>\n"
      for note in unit.notes { output += "        <note>\(escaped(note))</note>\n" }
      output += "      </notes>\n"
    }
    output += "      <segment state=\"\(unit.target == nil ? "initial" : "translated")\">\n        <source>"
    write(unit.source)
    output += "</source>\n"
    if let target = unit.target {
      output += "        <target>"
      write(target)
      output += "</target>\n"
    }
    output += "      </segment>\n    </unit>\n"
  }

  private mutating func write(_ contents: [TranslationUnit.Content]) {
    for content in contents {
      switch (content, version) {
      case (.text(let text), _): output += escaped(text)
      case (.mark(let mark), .v1): output += "<x id=\"\(mark.id)\" equiv-text=\"\(quoted(mark.label))\"/>"
      case (.mark(let mark), .v2):
        output += "<ph id=\"\(mark.id)\" equiv=\"\(quoted(mark.label))\" disp=\"\(quoted(mark.label))\"/>"
      case (.span(let mark, let inner), .v1):
        output += "<g id=\"\(mark.id)\" equiv-text=\"\(quoted(mark.label))\">"
        write(inner)
        output += "</g>"
      case (.span(let mark, let inner), .v2):
        output += "<pc id=\"\(mark.id)\" equivStart=\"\(quoted(mark.label))\" dispStart=\"\(quoted(mark.label))\">"
        write(inner)
        output += "</pc>"
      }
    }
  }

  /// Text as it may stand in an element; a carriage return would be read as a line feed otherwise.
  private func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\r": result += "&#xD;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Text as it may stand in a value in double quotation marks.
  private func quoted(_ text: String) -> String {
    var result = ""
    for scalar in escaped(text).unicodeScalars {
      switch scalar {
      case "\"": result += "&quot;"
      case "\n": result += "&#xA;"
      case "\t": result += "&#x9;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
