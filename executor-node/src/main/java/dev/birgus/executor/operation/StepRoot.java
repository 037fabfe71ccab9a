package dev.birgus.executor.operation;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.FileSystem;
import java.util.function.BiConsumer;

/**
 * What an operation works on.
 *
 * @param files the stage's root, writable
 * @param sources the files COPY and ADD take
 * @param now the time given to what has none of its own, in nanoseconds since the epoch
 * @param output is given what a command prints: true and the bytes for standard error
 * @param resources what a command is given beside the root
 */
public record StepRoot(
    FileSystem files,
    FileSources sources,
    long now,
    BiConsumer<Boolean, byte[]> output,
    RunResources resources) {

  public StepRoot {
    requireNonNull(files, "files");
    requireNonNull(sources, "sources");
    requireNonNull(output, "output");
    requireNonNull(resources, "resources");
  }

  /** A root for an operation that is given nothing else. */
  public StepRoot(
      FileSystem files, FileSources sources, long now, BiConsumer<Boolean, byte[]> output) {
    this(files, sources, now, output, RunResources.NONE);
  }
}
