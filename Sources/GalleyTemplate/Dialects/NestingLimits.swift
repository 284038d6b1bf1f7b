/// How deep an engine lets blocks stand within one another.
extension AssembledText {
  /// A block that is one too deep.
  struct Excess {
    /// What begins the block.
    let hole: Hole
    /// How many there may be, of what: "20 loops".
    let limit: String
  }

  /// The blocks that begin directly beyond a limit of `dialect`; what is deeper still is their fault.
  func excesses(for dialect: Dialect) -> [Excess] {
    let limits = dialect.limits
    guard limits.blocks != nil || limits.loops != nil else { return [] }
    var result: [Excess] = []
    var isLoop: [Bool] = []
    var loops = 0
    for hole in lowered(for: dialect).holes {
      switch hole.kind {
      case .beginIf, .beginEach:
        let isEach = if case .beginEach = hole.kind { true } else { false }
        isLoop.append(isEach)
        loops += isEach ? 1 : 0
        if isEach, let limit = limits.loops, loops == limit + 1 {
          result.append(Excess(hole: hole, limit: "\(limit) loops"))
        } else if let limit = limits.blocks, isLoop.count == limit + 1 {
          result.append(Excess(hole: hole, limit: "\(limit) blocks"))
        }
      case .endIf, .endEach: loops -= isLoop.popLast() == true ? 1 : 0
      case .output, .elseIf, .otherwise: break
      }
    }
    return result
  }
}
