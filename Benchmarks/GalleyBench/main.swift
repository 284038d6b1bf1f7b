import Foundation
import GalleyCSS
import GalleyHTML
import GalleySource

// galley-bench LISTING: holds documents in memory and measures the inliner on them when asked.
//
// Each line of LISTING is the number of a workload and the path of a document. Each line of standard input is the number
// of a workload, how many passes to make over it, and the word `anew` or `knowing`: whether each pass starts without
// knowing any style sheet, or knows those of the pass before, as a server does. The answer is a line with the
// nanoseconds that they took. A process that answers can take turns with its peer, which is what makes a ratio honest.
//
// galley-bench --site FOLDER: holds the mails of a site and evaluates them when asked. It first writes how many they are;
// then each line of standard input is a word of `SiteBench.Work` and how many passes to make, and the answer is the processor time.

/// The documents of each workload.
func documents(listedIn listing: String) throws -> [Int: [[UInt8]]] {
  var result: [Int: [[UInt8]]] = [:]
  for line in try String(contentsOfFile: listing, encoding: .utf8).split(separator: "\n") {
    let words = line.split(separator: " ", maxSplits: 1)
    guard words.count == 2, let workload = Int(words[0]) else { continue }
    result[workload, default: []].append([UInt8](try Data(contentsOf: URL(filePath: String(words[1])))))
  }
  return result
}

/// A document with its styles inlined, as `galley inline` does it.
func inlined(_ document: [UInt8], _ session: inout InlineSession) -> [UInt8] {
  let tree = session.parse(document, placeholders: PlaceholderScanner.scan(document))
  let result = session.inline(tree).edits.apply(to: document)
  session.giveBack(tree)
  return result
}

/// Inlines each document so many times; returns the time and the number of bytes written, so that no work can be left out.
///
/// The documents of a pass share a session, as those of a build do; `isKnowing` says whether the passes do so as well.
func measure(_ documents: [[UInt8]], passes: Int, isKnowing: Bool) -> (time: Duration, written: Int) {
  var written = 0
  var session = InlineSession()
  if isKnowing { for document in documents { written += inlined(document, &session).count } }
  let time = ContinuousClock().measure {
    for _ in 0..<passes {
      if !isKnowing { session.forget() }
      for document in documents { written += inlined(document, &session).count }
    }
  }
  return (time, written)
}

/// Writes an answer: the nanoseconds of a time, provided that something was made in it.
func answer(_ time: Duration, written: Int) {
  guard written > 0 else {
    print("nothing was written")
    exit(1)
  }
  print(time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000)
  fflush(nil)
}

/// Answers for the mails of a site.
func serve(_ site: SiteBench) {
  print(site.count)
  fflush(nil)
  while let line = readLine() {
    let words = line.split(separator: " ")
    guard words.count == 2, let work = SiteBench.Work(rawValue: String(words[0])), let passes = Int(words[1]) else {
      print("usage: whole|evaluate|write|fill PASSES")
      exit(2)
    }
    let (time, written) = site.measure(work, passes: passes)
    answer(time, written: written)
  }
}

/// Answers for the documents of workloads.
func serve(_ workloads: [Int: [[UInt8]]]) {
  while let line = readLine() {
    let words = line.split(separator: " ")
    let mode = words.count > 2 ? words[2] : "anew"
    guard words.count > 1, let passes = Int(words[1]), mode == "anew" || mode == "knowing",
      let documents = Int(words[0]).flatMap({ workloads[$0] })
    else {
      print("usage: WORKLOAD PASSES [anew|knowing]")
      exit(2)
    }
    let (time, written) = measure(documents, passes: passes, isKnowing: mode == "knowing")
    answer(time, written: written)
  }
}

let arguments = CommandLine.arguments
if arguments.count == 3, arguments[1] == "--site" {
  try serve(SiteBench(folder: arguments[2]))
} else if arguments.count == 2 {
  try serve(documents(listedIn: arguments[1]))
} else {
  print("usage: galley-bench LISTING | --site FOLDER")
  exit(2)
}
