/// What the value of an attribute means, as far as its name and its element tell.
enum AttributeMeaning: UInt8, Sendable {
  case ordinary, url, forbiddenURL, style, script, document, presentational

  /// The meaning of an attribute; both names are in lower case.
  init(element: [UInt8], attribute: [UInt8]) {
    if attribute.count > 2, attribute[0] == 0x6F, attribute[1] == 0x6E {
      self = .script
      return
    }
    let name = NameHash(attribute)
    guard let meaning = Self.byName[name] else {
      self = .ordinary
      return
    }
    let loadsDocument = meaning == .url && Self.documentLoaders.contains(NameHash(element))
    self = loadsDocument ? .forbiddenURL : meaning
  }

  /// Elements whose `href` or `src` changes what the document is: data may not choose it.
  private static let documentLoaders: Set<NameHash> = hashes("base link script iframe frame embed object use")

  private static let byName: [NameHash: AttributeMeaning] = {
    var table: [NameHash: AttributeMeaning] = [:]
    for name in hashes("href src cite longdesc") { table[name] = .url }
    for name in hashes(
      """
      srcset imagesrcset background poster action formaction xlink:href data codebase classid archive ping profile \
      manifest lowsrc dynsrc usemap
      """)
    { table[name] = .forbiddenURL }
    for name in hashes(
      """
      bgcolor color width height border bordercolor cellpadding cellspacing hspace vspace size text link vlink alink \
      marginwidth marginheight topmargin leftmargin rightmargin bottommargin fillcolor strokecolor strokeweight \
      arcsize inset fill stroke
      """)
    { table[name] = .presentational }
    table[NameHash("style")] = .style
    table[NameHash("srcdoc")] = .document
    return table
  }()

  private static func hashes(_ names: String) -> Set<NameHash> {
    Set(names.split(separator: " ").map { NameHash($0.utf8) })
  }
}
