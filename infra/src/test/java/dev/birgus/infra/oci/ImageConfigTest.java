package dev.birgus.infra.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ImageConfigTest {

  private static final String ODD =
      "{\"architecture\":\"arm\",\"os\":\"linux\",\"variant\":\"v7\",\"moby.x\":{\"a\":[1,null]},"
          + "\"config\":{\"Env\":[\"A=1\",\"B=x=y\",\"A=2\",\"EMPTY\"],\"Healthcheck\":"
          + "{\"StartInterval\":5},\"ArgsEscaped\":true},\"rootfs\":{\"type\":\"layers\","
          + "\"diff_ids\":[]}}";

  @Test
  void whatWeDoNotKnowSurvives() {
    var config = ImageConfig.parse(ODD.getBytes(UTF_8));
    assertThat(new String(config.toBytes(), UTF_8)).isEqualTo(ODD);

    var changed = config.with("User", Json.of("me")).withPlatform(Platform.of("linux", "arm64"));

    assertThat(new String(changed.toBytes(), UTF_8))
        .contains("\"moby.x\":{\"a\":[1,null]}", "\"StartInterval\":5", "\"User\":\"me\"")
        .doesNotContain("variant");
  }

  @Test
  void theLaterOfTwoVariablesWins() {
    var env = ImageConfig.parse(ODD.getBytes(UTF_8)).env();
    assertThat(env).containsEntry("A", "2").containsEntry("B", "x=y").containsEntry("EMPTY", "");
    assertThat(env.keySet()).containsExactly("A", "B", "EMPTY");
    var again = ImageConfig.scratch(Platform.of("linux", "amd64")).withEnv(env);
    assertThat(again.env()).isEqualTo(new LinkedHashMap<>(env));
  }

  @Test
  void aFinishedConfigurationNamesItsLayers() {
    var digest = Digest.sha256(new byte[0]);
    var config =
        ImageConfig.scratch(Platform.parse("linux/arm/v7"))
            .finished(List.of(digest), List.of(Json.Obj.EMPTY), "2026-01-01T00:00:00Z");
    assertThat(config.diffIds()).containsExactly(digest);
    assertThat(config.history()).hasSize(1);
    assertThat(config.platform()).contains(Platform.parse("linux/arm/v7"));
    assertThat(config.workingDirectory()).isEqualTo("/");
    assertThat(ImageConfig.parse(config.toBytes())).isEqualTo(config);
  }

  @Test
  void unknownMembersOfManifestAndDescriptorSurvive() {
    var text =
        "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
            + "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"size\":2,"
            + "\"digest\":\""
            + Digest.sha256(new byte[0])
            + "\",\"data\":\"e30=\"},\"layers\":[],\"subject\":{\"x\":1},"
            + "\"annotations\":{\"k\":\"v\"}}";
    var manifest = Manifest.parse(text.getBytes(UTF_8), MediaType.DOCKER_MANIFEST);
    assertThat(new String(manifest.toBytes(), UTF_8)).isEqualTo(text);
    assertThat(manifest.annotations()).containsEntry("k", "v");
    assertThat(manifest.mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
  }
}
