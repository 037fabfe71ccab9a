package dev.birgus.infra.secrets;

import dev.birgus.infra.contracts.Grants.AgentSource;
import dev.birgus.infra.contracts.Grants.SecretSource;
import java.nio.file.Path;

/** Reads secrets. */
public interface SecretReader {

  /** Bytes a secret may have at most, as everywhere (BuildKit). */
  int LARGEST = 500 * 1024;

  /**
   * The value, now. It must not be kept, logged or put into a message.
   *
   * @throws dev.birgus.infra.contracts.FailureException {@code secret-unreadable} or {@code
   *     secret-too-large}, naming the source only
   */
  byte[] read(SecretSource source);

  /**
   * The socket of an SSH agent.
   *
   * @throws dev.birgus.infra.contracts.FailureException if it may not be used
   */
  default Path agent(AgentSource source) {
    return Path.of(source.socket());
  }
}
