package dev.birgus.ingest.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.FailureException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContextSourceTest {

  private static final Path HERE = Path.of("/here");

  @Test
  void aPathIsADirectoryUsedWhereItIs() {
    assertThat(ContextSource.parse("/workspace/", HERE))
        .isEqualTo(new ContextSource.Directory(Path.of("/workspace")));
    assertThat(ContextSource.parse("sub/../app", HERE))
        .isEqualTo(new ContextSource.Directory(Path.of("/here/app")));
    assertThat(ContextSource.parse("dir://app", HERE))
        .isEqualTo(new ContextSource.Directory(Path.of("/here/app")));
    assertThat(ContextSource.parse("dir:///app", HERE))
        .isEqualTo(new ContextSource.Directory(Path.of("/app")));
  }

  @Test
  void aTarIsAFileOrStandardInput() {
    assertThat(ContextSource.parse("tar://x.tar.gz", HERE))
        .isEqualTo(new ContextSource.TarFile(Path.of("/here/x.tar.gz")));
    assertThat(ContextSource.parse("tar://stdin", HERE))
        .isEqualTo(new ContextSource.TarOnStandardInput());
    assertThat(ContextSource.parse("-", HERE)).isEqualTo(new ContextSource.TarOnStandardInput());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gs://b/x", "s3://b/x", "git://h/x", "https://h/x.tar.gz"})
  void whatIsNotThereYetIsRefusedByName(String value) {
    assertThatThrownBy(() -> ContextSource.parse(value, HERE))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("not supported yet")
        .hasMessageContaining(value.substring(0, value.indexOf("://") + 3));
  }

  @Test
  void anUnknownPrefixGetsTheListOfPrefixes() {
    assertThatThrownBy(() -> ContextSource.parse("http://user:secret@host/x", HERE))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining(
            "unknown build context prefix provided, please use one of the following: gs://,"
                + " dir://, tar://, s3://, git://, https://")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "dir://", "tar://"})
  void anEmptyPathIsRefused(String value) {
    assertThatThrownBy(() -> ContextSource.parse(value, HERE))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("names no path");
  }
}
