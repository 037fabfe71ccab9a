package dev.birgus.infra.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.Platform;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdmissionRulesTest {

  private static final AdmissionRules RULES =
      new AdmissionRules(
          false,
          Set.of(),
          Set.of(),
          Duration.ofHours(1),
          Map.of(
              Platform.parse("linux/arm64"), "arm",
              Platform.parse("linux/arm/v6"), "old-arm"));

  @Test
  void aBuildThatNamesNoPoolGoesToThatOfItsPlatform() {
    assertThat(poolOf("linux/arm64", "default")).isEqualTo("arm");
    assertThat(poolOf("linux/arm64/v9", "default")).isEqualTo("arm");
    assertThat(poolOf("linux/arm/v6", "default")).isEqualTo("old-arm");
    assertThat(poolOf("linux/arm/v7", "default")).isEqualTo("default");
    assertThat(poolOf("linux/amd64", "default")).isEqualTo("default");
  }

  @Test
  void aBuildThatNamesAPoolGoesThere() {
    assertThat(poolOf("linux/arm64", "large")).isEqualTo("large");
  }

  private static String poolOf(String platform, String asked) {
    var admitted = RULES.admit(request(platform, asked));
    assertThat(RULES.admit(admitted)).as("let in once more").isEqualTo(admitted);
    return admitted.scheduling().pool();
  }

  private static BuildRequest request(String platform, String pool) {
    return new BuildRequest(
            new BuildRequest.Dockerfile("Dockerfile", "FROM scratch\n"),
            ContextRef.inBlob(Digest.sha256(new byte[0])),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            Platform.parse(platform),
            List.of(),
            List.of(),
            new BuildOptions(Optional.empty(), LayerCompression.DEFAULT, false, Map.of()))
        .with(new Scheduling("", 0, Optional.empty(), Optional.empty(), pool, true));
  }
}
