/// `color-mix()` in a space without a hue (https://www.w3.org/TR/css-color-5/#color-mix).
struct ColorMix {
  /// One of the two colors, and how much of it is asked for.
  struct Share {
    var color: MixableColor
    var percentage: Double?
  }

  let space: ColorSpace

  /// Mixes two colors; nil where the shares are nothing, or where a missing component would have to change spaces.
  func mix(_ first: Share, _ second: Share) -> MixableColor? {
    let shareOfFirst = first.percentage ?? second.percentage.map { 100 - $0 } ?? 50
    let shareOfSecond = second.percentage ?? 100 - shareOfFirst
    let sum = shareOfFirst + shareOfSecond
    guard sum > 0, let a = converted(first.color), let b = converted(second.color) else { return nil }
    let weight = shareOfSecond / sum
    let alphaOfFirst = a.alpha ?? b.alpha ?? 0
    let alphaOfSecond = b.alpha ?? a.alpha ?? 0
    let alpha = alphaOfFirst * (1 - weight) + alphaOfSecond * weight
    let colorOfFirst = a.components.replacing(with: b.components, where: a.missing)
    let colorOfSecond = b.components.replacing(with: a.components, where: b.missing)
    let mixed = colorOfFirst * (alphaOfFirst * (1 - weight)) + colorOfSecond * (alphaOfSecond * weight)
    return MixableColor(
      space: space, components: alpha > 0 ? mixed / alpha : mixed, missing: a.missing .& b.missing,
      alpha: a.alpha == nil && b.alpha == nil ? nil : alpha * min(sum / 100, 1))
  }

  private func converted(_ color: MixableColor) -> MixableColor? {
    if color.space == space { return color }
    guard !any(color.missing), let components = space.color(xyz: color.space.xyz(color.components)) else { return nil }
    return MixableColor(space: space, components: components, alpha: color.alpha, isLegacy: color.isLegacy)
  }
}
