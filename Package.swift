// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours is strict: Swift 6 mode, memory safety checked, each warning an error.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "galley",
  products: [
    .executable(name: "galley", targets: ["GalleyCLI"]),
    .library(name: "GalleyCSS", targets: ["GalleyCSS"]),
    .library(name: "Galley", targets: ["Galley"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    // For the tests alone: an engine that fills what the dialect 'mustache' writes.
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
  ],
  targets: [
    .target(name: "GalleySource", swiftSettings: strict),
    .target(name: "GalleyHTML", dependencies: ["GalleySource"], swiftSettings: strict),
    .target(name: "GalleyCSS", dependencies: ["GalleySource", "GalleyHTML"], swiftSettings: strict),
    .target(name: "GalleyTemplate", dependencies: ["GalleySource", "GalleyHTML"], swiftSettings: strict),
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .target(name: "CGalleyXML", dependencies: ["CLibXML2"]),
    .target(
      name: "GalleyCheck", dependencies: ["GalleySource", "GalleyHTML", "GalleyCSS", "CGalleyXML"],
      swiftSettings: strict),
    .target(
      name: "GalleyText", dependencies: ["GalleySource", "GalleyHTML", "GalleyTemplate"], swiftSettings: strict),
    .target(
      name: "Galley",
      dependencies: [
        "GalleySource", "GalleyHTML", "GalleyCSS", "GalleyTemplate", "GalleyCheck", "GalleyText",
        .product(name: "Yams", package: "Yams"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "galley-bench", dependencies: ["Galley", "GalleyCSS", "GalleyHTML", "GalleySource", "GalleyTemplate"],
      path: "Benchmarks/GalleyBench", swiftSettings: strict),
    .executableTarget(name: "empty-program", path: "Benchmarks/EmptyProgram", swiftSettings: strict),
    .executableTarget(
      name: "GalleyCLI",
      dependencies: [
        "Galley", "GalleySource", "GalleyHTML", "GalleyCSS",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .target(
      name: "FuzzOracles", dependencies: ["GalleySource", "GalleyHTML", "GalleyCSS", "GalleyTemplate"],
      path: "Fuzz/Oracles", swiftSettings: strict),
    .testTarget(
      name: "FuzzTests", dependencies: ["FuzzOracles"], path: "Tests/Fuzz",
      exclude: ["seeds", "regressions", "dictionary.txt", "known.txt"], swiftSettings: strict),
    .target(name: "Growth", path: "Tests/Growth", swiftSettings: strict),
    .testTarget(name: "GalleySourceTests", dependencies: ["GalleySource", "Growth"], swiftSettings: strict),
    .testTarget(
      name: "GalleyHTMLTests", dependencies: ["GalleySource", "GalleyHTML", "Growth"], swiftSettings: strict),
    .testTarget(
      name: "GalleyCSSTests", dependencies: ["GalleySource", "GalleyHTML", "GalleyCSS", "Growth"],
      swiftSettings: strict),
    .testTarget(
      name: "GalleyTemplateTests",
      dependencies: [
        "GalleySource", "GalleyHTML", "GalleyTemplate", "Growth", .product(name: "Mustache", package: "swift-mustache"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "GalleyCheckTests", dependencies: ["GalleySource", "GalleyHTML", "GalleyCheck", "Growth"],
      swiftSettings: strict),
    .testTarget(
      name: "GalleyTextTests",
      dependencies: ["GalleySource", "GalleyHTML", "GalleyTemplate", "GalleyText", "Growth"],
      swiftSettings: strict),
    .testTarget(
      name: "GalleyTests",
      dependencies: [
        "Galley", "GalleySource", "GalleyHTML", "GalleyCSS", "GalleyTemplate", "GalleyCheck", "GalleyText", "Growth",
      ],
      swiftSettings: strict),
    // As a program of someone else sees the library: without access to what is `package`.
    .testTarget(
      name: "LibraryTests", dependencies: ["GalleyCSS"], packageAccess: false, swiftSettings: strict),
    .testTarget(name: "GalleyCLITests", dependencies: ["GalleyCLI", "Galley"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)

// For fuzzing, only what is fuzzed is built, with the counters that libFuzzer follows. The flags for that are such as
// no package may have that others depend on, so they are there on demand only. lld, since gold fails on the counters.
if Context.environment["GALLEY_FUZZ"] != nil {
  let fuzzed = ["GalleySource", "GalleyHTML", "GalleyCSS", "GalleyTemplate"]
  package.products = []
  package.dependencies = []
  package.targets = package.targets.filter { fuzzed.contains($0.name) || $0.name == "FuzzOracles" }
  for target in package.targets where fuzzed.contains(target.name) {
    target.swiftSettings?.append(.unsafeFlags(["-sanitize=fuzzer"]))
  }
  package.targets.append(
    .executableTarget(
      name: "galley-fuzz", dependencies: ["FuzzOracles"], path: "Fuzz/Driver", swiftSettings: strict,
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]))
}
