package dev.birgus.planner.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.codec.StateCodec;
import java.util.Map;

/** What becomes of a table when another process reads what this one has written. */
final class Rereading {

  private Rereading() {}

  /** Writes every entry and reads it again; it must be the same. */
  static <S> void of(Class<S> type, Map<String, S> table) {
    var codec = new StateCodec<>(type);
    table.replaceAll((_, entry) -> {
      var read = codec.decode(codec.encode(entry));
      assertThat(read).isEqualTo(entry);
      return read;
    });
  }
}
