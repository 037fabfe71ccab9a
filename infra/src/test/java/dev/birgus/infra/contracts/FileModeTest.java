package dev.birgus.infra.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileModeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "755 600 755",
        "0 777 0",
        "7777 0 7777",
        "u+x 644 744",
        "+x 644 755",
        "a+x 644 755",
        "go-rwx 755 700",
        "go= 755 700",
        "go=r 755 744",
        "u=rw,g=r,o= 777 640",
        "u=rwX,go=rX 600 644",
        "u=rwX,go=rX 700 755",
        "g=u 640 660",
        "o=g,u-w 752 555",
        "u+s,g+s 755 6755",
        "+t 755 1755",
        "a=rwx 6755 777",
        "u+x-w 644 544",
        "g+s 644 2644",
        "o+s 644 644",
        "= 777 0"
      })
  void aFileGetsTheModeChmodWouldGiveIt(String text, String before, String after) {
    var mode = FileMode.parse(text).apply(Integer.parseInt(before, 8), false);

    assertThat(Integer.toOctalString(mode)).isEqualTo(after);
  }

  @Test
  void ofADirectoryACapitalXIsAnX() {
    assertThat(FileMode.parse("go=rX").apply(0700, true)).isEqualTo(0755);
    assertThat(FileMode.parse("go=rX").apply(0600, true)).isEqualTo(0655);
  }

  @ParameterizedTest
  @CsvSource({"8", "77777", "0888", "u", "u+y", "ux", "+q", "u+x;", "'u+x,'", "u+rg", "''", "-1"})
  void whatChmodDoesNotKnowIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> FileMode.parse(text));
  }
}
