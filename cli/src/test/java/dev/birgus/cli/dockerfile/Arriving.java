package dev.birgus.cli.dockerfile;

import java.util.EnumSet;
import java.util.Set;

/** Parts of the language that have cases already; those not in {@link #HERE} are skipped. */
enum Arriving {
  RUN_MOUNTS,
  RUN_NETWORK,
  COPY_OPTIONS,
  HEREDOC_INTERPRETER,
  HEREDOC_SOURCES,
  ADD_REMOTE,
  MORE_ARCHIVES,
  DIRECTORY_CONTEXTS,
  SEVERAL_TARGETS;

  /** What has arrived. */
  static final Set<Arriving> HERE = EnumSet.noneOf(Arriving.class);
}
