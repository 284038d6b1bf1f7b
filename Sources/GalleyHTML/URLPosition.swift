/// How far into a URL the bytes of an attribute's value have led.
///
/// It decides what a value that comes next can do: choose the scheme, the host, or a piece behind them. Character
/// references are not decoded: one that stands before the path makes the rest unknown, which refuses more than
/// decoding it would. Follows https://url.spec.whatwg.org/#url-parsing, with `\` read as `/` and tabs and line ends
/// left out, as browsers do.
struct URLPosition: Equatable, Sendable {
  private enum State: UInt8 {
    case start, whole, scheme, firstSegment, slash, customScheme, customSlash, slashes, authority, path, query
    case fragment, opaque, unknown
  }

  private var state = State.start
  private var scheme: [UInt8] = []
  /// Whether something follows a value that stands for the whole URL.
  private(set) var isContinued = false

  /// The part that a value standing next falls into.
  var part: Place.URLPart {
    switch state {
    case .start: .start
    case .scheme, .firstSegment, .slash, .customScheme, .customSlash, .slashes, .authority: .schemeOrAuthority
    case .path: .path
    case .query: .query
    case .fragment: .fragment
    case .opaque: .opaque
    case .whole, .unknown: .unknown
    }
  }

  /// Passes a value that nobody knows yet.
  mutating func passHole() {
    switch state {
    case .start: state = .whole
    case .whole:
      isContinued = true
      state = .unknown
    case .path, .query, .fragment, .opaque: break
    default: become(.unknown)
    }
  }

  /// Passes a literal byte.
  mutating func advance(_ byte: UInt8) {
    if byte == ASCII.tab || byte == ASCII.lineFeed || byte == ASCII.carriageReturn { return }
    let isSlash = byte == ASCII.slash || byte == ASCII.backslash
    switch state {
    case .start:
      if byte > ASCII.space { begin(byte, isSlash: isSlash) }
    case .whole:
      guard byte > ASCII.space else { return }
      isContinued = true
      state = .unknown
    case .scheme: advanceScheme(byte, isSlash: isSlash)
    case .firstSegment, .authority: leaveSegment(byte, isSlash: isSlash)
    case .slash:
      if isSlash { state = .slashes } else { leaveSegment(byte, isSlash: false, otherwise: .path) }
    case .customScheme: state = byte == ASCII.slash ? .customSlash : .unknown
    case .customSlash: state = byte == ASCII.slash ? .slashes : .unknown
    case .slashes:
      if isSlash { return }
      let isCut = byte == ASCII.question || byte == ASCII.hash || byte == ASCII.ampersand
      state = isCut ? .unknown : .authority
    case .path:
      if byte == ASCII.question { state = .query } else if byte == ASCII.hash { state = .fragment }
    case .query:
      if byte == ASCII.hash { state = .fragment }
    case .fragment, .opaque, .unknown: break
    }
  }

  /// Makes the part unknown.
  mutating func forget() { become(.unknown) }

  private mutating func become(_ next: State) {
    state = next
    scheme = []
  }

  private mutating func begin(_ byte: UInt8, isSlash: Bool) {
    if isSlash {
      state = .slash
    } else if byte.isLetter {
      state = .scheme
      scheme = [byte.lowercased]
    } else {
      // A reference to the document itself, `#…` or `?…`, has no address that a mail could complete.
      state = byte == ASCII.hash || byte == ASCII.question || byte == ASCII.ampersand ? .unknown : .firstSegment
    }
  }

  private mutating func advanceScheme(_ byte: UInt8, isSlash: Bool) {
    if byte == ASCII.colon { return become(Self.state(behind: scheme)) }
    let isSchemeByte = byte.isLetter || byte.isDigit || byte == 0x2B || byte == 0x2D || byte == 0x2E
    if isSchemeByte, scheme.count < 32 {
      scheme.append(byte.lowercased)
      return
    }
    become(.firstSegment)
    leaveSegment(byte, isSlash: isSlash)
  }

  /// Follows a byte in the authority, or in the first segment of a relative URL.
  private mutating func leaveSegment(_ byte: UInt8, isSlash: Bool, otherwise: State? = nil) {
    if isSlash {
      state = .path
    } else if byte == ASCII.question {
      state = .query
    } else if byte == ASCII.hash {
      state = .fragment
    } else if byte == ASCII.ampersand {
      state = .unknown
    } else if let otherwise {
      state = otherwise
    }
  }

  private static func state(behind scheme: [UInt8]) -> State {
    switch String(decoding: scheme, as: UTF8.self) {
    case "http", "https", "ftp", "ws", "wss": .slashes
    case "mailto", "tel", "sms", "cid": .opaque
    case "javascript", "vbscript", "data", "blob", "file", "about", "view-source": .unknown
    default: .customScheme
    }
  }
}
