/// The names that tree construction asks for.
enum Names {
  static let html = NameHash("html")
  static let head = NameHash("head")
  static let body = NameHash("body")
  static let p = NameHash("p")
  static let a = NameHash("a")
  static let base = NameHash("base")
  static let br = NameHash("br")
  static let dd = NameHash("dd")
  static let div = NameHash("div")
  static let address = NameHash("address")
  static let form = NameHash("form")
  static let input = NameHash("input")
  static let img = NameHash("img")
  static let image = NameHash("image")
  static let nobr = NameHash("nobr")
  static let hr = NameHash("hr")
  static let table = NameHash("table")
  static let tbody = NameHash("tbody")
  static let tr = NameHash("tr")
  static let colgroup = NameHash("colgroup")
  static let template = NameHash("template")
  static let noscript = NameHash("noscript")
  static let noframes = NameHash("noframes")
  static let title = NameHash("title")
  static let script = NameHash("script")
  static let style = NameHash("style")
  static let textarea = NameHash("textarea")
  static let xmp = NameHash("xmp")
  static let svg = NameHash("svg")
  static let math = NameHash("math")
  static let font = NameHash("font")
  static let ruby = NameHash("ruby")
  static let rtc = NameHash("rtc")
  static let rt = NameHash("rt")
  static let rp = NameHash("rp")
  static let type = NameHash("type")
  static let encoding = NameHash("encoding")
  static let annotation = NameHash("annotation-xml")
  static let framesets = names("frameset frame")
  static let lists = names("ol ul")
  static let markers = names("applet marquee object")
  static let voids = names("area br embed img keygen wbr")
  static let quietVoids = names("param source track")
  static let textBlocks = names("pre listing textarea")
  static let heads = names("base basefont bgsound link meta")
  static let texts = names("iframe noembed textarea xmp")
  static let mathTexts = names("mi mo mn ms mtext")
  static let mathExceptions = names("mglyph malignmark")
  static let svgIntegrationPoints = names("foreignobject desc title")
  static let fontAttributes = names("color face size")
  /// End tags that close what stands between, if their element is in scope.
  static let blocks = names(
    """
    address article aside blockquote button center details dialog dir div dl fieldset figcaption figure footer header \
    hgroup listing main menu nav ol pre search section select summary ul
    """)
  /// Start tags that end `svg` and `math`.
  static let breakouts = names(
    """
    b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta \
    nobr ol p pre ruby s small span strong strike sub sup table tt u ul var
    """)

  private static func names(_ list: StaticString) -> Set<NameHash> {
    Set(String(describing: list).split(separator: " ").map { NameHash($0.utf8) })
  }
}
