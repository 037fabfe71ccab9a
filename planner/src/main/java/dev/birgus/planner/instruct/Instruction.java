package dev.birgus.planner.instruct;

import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.planner.syntax.TextPlaces;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A well-formed instruction, its words not yet expanded. Names and meanings follow the Dockerfile
 * reference.
 */
public sealed interface Instruction {

  /** Where it stands and what it looks like. */
  Source source();

  /**
   * Where an instruction stands and what it looks like.
   *
   * @param text the instruction as written, without the escape characters and line ends that
   *     continue it, without the comments and blank lines between, and without the bodies of
   *     heredocs
   * @param places where the characters of the text stand
   */
  record Source(SourceLocation at, String text, TextPlaces places) {

    /** The place of a word of it as written, or its own. */
    public SourceLocation placeOf(String word) {
      return places.of(word, text);
    }

    /** The place of its last word as written, or its own. */
    public SourceLocation placeOfLast(String word) {
      return places.ofLast(word, text);
    }
  }

  /** A command line in one of its two forms. */
  sealed interface Command {
    /** Text for the shell. */
    record Shell(String text) implements Command {}

    /** An argument vector. */
    record Exec(List<String> arguments) implements Command {
      public Exec {
        arguments = List.copyOf(arguments);
      }
    }
  }

  /**
   * A name and a value. Both are words as they were written: quotes and variables are still in
   * them, also in the name ({@code LABEL "a.b"=c}, {@code ENV $name=c}).
   */
  record Assignment(String name, String value) {}

  /** An ARG: a name with or without a default. Both are words, as in {@link Assignment}. */
  record Argument(String name, Optional<String> defaultValue) {}

  /** FROM. */
  record From(Source source, String image, Optional<String> platform, Optional<String> name)
      implements Instruction {}

  /** ARG, one or several. */
  record Arg(Source source, List<Argument> arguments) implements Instruction {
    public Arg {
      arguments = List.copyOf(arguments);
    }
  }

  /** ENV. */
  record Env(Source source, List<Assignment> variables) implements Instruction {
    public Env {
      variables = List.copyOf(variables);
    }
  }

  /** LABEL. */
  record Label(Source source, List<Assignment> labels) implements Instruction {
    public Label {
      labels = List.copyOf(labels);
    }
  }

  /**
   * RUN.
   *
   * @param command the text for the shell carries the heredocs: the body itself where the whole
   *     command is one heredoc, else the command line and the bodies with their ends, as a shell
   *     reads them
   * @param flags every flag as written ({@code --mount=…}) but for quotes; {@link RunFlags} reads
   *     them
   * @param script the file the command names, which exists only while it runs
   */
  record Run(Source source, Command command, List<String> flags, Optional<Script> script)
      implements Instruction {
    public Run {
      flags = List.copyOf(flags);
    }
  }

  /**
   * A program in a heredoc.
   *
   * @param name of the heredoc
   * @param text which begins with {@code #!}
   */
  record Script(String name, String text) {

    /** Where the program is when it runs, as with BuildKit. */
    public String path() {
      return "/dev/pipes/" + name;
    }
  }

  /** COPY. */
  record Copy(Source source, Transfer transfer) implements Instruction {}

  /** ADD. */
  record Add(Source source, Transfer transfer) implements Instruction {}

  /**
   * A heredoc that becomes a file.
   *
   * @param name of the file
   * @param expands whether variables in it are replaced
   */
  record InlineText(String name, String content, boolean expands) {}

  /**
   * What COPY and ADD have in common.
   *
   * @param sources the words before the last that are no heredocs; of the JSON form too, they are
   *     not expanded yet
   * @param texts the heredocs among the words before the last; with the sources at least one
   * @param from stands for itself: a variable in it is an error
   * @param flags name to value for every flag but those with a component of their own: {@code
   *     link}, {@code parents}, {@code exclude}, {@code checksum}, {@code keep-git-dir}, {@code
   *     unpack}. Booleans are {@code true} or {@code false}; the values of a repeated flag stand on
   *     lines of their own
   */
  record Transfer(
      List<String> sources,
      List<InlineText> texts,
      String destination,
      Optional<String> from,
      Optional<String> chown,
      Optional<String> chmod,
      Map<String, String> flags) {
    public Transfer {
      sources = List.copyOf(sources);
      texts = List.copyOf(texts);
      flags = Collections.unmodifiableMap(new LinkedHashMap<>(flags));
    }
  }

  /** WORKDIR. */
  record Workdir(Source source, String path) implements Instruction {}

  /** USER. */
  record User(Source source, String user) implements Instruction {}

  /** CMD. */
  record Cmd(Source source, Command command) implements Instruction {}

  /** ENTRYPOINT. */
  record Entrypoint(Source source, Command command) implements Instruction {}

  /** EXPOSE. */
  record Expose(Source source, List<String> ports) implements Instruction {
    public Expose {
      ports = List.copyOf(ports);
    }
  }

  /** VOLUME. */
  record Volume(Source source, List<String> paths) implements Instruction {
    public Volume {
      paths = List.copyOf(paths);
    }
  }

  /** STOPSIGNAL. */
  record StopSignal(Source source, String signal) implements Instruction {}

  /** SHELL. */
  record Shell(Source source, List<String> shell) implements Instruction {
    public Shell {
      shell = List.copyOf(shell);
    }
  }

  /** HEALTHCHECK; no command means NONE. Durations are nanoseconds, 0 where not given. */
  record Healthcheck(
      Source source,
      Optional<Command> command,
      long interval,
      long timeout,
      long startPeriod,
      long startInterval,
      int retries)
      implements Instruction {}

  /** ONBUILD: the trigger as it will stand in the image. */
  record OnBuild(Source source, String trigger) implements Instruction {}

  /** MAINTAINER. */
  record Maintainer(Source source, String name) implements Instruction {}
}
