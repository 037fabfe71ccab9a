package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.FileTransfer;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.planner.instruct.Instruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** COPY and ADD: words, options and which files they take. */
final class Transfers {

  private static final String MANY_SOURCES =
      "write the destination with a slash at its end: it must be a directory";

  private final Surroundings surroundings;

  Transfers(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * A transfer, its history entry and what its result depends on.
   *
   * @param read the entries of the context it reads
   */
  record Planned(FileTransfer transfer, String createdBy, List<ContextEntry> read) {}

  /** The words of a COPY or ADD, expanded. */
  private record Words(
      String name,
      List<String> sources,
      String destination,
      Optional<String> owner,
      Optional<String> mode,
      SourceLocation at) {

    boolean intoDirectory() {
      return destination.isEmpty()
          || destination.endsWith("/")
          || ContextPath.name(destination).equals(".")
          || ContextPath.name(destination).equals("..")
          || sources.size() > 1;
    }

    boolean namesDirectory() {
      return new Words(name, List.of(), destination, owner, mode, at).intoDirectory();
    }
  }

  /**
   * Plans a transfer.
   *
   * @param name COPY or ADD
   * @return empty if files have to be known first; the surroundings know which
   */
  Optional<Planned> plan(
      String name,
      Instruction.Transfer written,
      Optional<FileOrigin> from,
      Expansion expansion,
      String workingDirectory) {
    refuseUnsupported(name, written, expansion.at());
    var words =
        new Words(
            name,
            expansion.words(written.sources()),
            expansion.word(written.destination()),
            written.chown().map(expansion::word).filter(text -> !text.isEmpty()),
            written.chmod().map(expansion::word).filter(text -> !text.isEmpty()),
            expansion.at());
    if (words.sources().stream().anyMatch(String::isBlank)) {
      throw Refusals.invalid(
              "empty-source",
              name + " has an empty source: a variable in it has no value",
              "declare it with ARG in this stage, or give it with --build-arg",
              words.at())
          .toException();
    }
    if (name.equals("ADD")) {
      refuseRemote(words);
    }
    var origin = from.orElseGet(() -> new FileOrigin.Context(surroundings.request().context()));
    var selected = select(words, origin);
    if (selected.isEmpty()) {
      return Optional.empty();
    }
    var sources = selected.get().paths();
    if ((sources.size() > 1 || words.sources().size() > 1) && !words.namesDirectory()) {
      throw Refusals.invalid(
              "destination-not-a-directory",
              name + " has several sources, but its destination is " + words.destination(),
              MANY_SOURCES,
              words.at())
          .toException();
    }
    var transfer =
        new FileTransfer(
            origin,
            sources,
            words.sources(),
            ContextPath.absolute(workingDirectory, words.destination()),
            words.intoDirectory(),
            words.owner().map(owner -> owner(owner, words.at())),
            words.mode().map(mode -> mode(mode, words.at())));
    return Optional.of(new Planned(transfer, createdBy(words, written), selected.get().read()));
  }

  private Optional<Selection.Selected> select(Words words, FileOrigin origin) {
    var paths = new ArrayList<String>();
    var read = new ArrayList<ContextEntry>();
    var complete = true;
    for (var source : words.sources()) {
      if (!(origin instanceof FileOrigin.Context(var context))) {
        paths.add(pattern(source, words));
        continue;
      }
      switch (inContext(source, context, words)) {
        case Selection.Selected(var found, var entries) -> {
          paths.addAll(found);
          read.addAll(entries);
        }
        case Selection.Unknown(var root) -> {
          surroundings.needs(context, root);
          complete = false;
        }
        case Selection.Nothing(var advice) ->
            throw Refusals.invalid(
                    "source-not-found",
                    words.name() + " " + source + ": there is no such file in the build context",
                    advice,
                    words.at())
                .toException();
      }
    }
    return complete ? Optional.of(new Selection.Selected(paths, read)) : Optional.empty();
  }

  private Selection inContext(String source, ContextRef context, Words words) {
    try {
      return new SourceSelector(surroundings.files(context)).select(source);
    } catch (IllegalArgumentException wrong) {
      throw badPattern(source, words, wrong);
    }
  }

  private static String pattern(String source, Words words) {
    var pattern = ContextPath.inRoot(source);
    try {
      PathPattern.parse(pattern);
    } catch (IllegalArgumentException wrong) {
      throw badPattern(source, words, wrong);
    }
    return pattern;
  }

  private static RuntimeException badPattern(
      String source, Words words, IllegalArgumentException wrong) {
    return Refusals.invalid(
            "invalid-pattern",
            words.name() + " " + source + " is no pattern: see " + wrong.getMessage(),
            "close the bracket, or write a backslash before the character",
            words.at())
        .toException(wrong);
  }

  private void refuseUnsupported(String name, Instruction.Transfer written, SourceLocation at) {
    for (var flag : written.flags().entrySet()) {
      var isLink = flag.getKey().equals("link");
      if (isLink && !flag.getValue().equalsIgnoreCase("false")) {
        surroundings.warn(
            "link-without-effect",
            name + " --link copies as without it: a symbolic link in the destination is followed",
            at);
      } else if (!flag.getValue().equalsIgnoreCase("false")) {
        throw Refusals.notSupportedYet(name + " --" + flag.getKey(), "leave the option out", at)
            .toException();
      }
    }
    for (var source : written.sources()) {
      if (source.startsWith("<<")) {
        throw Refusals.notSupportedYet(
                name + " with a here-document", "put the text into a file of the context", at)
            .toException();
      }
    }
  }

  private static void refuseRemote(Words words) {
    for (var source : words.sources()) {
      if (source.matches("(?i)(https?|git|ssh)://.*") || source.matches("git@[^/]+:.*")) {
        throw Refusals.notSupportedYet(
                "ADD of a remote source (" + withoutUserInfo(source) + ")",
                "fetch it with RUN, or put it into the context",
                words.at())
            .toException();
      }
    }
  }

  /** A password in a URL does not belong into a message. */
  private static String withoutUserInfo(String url) {
    return url.replaceFirst("://[^/@]*@", "://");
  }

  private static String owner(String owner, SourceLocation at) {
    var parts = owner.split(":", -1);
    if (parts.length > 2 || parts[0].isEmpty() || parts[parts.length - 1].isEmpty()) {
      throw Refusals.invalid(
              "invalid-chown",
              "--chown=" + owner + " is not user or user:group",
              "write names or numbers, as in --chown=1000:1000",
              at)
          .toException();
    }
    return owner;
  }

  private static int mode(String mode, SourceLocation at) {
    if (mode.matches("[0-7]{1,5}") && Integer.parseInt(mode, 8) <= 07777) {
      return Integer.parseInt(mode, 8);
    }
    if (mode.matches("[ugoa]*[-+=].*")) {
      throw Refusals.notSupportedYet(
              "--chmod=" + mode + " with letters", "write it in octal, as in --chmod=755", at)
          .toException();
    }
    throw Refusals.invalid(
            "invalid-chmod",
            "--chmod=" + mode + " is not an octal mode from 0 to 7777",
            "write it as in --chmod=755",
            at)
        .toException();
  }

  private static String createdBy(Words words, Instruction.Transfer written) {
    var text = new StringBuilder(words.name());
    words.owner().ifPresent(owner -> text.append(" --chown=").append(owner));
    words.mode().ifPresent(mode -> text.append(" --chmod=").append(mode));
    if (written.flags().containsKey("link")) {
      text.append(" --link");
    }
    words.sources().forEach(source -> text.append(' ').append(source));
    return text.append(' ').append(words.destination()).toString();
  }
}
