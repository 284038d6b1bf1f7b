import GalleyCSS
import GalleyCheck
public import GalleySource
import GalleyTemplate
import GalleyText

/// What the tool says of itself.
public enum About {
  /// The version, as semantic versioning has it (https://semver.org).
  public static let version = "0.1.0"

  /// All kinds of findings, sorted by name.
  public static let codes: [DiagnosticCode] = {
    let template = DiagnosticCode.languageCodes + DiagnosticCode.evaluationCodes
    let site = DiagnosticCode.siteCodes + galleyCodes + DiagnosticCode.inlineCodes + DiagnosticCode.translationCodes
    let all: [DiagnosticCode] = template + galleyCSSCodes + checkCodes + textCodes + site
    return all.sorted { $0.name < $1.name }
  }()
}
