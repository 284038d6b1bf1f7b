import GalleyHTML
import GalleySource

/// Puts one text together and follows the place that comes next.
struct Assembler {
  /// What an author wrote, to be blamed for what the bytes behind it make of it.
  struct Suspect {
    let subject: Subject
    let frame: OriginMap.Frame
  }

  /// A complaint about something that was appended before.
  struct Blame {
    let refusal: EscapeContext.Refusal
    let suspect: Suspect
  }

  let part: MailPart
  private(set) var text = AssembledText()
  var tracker = PlaceTracker()
  /// The value that was last printed at the start of a URL, to be blamed if something follows it.
  private var wholeURL: Suspect?
  /// The construct that was last appended: a value, or what begins, divides or ends a block.
  private var lastHole: Suspect?

  init(part: MailPart, types: SendTypes) {
    self.part = part
    text.types = types
    guard part == .html else { return }
    // What a usual mail takes, so that little is copied while it grows.
    text.bytes.reserveCapacity(1 << 15)
    text.origins.reserveCapacity(256)
    text.holes.reserveCapacity(64)
  }

  /// Notes what the items of a loop are.
  mutating func declare(_ type: ValueType, forItemsOf loop: SendExpression.Loop) { text.types.items[loop.id] = type }

  /// Where the next byte goes; meaningful in the HTML part alone.
  var place: Place { tracker.place }

  var count: Int { text.bytes.count }

  mutating func openFrame(at range: SourceRange, from frame: OriginMap.Frame) -> OriginMap.Frame {
    text.origins.call(at: range, from: frame)
  }

  /// Appends bytes; `isVerbatim` tells that they are those of `origin`.
  ///
  /// Answers who is to blame for what the bytes wrongly follow, if they do.
  mutating func append(
    _ bytes: ArraySlice<UInt8>, origin: SourceRange, frame: OriginMap.Frame, isVerbatim: Bool
  ) -> Blame? {
    text.bytes.append(contentsOf: bytes)
    text.origins.append(origin, frame: frame, isVerbatim: isVerbatim, count: bytes.count)
    guard part == .html else { return nil }
    tracker.advance(over: bytes)
    return takeBlame()
  }

  /// Appends bytes of which it is known where they lead.
  mutating func append(
    _ bytes: ArraySlice<UInt8>, origin: SourceRange, frame: OriginMap.Frame, isVerbatim: Bool, end: PlaceTracker
  ) {
    text.bytes.append(contentsOf: bytes)
    text.origins.append(origin, frame: frame, isVerbatim: isVerbatim, count: bytes.count)
    tracker = end
  }

  /// Appends what is known of a value that is escaped as data, which the place sees as a hole.
  mutating func appendData(_ bytes: [UInt8], subject: Subject, frame: OriginMap.Frame, isURL: Bool) -> Blame? {
    text.bytes.append(contentsOf: bytes)
    text.origins.append(subject.range, frame: frame, isVerbatim: false, count: bytes.count)
    return passHole(.output, subject: subject, frame: frame, isURL: isURL)
  }

  /// Appends a hole that prints a value.
  mutating func appendOutput(
    _ kind: AssembledText.Hole.Kind, subject: Subject, frame: OriginMap.Frame, isURL: Bool
  ) -> Blame? {
    appendToken(kind, origin: subject.range, frame: frame)
    return passHole(.output, subject: subject, frame: frame, isURL: isURL)
  }

  /// Appends a hole that begins, divides or ends a block.
  mutating func appendControl(_ kind: AssembledText.Hole.Kind, origin: SourceRange, frame: OriginMap.Frame) {
    appendToken(kind, origin: origin, frame: frame)
    lastHole = Suspect(subject: Subject(range: origin, expression: origin), frame: frame)
  }

  private mutating func appendToken(
    _ kind: AssembledText.Hole.Kind, origin: SourceRange, frame: OriginMap.Frame
  ) {
    text.holes.append(AssembledText.Hole(offset: text.bytes.count, kind: kind, origin: origin))
    text.bytes.append(AssembledText.token)
    text.origins.append(origin, frame: frame, isVerbatim: false, count: 1)
  }

  private mutating func passHole(
    _ kind: Placeholder.Kind, subject: Subject, frame: OriginMap.Frame, isURL: Bool
  ) -> Blame? {
    guard part == .html else { return nil }
    tracker.passHole(kind)
    let blame = takeBlame()
    lastHole = Suspect(subject: subject, frame: frame)
    if isURL { wholeURL = lastHole }
    return blame
  }

  private mutating func takeBlame() -> Blame? {
    let split = tracker.takeSplit()
    if tracker.takeContinuedURL(), let wholeURL {
      return Blame(refusal: EscapeContext.ambiguous, suspect: wholeURL)
    }
    guard let split, let lastHole else { return nil }
    return Blame(refusal: split == .token ? EscapeContext.split : EscapeContext.conditionalEnd, suspect: lastHole)
  }

  /// Puts the blame for what follows on a block that may or may not print the start of a URL.
  mutating func blame(_ subject: Subject, frame: OriginMap.Frame) {
    wholeURL = Suspect(subject: subject, frame: frame)
  }
}

extension PlaceTracker {
  /// The tracker to go on with behind a block whose branches ended here and in `other`, or nil where they disagree.
  ///
  /// Branches may lead to different parts of one URL; then the part is the one that allows least.
  func joined(with other: PlaceTracker) -> PlaceTracker? {
    if let merged = merged(with: other) { return merged }
    guard let own = place.urlPart, let their = other.place.urlPart, place.isSameAttribute(as: other.place) else {
      return nil
    }
    // One branch in a host and one in a scheme, or in two schemes: what follows means two things.
    if own == .unknown || their == .unknown || own == their && own == .schemeOrAuthority { return withUnknownURL() }
    if own == .schemeOrAuthority { return self }
    if their == .schemeOrAuthority { return other }
    if own != .start, their != .start { return self }
    var start = own == .start ? self : other
    start.passHole(.output)
    return start
  }
}

extension Place {
  /// The part of a URL, in an attribute that holds one.
  var urlPart: URLPart? {
    if case .attribute(let attribute) = kind, case .url(let part) = attribute.kind { return part }
    return nil
  }

  fileprivate func isSameAttribute(as other: Place) -> Bool {
    guard case .attribute(let a) = kind, case .attribute(let b) = other.kind else { return false }
    return a.element == b.element && a.name == b.name && a.quote == b.quote && isInConditional == other.isInConditional
  }
}
