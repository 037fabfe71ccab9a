package dev.birgus.executor.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrivilegesTest {

  @Test
  void anOrdinaryUserHasNothingOfWhatIsNeeded() throws IOException {
    var privileges =
        Privileges.parse(
            List.of("Name:\tjava", "Uid:\t0\t1000\t1000\t1000", "CapEff:\t0000000000000000"));

    assertThat(privileges.user()).isEqualTo(1000);
    assertThat(privileges.missing(true))
        .containsExactly("CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SYS_ADMIN");
  }

  @Test
  void rootInAnOrdinaryContainerMayNotMount() throws IOException {
    var privileges = Privileges.parse(List.of("Uid:\t0\t0\t0\t0", "CapEff:\t00000000a80425fb"));

    assertThat(privileges.missing(true)).containsExactly("CAP_SYS_ADMIN");
  }

  @Test
  void whoMayDoEverythingMissesNothing() throws IOException {
    assertThat(
            Privileges.parse(List.of("CapEff:\t000001ffffffffff", "Uid:\t0\t0\t0\t0"))
                .missing(true))
        .isEmpty();
  }

  @Test
  void aStatusThatTellsNothingIsNotTakenForPermission() {
    assertThatThrownBy(() -> Privileges.parse(List.of())).isInstanceOf(IOException.class);
  }
}
