package dev.birgus.executor.operation;

import dev.birgus.infra.contracts.FileMode;
import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.FileTransfer;
import dev.birgus.infra.contracts.TransferSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts a transfer together, part by part. */
public final class TransferBuilder {

  private final FileOrigin from;
  private final String destination;
  private final List<TransferSource> sources = new ArrayList<>();
  private List<String> excludes = List.of();
  private Optional<String> owner = Optional.empty();
  private Optional<FileMode> mode = Optional.empty();
  private boolean link;
  private boolean unpack;

  /** A transfer without sources. */
  public TransferBuilder(FileOrigin from, String destination) {
    this.from = from;
    this.destination = destination;
  }

  /** With these paths or patterns, each as a source of its own. */
  public TransferBuilder files(String... paths) {
    for (var path : paths) {
      sources.add(new TransferSource.Files(path, List.of(path), Optional.empty(), unpack));
    }
    return this;
  }

  /** With what a pattern matches in a directory, as --parents has it. */
  public TransferBuilder below(String directory, String include) {
    sources.add(
        new TransferSource.Files(
            directory + "/./" + include, List.of(directory), Optional.of(include), unpack));
    return this;
  }

  /** With a source of any kind. */
  public TransferBuilder source(TransferSource source) {
    sources.add(source);
    return this;
  }

  /** Unpacks the archives among the files named from here on. */
  public TransferBuilder unpack() {
    unpack = true;
    return this;
  }

  /** With --chown. */
  public TransferBuilder owner(String text) {
    owner = Optional.of(text);
    return this;
  }

  /** With --chmod. */
  public TransferBuilder mode(String text) {
    mode = Optional.of(FileMode.parse(text));
    return this;
  }

  /** With --exclude. */
  public TransferBuilder without(String... patterns) {
    excludes = List.of(patterns);
    return this;
  }

  /** With --link. */
  public TransferBuilder link() {
    link = true;
    return this;
  }

  /** The transfer. */
  public FileTransfer build() {
    var into = destination.endsWith("/") || sources.size() > 1;
    return new FileTransfer(from, sources, destination, into, owner, mode, excludes, link);
  }
}
