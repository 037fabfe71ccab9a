package dev.birgus.infra.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a {@link FaultProxy} does to one request, or to the answer to it. */
public sealed interface Fault {

  /** Lets everything through. */
  record Pass() implements Fault {}

  /**
   * Answers in the place of the registry, which sees nothing of the request.
   *
   * @param headers names and values in turn
   */
  record Reply(int status, String body, List<String> headers) implements Fault {
    public Reply {
      requireNonNull(body, "body");
      headers = List.copyOf(headers);
    }

    byte[] bytes() {
      return body.getBytes(UTF_8);
    }
  }

  /** Takes the request and never answers. */
  record NoAnswer() implements Fault {}

  /** Breaks the connection after so many bytes of what is sent. */
  record CutRequest(long after) implements Fault {}

  /** Takes no more than so many bytes of what is sent, and does nothing from then on. */
  record StallRequest(long after) implements Fault {}

  /** Breaks the connection after so many bytes of the answer's content. */
  record CutAnswer(long after) implements Fault {}

  /** Sends no more than so many bytes of the answer's content, and does nothing from then on. */
  record StallAnswer(long after) implements Fault {}

  /**
   * Lets the registry do what it was asked for and breaks the connection in place of its answer.
   */
  record LostAnswer() implements Fault {}

  /** Changes the content of the answer, which is read into memory for that. */
  record ChangeBody(UnaryOperator<byte[]> change) implements Fault {}

  /** Changes a header of the answer; it is given "" where there is none. */
  record ChangeHeader(String name, UnaryOperator<String> change) implements Fault {}

  /** Sends the request somewhere else: to a host and port that speak plain http. */
  record Divert(String place) implements Fault {}

  /** Lets everything through. */
  static Fault pass() {
    return new Pass();
  }

  /** An answer without content; headers are names and values in turn. */
  static Fault reply(int status, String... headers) {
    return new Reply(status, "", List.of(headers));
  }

  /** An answer with content; headers are names and values in turn. */
  static Fault replyWith(int status, String body, String... headers) {
    return new Reply(status, body, List.of(headers));
  }

  /** How much content of what kind is let through, if not all. */
  default Optional<Long> limitOf(boolean request) {
    return switch (this) {
      case CutRequest(var after) when request -> Optional.of(after);
      case StallRequest(var after) when request -> Optional.of(after);
      case CutAnswer(var after) when !request -> Optional.of(after);
      case StallAnswer(var after) when !request -> Optional.of(after);
      case CutRequest _,
          StallRequest _,
          CutAnswer _,
          StallAnswer _,
          Pass _,
          Reply _,
          NoAnswer _,
          LostAnswer _,
          ChangeBody _,
          ChangeHeader _,
          Divert _ ->
          Optional.empty();
    };
  }

  /** Whether nothing happens after the limit, rather than the connection breaking. */
  default boolean stalls() {
    return this instanceof StallRequest || this instanceof StallAnswer || this instanceof NoAnswer;
  }
}
