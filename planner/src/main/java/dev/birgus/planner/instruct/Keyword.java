package dev.birgus.planner.instruct;

import dev.birgus.planner.syntax.RawInstruction;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The instructions there are. */
enum Keyword {
  ADD("source… destination"),
  ARG("name[=default]…"),
  CMD("[\"program\", \"argument\"…], or a command line"),
  COPY("source… destination"),
  ENTRYPOINT("[\"program\", \"argument\"…], or a command line"),
  ENV("name=value…"),
  EXPOSE("port[/protocol]…"),
  FROM("image [AS name]"),
  HEALTHCHECK("CMD command, or HEALTHCHECK NONE"),
  LABEL("name=value…"),
  MAINTAINER("name"),
  ONBUILD("instruction"),
  RUN("command"),
  SHELL("[\"program\", \"argument\"…]"),
  STOPSIGNAL("signal"),
  USER("user[:group]"),
  VOLUME("directory…"),
  WORKDIR("directory");

  private static final List<Keyword> ALL = List.of(values());

  private final String usage;

  Keyword(String usage) {
    this.usage = usage;
  }

  /** How it is written, for a person. */
  String usage() {
    return "write " + name() + " " + usage;
  }

  /** The one this instruction begins with, in upper or lower case. */
  static Optional<Keyword> of(RawInstruction raw) {
    for (var keyword : ALL) {
      if (raw.isNamed(keyword.name())) {
        return Optional.of(keyword);
      }
    }
    return Optional.empty();
  }

  static List<String> names() {
    return Arrays.stream(values()).map(Keyword::name).toList();
  }
}
