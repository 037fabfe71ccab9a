package dev.birgus.pusher.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.pusher.samples.ObservedRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class PushPermissionCheckTest {

  private final ObservedRegistry registry = new ObservedRegistry();

  private void check(String... names) throws InterruptedException {
    new PushPermissionCheck(registry)
        .check(List.of(names).stream().map(ImageReference::parse).toList());
  }

  @Test
  void everyRepositoryIsAskedOnce() throws Exception {
    check("host:1/a:1", "host:1/a:2", "host:1/b", "host:2/a");

    assertThat(registry.writes()).containsExactly("check a", "check b", "check a");
  }

  @Test
  void aRefusalBeginsWithKanikosWords() {
    registry.refusing("check library/foo", "access denied");

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> check("foo"))
        .withMessage(
            "error checking push permissions -- make sure you entered the correct tag name, and"
                + " that you are authenticated correctly, and try again: checking push permission"
                + " for \"index.docker.io/library/foo:latest\": access denied");
  }
}
