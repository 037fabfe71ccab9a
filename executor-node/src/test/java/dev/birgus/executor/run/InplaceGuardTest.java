package dev.birgus.executor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.FailureException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InplaceGuardTest {

  private static final InplaceSettings KANIKO =
      new InplaceSettings(true, List.of(Path.of("/kaniko"), Path.of("/workspace")));
  private static final String MAPPED = "is mapped by this process";

  @Test
  void nothingIsEmptiedThatNobodyGaveUp() {
    var asked = new InplaceGuard(new InplaceSettings(false, List.of(Path.of("/kaniko"))));

    assertThatThrownBy(asked::allow)
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("BIRGUS_EXPENDABLE_ROOT=yes or --force");
  }

  @Test
  void aRuntimeOfTheRootIsNamed() {
    var needs = Map.of("/usr/lib/x86_64-linux-gnu/libc.so.6", MAPPED);

    assertThat(InplaceGuard.refusal(KANIKO, needs, List.of("/", "/proc")))
        .hasValueSatisfying(reason ->
            assertThat(reason).startsWith("/usr/lib/x86_64-linux-gnu/libc.so.6 is mapped"));
  }

  @Test
  void thisVeryProcessIsRefusedForItsLibrariesAreTheMachines() {
    assertThatThrownBy(new InplaceGuard(KANIKO)::allow)
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("would be removed with the root");
  }

  @Test
  void aRuntimeOfItsOwnIsFine() {
    var needs = Map.of("/kaniko/libc/libc.so.6", MAPPED, "/mnt/jars/birgus.jar", MAPPED);

    assertThat(InplaceGuard.refusal(KANIKO, needs, List.of("/", "/mnt"))).isEmpty();
  }

  @Test
  void aBuildInTheRootItselfIsRefused() {
    var all = new InplaceSettings(true, List.of(Path.of("/")));

    assertThat(InplaceGuard.refusal(all, Map.of(), List.of("/")))
        .contains("a build that reads or writes / itself leaves nothing to be emptied");
  }

  @Test
  void whatIsMountedStaysAndSoDoesWhatTheNodePutIntoEveryRoot() {
    var kept = InplaceGuard.kept(KANIKO, List.of("/", "/var/run/secrets/token", "/proc"));

    assertThat(kept.places())
        .containsExactly(
            "/dev",
            "/etc/hostname",
            "/etc/hosts",
            "/etc/resolv.conf",
            "/kaniko",
            "/proc",
            "/sys",
            "/var/run/secrets/token",
            "/workspace");
  }
}
