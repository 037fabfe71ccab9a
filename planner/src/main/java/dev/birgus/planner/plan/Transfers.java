package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.FileTransfer;
import dev.birgus.infra.contracts.TransferSource;
import dev.birgus.planner.instruct.Instruction;
import dev.birgus.planner.lint.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** COPY and ADD: words, options and which files they take. */
final class Transfers {

  private static final String IGNORED = "the ignore file excludes ";

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

  /** The sources of one instruction while they are found out. */
  private static final class Found {
    private final List<TransferSource> sources = new ArrayList<>();
    private final Map<String, ContextEntry> read = new LinkedHashMap<>();

    /** Patterns with wildcards that match nothing, and why. */
    private final Map<String, String> nothing = new LinkedHashMap<>();

    private boolean complete = true;
  }

  /** A source split where {@code --parents} begins to keep directories. */
  private record Pivot(String directory, Optional<String> include) {
    static Pivot of(String source, boolean parents) {
      if (!parents) {
        return new Pivot(source, Optional.empty());
      }
      var dot = source.indexOf("/./");
      return dot < 0
          ? new Pivot("", Optional.of(ContextPath.inRoot(source)))
          : new Pivot(
              source.substring(0, dot), Optional.of(ContextPath.inRoot(source.substring(dot + 3))));
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
    var words = TransferWords.of(name, written, expansion);
    var origin = from.orElseGet(() -> new FileOrigin.Context(surroundings.request().context()));
    var found = find(words, origin);
    if (!found.complete) {
      return Optional.empty();
    }
    var transfer =
        new FileTransfer(
            origin,
            found.sources,
            ContextPath.absolute(workingDirectory, words.destination()),
            words.namesDirectory() || words.sources().size() + words.texts().size() > 1,
            words.owner(),
            words.mode(),
            words.excludes(),
            words.link());
    return Optional.of(new Planned(transfer, words.createdBy(), List.copyOf(found.read.values())));
  }

  private Found find(TransferWords words, FileOrigin origin) {
    var remote = new RemoteSources(words);
    remote.checkChecksum();
    var found = new Found();
    for (var source : words.sources()) {
      var elsewhere = remote.read(source);
      if (elsewhere.isPresent()) {
        found.sources.add(elsewhere.get());
      } else if (origin instanceof FileOrigin.Context(var context)) {
        addFromContext(source, context, words, found);
      } else {
        found.sources.add(pattern(source, words));
      }
    }
    found.sources.addAll(words.texts());
    if (found.complete) {
      judgeNothing(words, found);
    }
    return found;
  }

  private void addFromContext(String source, ContextRef context, TransferWords words, Found found) {
    var pivot = Pivot.of(source, words.parents());
    switch (select(source, pivot, context, words)) {
      case Selection.Selected(var paths, var entries) -> {
        found.sources.add(new TransferSource.Files(source, paths, pivot.include(), unpacks(words)));
        entries.forEach(entry -> found.read.put(entry.path(), entry));
      }
      case Selection.Unknown(var root) -> {
        surroundings.needs(context, root);
        found.complete = false;
      }
      case Selection.Nothing(var advice) -> {
        if (!PathPattern.parse(ContextPath.inRoot(source)).hasWildcard()) {
          throw sourceNotFound(source, advice, words);
        }
        found.nothing.put(source, advice);
      }
    }
  }

  /** A wildcard may match nothing as long as another source does match: it then is optional. */
  private void judgeNothing(TransferWords words, Found found) {
    for (var each : found.nothing.entrySet()) {
      if (found.sources.isEmpty()) {
        throw sourceNotFound(each.getKey(), each.getValue(), words);
      }
      if (each.getValue().startsWith(IGNORED)) {
        surroundings.warn(
            Rule.SOURCE_IGNORED.ruleName(),
            words.name() + " " + each.getKey() + " copies nothing: " + each.getValue(),
            words.here().at());
      }
    }
  }

  private Selection select(String source, Pivot pivot, ContextRef context, TransferWords words) {
    try {
      var filter = words.filter(pivot.include());
      return new SourceSelector(surroundings.files(context), filter, pivot.include().isPresent())
          .select(pivot.directory(), source);
    } catch (IllegalArgumentException wrong) {
      throw badPattern(source, words, wrong);
    }
  }

  private static TransferSource pattern(String source, TransferWords words) {
    var pivot = Pivot.of(source, words.parents());
    var pattern = ContextPath.inRoot(pivot.directory());
    try {
      PathPattern.parse(pattern);
    } catch (IllegalArgumentException wrong) {
      throw badPattern(source, words, wrong);
    }
    words.filter(pivot.include());
    return new TransferSource.Files(source, List.of(pattern), pivot.include(), unpacks(words));
  }

  private static boolean unpacks(TransferWords words) {
    return words.unpack().orElse(words.name().equals("ADD"));
  }

  private static RuntimeException sourceNotFound(
      String source, String advice, TransferWords words) {
    return Refusals.invalid(
            "source-not-found",
            words.name() + " " + source + ": there is no such file in the build context",
            words.adviceOr(source, advice),
            words.placeOf(source))
        .toException();
  }

  private static RuntimeException badPattern(
      String source, TransferWords words, IllegalArgumentException wrong) {
    return Refusals.invalid(
            "invalid-pattern",
            words.name() + " " + source + " is no pattern: see " + wrong.getMessage(),
            "close the bracket, or write a backslash before the character",
            words.placeOf(source))
        .toException(wrong);
  }
}
