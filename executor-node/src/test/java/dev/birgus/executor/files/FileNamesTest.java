package dev.birgus.executor.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FileNamesTest {

  @Test
  void everyNameComesBackByteByByte() {
    var random = new Random(7);
    for (var i = 0; i < 20_000; i++) {
      var bytes = new byte[random.nextInt(12)];
      random.nextBytes(bytes);
      assertThat(FileNames.encode(FileNames.decode(bytes))).isEqualTo(bytes);
    }
  }

  @Test
  void validTextIsItself() {
    for (var text : new String[] {"", "a", "é", "€", "\ud83d\ude00", "\u07ff\u0800\uffff"}) {
      assertThat(FileNames.decode(text.getBytes(UTF_8))).isEqualTo(text);
      assertThat(FileNames.encode(text)).isEqualTo(text.getBytes(UTF_8));
    }
  }

  @Test
  void overlongFormsAndSurrogatesAreBytes() {
    var bytes = new byte[] {(byte) 0xc0, (byte) 0x80, (byte) 0xed, (byte) 0xa0, (byte) 0x80};
    assertThat(FileNames.decode(bytes)).isEqualTo("\udcc0\udc80\udced\udca0\udc80");
  }

  @Test
  void aLoneSurrogateIsNoName() {
    assertThatThrownBy(() -> FileNames.encode("\ud800x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theOrderIsThatOfTheBytes() {
    var random = new Random(8);
    for (var i = 0; i < 20_000; i++) {
      var a = new byte[random.nextInt(6)];
      var b = new byte[random.nextInt(6)];
      random.nextBytes(a);
      random.nextBytes(b);
      var byBytes = Integer.signum(Arrays.compareUnsigned(a, b));
      var byText = FileNames.BY_BYTES.compare(FileNames.decode(a), FileNames.decode(b));
      assertThat(Integer.signum(byText)).isEqualTo(byBytes);
    }
  }
}
