import GalleySource
import GalleyTemplate

/// Complains about the branches of mails that none of their samples reaches.
///
/// A branch is reported once, where a person wrote it, however many locales, environments and templates have it; a
/// partial's branch says for each template what sample it lacks.
enum SampleReach {
  /// A construct, and the way into one of its branches.
  private struct Place: Hashable {
    let construct: SourceRange
    let opener: SourceRange
    let way: BranchReach.Branch.Way
    /// What a choice of a message needs; it has several of one way.
    let choice: String?
  }

  /// A branch of one template.
  private struct Gap {
    let template: String
    let branch: BranchReach.Branch
  }

  /// More notes than this say nothing new.
  private static let noteLimit = 6

  /// The findings for mails, each of which has samples.
  static func findings(in mails: [CompiledMail], sources: SourceSet) -> [Diagnostic] {
    var accounts: [String: BranchReach] = [:]
    for mail in mails { accounts[mail.unit.template.file.name, default: BranchReach()].merge(mail.reach) }
    var gaps: [Place: [Gap]] = [:]
    var places: [Place] = []
    for (template, account) in accounts.sorted(by: { bytewise($0.key, $1.key) }) {
      for branch in account.unreached {
        let isTag = sources.text(branch.opener).hasPrefix("{{")
        let place = Place(
          construct: branch.construct, opener: branch.opener, way: branch.way, choice: isTag ? nil : branch.need)
        if gaps[place] == nil { places.append(place) }
        gaps[place, default: []].append(Gap(template: template, branch: branch))
      }
    }
    return places.map { diagnostic($0, gaps[$0] ?? [], sources) }
  }

  private static func diagnostic(_ place: Place, _ gaps: [Gap], _ sources: SourceSet) -> Diagnostic {
    let templates = gaps.reduce(into: [String]()) { if $0.last != $1.template { $0.append($1.template) } }
    let needs = Set(gaps.map(\.branch.need))
    let demand = gaps.first.map { "in which \($0.branch.need)" } ?? ""
    let help =
      switch (templates.count, needs.count) {
      case (1, 1): "add a sample \(demand) to 'templates/\(templates[0]).samples.json'"
      case (1, _): "add samples to 'templates/\(templates[0]).samples.json'"
      case (_, 1): "add a sample \(demand) to the samples of each of these templates"
      default: "add such a sample to the samples of each of these templates"
      }
    return Diagnostic(
      .sampleUnreached, headline(place, sources), at: place.construct,
      notes: notes(gaps, isEachTold: needs.count > 1), help: [help])
  }

  private static func notes(_ gaps: [Gap], isEachTold: Bool) -> [Diagnostic.Note] {
    if gaps.count == 1, gaps[0].branch.calls.isEmpty { return [] }
    var notes = gaps.prefix(noteLimit).map { gap in
      let need = isEachTold ? "; it lacks a sample in which \(gap.branch.need)" : ""
      return Diagnostic.Note("'\(gap.template)' comes here\(need)", at: gap.branch.calls.last)
    }
    if gaps.count > noteLimit { notes.append(Diagnostic.Note("and so \(gaps.count - noteLimit) more times")) }
    return notes
  }

  private static func headline(_ place: Place, _ sources: SourceSet) -> String {
    let (construct, opener) = (sources.words(place.construct), sources.words(place.opener))
    if let choice = place.choice { return "no sample reaches the choice of '\(opener)' where \(choice)" }
    switch place.way {
    case .entered: return "no sample enters '\(construct)'"
    case .passedBy: return "each sample enters '\(opener)', and none passes it by"
    case .divided where place.construct == place.opener: return "no sample comes to the other branch of '\(opener)'"
    case .divided where construct.hasPrefix("{{else if"): return "no sample enters '\(construct)'"
    case .divided: return "no sample enters the '{{else}}' of '\(opener)'"
    }
  }
}
