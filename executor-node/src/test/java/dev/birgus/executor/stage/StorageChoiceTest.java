package dev.birgus.executor.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.executor.files.OverlayMount;
import dev.birgus.executor.files.Overlays;
import dev.birgus.executor.run.Rung;
import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageChoiceTest {

  @TempDir Path folder = Path.of("");
  private final List<StorageDecision> told = new ArrayList<>();
  private int mounts;

  /** A kernel that mounts nothing. */
  private final class Refusing implements Overlays {
    @Override
    public OverlayMount mount(List<Path> lower, Path work) {
      mounts++;
      throw Failure.of("overlay-refused", "Operation not permitted.", "").toException();
    }

    @Override
    public OverlayMount mountReadOnly(List<Path> lower, Path work) {
      throw new AssertionError("what is probed can be written to");
    }
  }

  private StorageChoice choice(RootStorage wanted) {
    return new StorageChoice(wanted, new Refusing(), folder, told::add);
  }

  @Test
  void treesAreTakenWhereNoOverlayCanBeMountedWhichIsTriedOnce() throws IOException {
    var choice = choice(RootStorage.AUTO);

    var expected = new StorageDecision(RootStorage.TREE, "Operation not permitted.");
    assertThat(choice.decide()).isEqualTo(expected);
    assertThat(choice.decide()).isEqualTo(expected);
    assertThat(told).containsExactly(expected);
    assertThat(mounts).isEqualTo(1);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatIsAskedForIsNotTried() throws IOException {
    assertThat(choice(RootStorage.OVERLAY).decide().storage()).isEqualTo(RootStorage.OVERLAY);
    assertThat(choice(RootStorage.TREE).decide().storage()).isEqualTo(RootStorage.TREE);
    assertThat(mounts).isZero();
  }

  @Test
  void aRungThatMountsNothingGetsTreesWithoutTrying() throws IOException {
    var choice =
        new StorageChoice(
            RootStorage.AUTO, Optional.of(Rung.CHROOT), new Refusing(), folder, told::add);

    assertThat(choice.decide().storage()).isEqualTo(RootStorage.TREE);
    assertThat(choice.decide().reason()).contains("chroot");
    assertThat(mounts).isZero();
  }

  @Test
  void overlaysAreRefusedOnARungThatMountsNothing() {
    for (var rung : Rung.values()) {
      ThrowingCallable choose =
          () ->
              new StorageChoice(
                  RootStorage.OVERLAY, Optional.of(rung), new Refusing(), folder, told::add);
      if (rung.mounts()) {
        assertThatNoException().isThrownBy(choose);
      } else {
        assertThatThrownBy(choose).hasMessageContaining(rung.label());
      }
    }
  }
}
