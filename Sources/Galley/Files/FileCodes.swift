package import GalleySource

extension DiagnosticCode {
  /// A name that some system or some store would not take.
  package static let badName = DiagnosticCode(
    "source/bad-name", summary: "a file's name must be one that every disk and every store takes",
    explanation: """
      The names of templates become keys in a store and paths on the disks of others. Letters, digits, '-', '_' and \
      '.' are safe everywhere. Refused are names that are not UTF-8 in composed form, that hold spaces, control \
      characters, '\\' or one of ? # % * + : | < > ", that start with '-' or end with '.', that Windows keeps for \
      devices (CON, AUX, NUL …), or that are too long.
      """,
    bad: "templates/order confirmation?.html", good: "templates/order_confirmation.html")
  /// Two names that some disks take for one.
  package static let nameTwins = DiagnosticCode(
    "source/name-twins", summary: "two names must differ in more than case",
    explanation: """
      On a Mac or on Windows both names lead to one file, so one of the two would be lost in a checkout. A store \
      keeps them apart, and a service that asks for the wrong one gets nothing.
      """,
    bad: "Receipt.html, receipt.html", good: "receipt.html, receipt_internal.html")
  /// A symbolic link in the site.
  package static let sourceLink = DiagnosticCode(
    "source/link", summary: "a site must not hold symbolic links",
    explanation: """
      A link can lead out of the site, and what it leads to changes without a trace in the site's history. Copy the \
      file, or make it a partial that both places use.
      """,
    bad: "partials/footer.html -> ../../other/footer.html", good: "partials/footer.html (a file)")
  /// A pipe, a device or a socket in the site, or a folder named like a file.
  package static let notAFile = DiagnosticCode(
    "source/not-a-file", summary: "a source must be an ordinary file",
    explanation: """
      Only ordinary files have content that can be read twice. Pipes, devices and sockets are refused without being \
      opened, and so are folders named like a template.
      """,
    bad: "templates/receipt.html/", good: "templates/receipt.html")
  /// A file over the limit.
  package static let fileTooLarge = DiagnosticCode(
    "source/too-large", summary: "a source can have 2 MiB",
    explanation: """
      A mail of more than about 100 kB is cut by some clients, so a source of megabytes is a mistake, most often a \
      picture or a dump in the wrong folder.
      """,
    bad: "partials/photo.html with 3 MB", good: "a picture on a server, with its address in the partial")
  /// More files or folders than the limit.
  package static let tooManyFiles = DiagnosticCode(
    "source/too-many-files", summary: "a site can have 2000 files, in folders at most 32 deep",
    explanation: """
      A site of thousands of files is most often a folder of something else, such as packages or a backup, below \
      templates, partials or locales. Move it out.
      """,
    bad: "templates/node_modules/…", good: "templates/receipts/payment_received.html")
  /// A file without content.
  package static let emptyFile = DiagnosticCode(
    "source/empty", .warning, summary: "a source should have content",
    explanation: "A file that is empty, or holds nothing but white space, is most often one whose saving failed.",
    bad: "templates/receipt.html with 0 bytes", good: "templates/receipt.html with a mail")
}

extension DiagnosticCode {
  /// The codes of listing and reading files.
  static let fileCodes: [DiagnosticCode] = [
    .badName, .nameTwins, .sourceLink, .notAFile, .fileTooLarge, .tooManyFiles, .emptyFile,
  ]
}
