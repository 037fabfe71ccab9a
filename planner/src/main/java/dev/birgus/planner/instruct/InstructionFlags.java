package dev.birgus.planner.instruct;

import static dev.birgus.planner.instruct.FlagKind.BOOLEAN;
import static dev.birgus.planner.instruct.FlagKind.TEXT;
import static dev.birgus.planner.instruct.FlagKind.TEXTS;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The flags of every instruction; the page docs/dockerfile.md is tested against them. */
final class InstructionFlags {

  private static final Map<String, FlagKind> FROM = sorted(Map.of("platform", TEXT));

  private static final Map<String, FlagKind> RUN =
      sorted(Map.of("mount", TEXTS, "network", TEXT, "security", TEXT, "device", TEXTS));

  private static final Map<String, FlagKind> COPY =
      sorted(
          Map.of(
              "from", TEXT, "chown", TEXT, "chmod", TEXT, "link", BOOLEAN, "parents", BOOLEAN,
              "exclude", TEXTS));

  private static final Map<String, FlagKind> ADD =
      sorted(
          Map.of(
              "chown",
              TEXT,
              "chmod",
              TEXT,
              "link",
              BOOLEAN,
              "exclude",
              TEXTS,
              "checksum",
              TEXT,
              "keep-git-dir",
              BOOLEAN,
              "unpack",
              BOOLEAN));

  private static final Map<String, FlagKind> HEALTHCHECK =
      sorted(
          Map.of(
              "interval",
              TEXT,
              "timeout",
              TEXT,
              "start-period",
              TEXT,
              "start-interval",
              TEXT,
              "retries",
              TEXT));

  private InstructionFlags() {}

  /** The flags of this instruction by their names, without dashes, in order. */
  static Map<String, FlagKind> of(Keyword keyword) {
    return switch (keyword) {
      case ADD -> ADD;
      case COPY -> COPY;
      case FROM -> FROM;
      case HEALTHCHECK -> HEALTHCHECK;
      case RUN -> RUN;
      case ARG, CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, MAINTAINER, ONBUILD, SHELL -> Map.of();
      case STOPSIGNAL, USER, VOLUME, WORKDIR -> Map.of();
    };
  }

  private static Map<String, FlagKind> sorted(Map<String, FlagKind> flags) {
    return Collections.unmodifiableMap(new TreeMap<>(flags));
  }
}
