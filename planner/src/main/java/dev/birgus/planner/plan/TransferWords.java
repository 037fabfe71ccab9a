package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.FileMode;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.infra.contracts.TransferSource;
import dev.birgus.infra.pattern.PathFilter;
import dev.birgus.planner.instruct.Instruction;
import dev.birgus.planner.syntax.Excerpt;
import java.util.List;
import java.util.Optional;

/**
 * The words of a COPY or ADD, expanded and checked one by one.
 *
 * @param name COPY or ADD
 * @param unpack what {@code --unpack} says, if it is there
 * @param keepGitDirectory what {@code --keep-git-dir} says, if it is there
 * @param written the words before they were expanded
 * @param here the instruction
 */
record TransferWords(
    String name,
    List<String> sources,
    List<TransferSource.Text> texts,
    String destination,
    Optional<String> owner,
    Optional<FileMode> mode,
    boolean link,
    boolean parents,
    List<String> excludes,
    Optional<String> checksum,
    Optional<Boolean> unpack,
    Optional<Boolean> keepGitDirectory,
    Instruction.Transfer written,
    Instruction.Source here) {

  static TransferWords of(String name, Instruction.Transfer written, Expansion expansion) {
    var flags = written.flags();
    var here = expansion.source();
    var link = "true".equals(flags.get("link"));
    var words =
        new TransferWords(
            name,
            expansion.words(written.sources()),
            written.texts().stream()
                .map(text ->
                    new TransferSource.Text(
                        text.name(),
                        text.expands() ? expansion.text(text.content()) : text.content()))
                .toList(),
            expansion.word(written.destination()),
            written
                .chown()
                .map(expansion::word)
                .filter(text -> !text.isEmpty())
                .map(owner -> owner(owner, link, here.placeOf(flag("chown", written.chown())))),
            written
                .chmod()
                .map(expansion::word)
                .filter(text -> !text.isEmpty())
                .map(mode -> mode(mode, here.placeOf(flag("chmod", written.chmod())))),
            link,
            "true".equals(flags.get("parents")),
            flags.containsKey("exclude") ? flags.get("exclude").lines().toList() : List.of(),
            Optional.ofNullable(flags.get("checksum"))
                .map(expansion::word)
                .filter(text -> !text.isEmpty()),
            Optional.ofNullable(flags.get("unpack")).map(Boolean::valueOf),
            Optional.ofNullable(flags.get("keep-git-dir")).map(Boolean::valueOf),
            written,
            here);
    words.check();
    return words;
  }

  private void check() {
    for (var index = 0; index < sources.size(); index++) {
      if (sources.get(index).isBlank()) {
        throw emptySource(written.sources().get(index));
      }
    }
    if (sources.size() + texts.size() > 1 && !namesDirectory()) {
      throw Refusals.invalid(
              "destination-not-a-directory",
              name + " has several sources, but its destination is " + destination,
              written.sources().stream()
                  .filter(TransferWords::looksLikeOption)
                  .findFirst()
                  .map(TransferWords::misplaced)
                  .orElse("write the destination with a slash at its end: it must be a directory"),
              here.placeOfLast(written.destination()))
          .toException();
    }
    filter(Optional.empty());
  }

  private FailureException emptySource(String word) {
    var hasVariable = word.indexOf('$') >= 0;
    return Refusals.invalid(
            "empty-source",
            name + " has an empty source" + (hasVariable ? ": a variable in it has no value" : ""),
            hasVariable
                ? "declare it with ARG in this stage, or give it with --build-arg"
                : "name a file or a directory, or write . for the whole build context",
            here.placeOf(word.isEmpty() ? "\"\"" : word))
        .toException();
  }

  /** The place of a source, which is one of {@link #sources()}. */
  SourceLocation placeOf(String source) {
    return here.placeOf(written.sources().get(sources.indexOf(source)));
  }

  /** The place of {@code --checksum}. */
  SourceLocation placeOfChecksum() {
    return here.placeOf(flag("checksum", Optional.ofNullable(written.flags().get("checksum"))));
  }

  private static String flag(String name, Optional<String> value) {
    return "--" + name + "=" + value.orElse("");
  }

  /** What to say of a source that is not there, if it is no file that was meant; else this. */
  String adviceOr(String source, String advice) {
    if (source.matches("[A-Za-z][A-Za-z0-9+.-]*://.*")) {
      return "only http, https and git addresses are fetched"
          + (name.equals("ADD") ? "" : ", and by ADD");
    }
    return looksLikeOption(source) ? misplaced(source) : advice;
  }

  private static boolean looksLikeOption(String source) {
    return source.matches("--[a-z][a-z-]*(=.*)?");
  }

  private static String misplaced(String option) {
    return "options stand before the sources: move " + Excerpt.of(option) + " there";
  }

  /** Which files below a source are taken. */
  PathFilter filter(Optional<String> include) {
    try {
      return PathFilter.of(include, excludes);
    } catch (IllegalArgumentException malformed) {
      throw Refusals.invalid(
              "invalid-pattern",
              name + ": a pattern is malformed: " + malformed.getMessage(),
              "correct it, or write a backslash before a character that stands for itself",
              here.at())
          .toException(malformed);
    }
  }

  /** Whether the destination is a directory by what is written. */
  boolean namesDirectory() {
    return destination.isEmpty()
        || destination.endsWith("/")
        || ContextPath.name(destination).equals(".")
        || ContextPath.name(destination).equals("..");
  }

  /** The text of the image's history; passwords do not belong there. */
  String createdBy() {
    var text = new StringBuilder(name);
    if (parents) {
      text.append(" --parents");
    }
    owner.ifPresent(user -> text.append(" --chown=").append(user));
    mode.ifPresent(bits -> text.append(" --chmod=").append(bits));
    sources.forEach(source -> text.append(' ').append(TransferSource.withoutPassword(source)));
    texts.forEach(each -> text.append(' ').append(each.written()));
    return text.append(' ').append(destination).toString();
  }

  private static String owner(String owner, boolean link, SourceLocation at) {
    var parts = owner.split(":", -1);
    if (parts.length > 2 || parts[0].isEmpty() || parts[parts.length - 1].isEmpty()) {
      throw Refusals.invalid(
              "invalid-chown",
              "--chown=" + owner + " is not user or user:group",
              "write names or numbers, as in --chown=1000:1000",
              at)
          .toException();
    }
    if (link && !owner.matches("[0-9]+(:[0-9]+)?")) {
      throw Refusals.invalid(
              "link-needs-numeric-owner",
              "--link with --chown="
                  + owner
                  + ": the files are copied without a look at the image, so it has no names",
              "write numbers, as in --chown=1000:1000, or leave --link out",
              at)
          .toException();
    }
    return owner;
  }

  private static FileMode mode(String mode, SourceLocation at) {
    try {
      return FileMode.parse(mode);
    } catch (IllegalArgumentException wrong) {
      throw Refusals.invalid(
              "invalid-chmod",
              "--chmod=" + mode + ": " + wrong.getMessage(),
              "write it as in --chmod=755 or --chmod=u=rwX,go=rX",
              at)
          .toException(wrong);
    }
  }
}
