/// What the value of an attribute means, as far as its name and its element tell.
enum AttributeMeaning: UInt8, Sendable {
  case ordinary, url, forbiddenURL, style, script, document, presentational, directive

  /// The meaning of an attribute; both names are in lower case.
  ///
  /// A prefix counts as nothing, as in `o:href`, because the client that knows the namespace takes it so.
  init(element: [UInt8], attribute: [UInt8]) {
    var meaning = Self.meaning(of: attribute[...])
    if meaning == .ordinary, let colon = attribute.lastIndex(of: ASCII.colon) {
      let isNamespace = attribute.starts(with: "xmlns".utf8)
      meaning = isNamespace ? .directive : Self.meaning(of: attribute[(colon + 1)...])
    }
    switch meaning {
    case .url where Self.documentLoaders[NameHash(element)]: self = .forbiddenURL
    case .ordinary where Self.isDirective(attribute, of: element): self = .directive
    default: self = meaning
    }
  }

  private static func meaning(of name: ArraySlice<UInt8>) -> AttributeMeaning {
    name.count > 2 && name.starts(with: "on".utf8) ? .script : byName[NameHash(name)]
  }

  /// Whether an attribute tells the client what to do, on this element: `<meta http-equiv="refresh" content="…">` leads
  /// elsewhere, `<animate attributeName="href" to="…">` writes another attribute.
  private static func isDirective(_ attribute: [UInt8], of element: [UInt8]) -> Bool {
    if element.elementsEqual("meta".utf8) {
      return attribute.elementsEqual("content".utf8) || attribute.elementsEqual("charset".utf8)
    }
    return animations[NameHash(element)] && animatedValues[NameHash(attribute)]
  }

  /// Elements whose `href` or `src` changes what the document is: data may not choose it.
  private static let documentLoaders: NameTable<Bool> = {
    var table = NameTable(capacity: 10, missing: false)
    table.insert("base link script iframe frame embed object use", true)
    return table
  }()

  private static let animations: NameTable<Bool> = {
    var table = NameTable(capacity: 6, missing: false)
    table.insert("animate set animatemotion animatetransform animatecolor", true)
    return table
  }()

  private static let animatedValues: NameTable<Bool> = {
    var table = NameTable(capacity: 6, missing: false)
    table.insert("to from by values attributename", true)
    return table
  }()

  private static let byName: NameTable<AttributeMeaning> = {
    var table = NameTable(capacity: 96, missing: AttributeMeaning.ordinary)
    table.insert("href src cite longdesc", .url)
    table.insert(
      """
      srcset imagesrcset background poster action formaction xlink:href data codebase classid archive ping profile \
      manifest lowsrc dynsrc usemap xml:base
      """, .forbiddenURL)
    table.insert(
      """
      bgcolor color width height border bordercolor cellpadding cellspacing hspace vspace size text link vlink alink \
      marginwidth marginheight topmargin leftmargin rightmargin bottommargin fillcolor strokecolor strokeweight \
      arcsize inset fill stroke
      """, .presentational)
    table.insert("style", .style)
    table.insert("srcdoc", .document)
    table.insert("http-equiv rel type sandbox method enctype formmethod formenctype language xmlns", .directive)
    return table
  }()
}
