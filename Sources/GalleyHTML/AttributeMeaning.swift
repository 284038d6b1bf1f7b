/// What the value of an attribute means, as far as its name and its element tell.
enum AttributeMeaning: UInt8, Sendable {
  case ordinary, url, forbiddenURL, style, script, document, presentational

  /// The meaning of an attribute; both names are in lower case.
  init(element: [UInt8], attribute: [UInt8]) {
    if attribute.count > 2, attribute[0] == 0x6F, attribute[1] == 0x6E {
      self = .script
      return
    }
    let meaning = Self.byName[NameHash(attribute)]
    let loadsDocument = meaning == .url && Self.documentLoaders[NameHash(element)]
    self = loadsDocument ? .forbiddenURL : meaning
  }

  /// Elements whose `href` or `src` changes what the document is: data may not choose it.
  private static let documentLoaders: NameTable<Bool> = {
    var table = NameTable(capacity: 10, missing: false)
    table.insert("base link script iframe frame embed object use", true)
    return table
  }()

  private static let byName: NameTable<AttributeMeaning> = {
    var table = NameTable(capacity: 80, missing: AttributeMeaning.ordinary)
    table.insert("href src cite longdesc", .url)
    table.insert(
      """
      srcset imagesrcset background poster action formaction xlink:href data codebase classid archive ping profile \
      manifest lowsrc dynsrc usemap
      """, .forbiddenURL)
    table.insert(
      """
      bgcolor color width height border bordercolor cellpadding cellspacing hspace vspace size text link vlink alink \
      marginwidth marginheight topmargin leftmargin rightmargin bottommargin fillcolor strokecolor strokeweight \
      arcsize inset fill stroke
      """, .presentational)
    table.insert("style", .style)
    table.insert("srcdoc", .document)
    return table
  }()
}
